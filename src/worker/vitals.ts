import { readFileSync } from 'node:fs';
import { type EventLoopUtilization, PerformanceObserver, performance } from 'node:perf_hooks';
import type { WorkerState } from '../metrics/snapshot.js';
import { residentBytes } from '../resident-memory.js';

/** What the process itself says of the interval since it was last asked. */
export type Vitals = Pick<
  WorkerState,
  'cpuUserUs' | 'cpuSystemUs' | 'rssBytes' | 'loopUtilization' | 'runQueueUs' | 'gcUs'
>;

/** Reads the vital signs of this process: CPU, and how long it waited for one, memory, and its garbage collection. */
export class VitalSigns {
  readonly #collections: PerformanceObserver;
  #gcMs = 0;
  #cpu = process.cpuUsage();
  #utilization: EventLoopUtilization = performance.eventLoopUtilization();
  #runQueueUs = readRunQueueUs();

  constructor() {
    this.#collections = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#gcMs += duration;
    });
    this.#collections.observe({ entryTypes: ['gc'] });
  }

  take(): Vitals {
    const cpu = process.cpuUsage(this.#cpu);
    const utilization = performance.eventLoopUtilization();
    const loopUtilization = performance.eventLoopUtilization(utilization, this.#utilization).utilization;
    const runQueueUs = readRunQueueUs();
    const vitals = {
      cpuUserUs: cpu.user,
      cpuSystemUs: cpu.system,
      rssBytes: residentBytes(),
      loopUtilization,
      runQueueUs: runQueueUs === null || this.#runQueueUs === null ? null : runQueueUs - this.#runQueueUs,
      gcUs: this.#gcMs * 1000,
    };
    this.#cpu = process.cpuUsage();
    this.#utilization = utilization;
    this.#runQueueUs = runQueueUs;
    this.#gcMs = 0;
    return vitals;
  }

  stop(): void {
    this.#collections.disconnect();
  }
}

/**
 * How long the main thread, ready to run, has waited for a CPU since the process began; null where the system does not say. Linux:
 * the second of the three numbers in schedstat, in nanoseconds (kernel documentation, scheduler/sched-stats).
 */
function readRunQueueUs(): number | null {
  try {
    const waitedNs = Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]);
    return Number.isFinite(waitedNs) ? waitedNs / 1000 : null;
  } catch {
    return null;
  }
}
