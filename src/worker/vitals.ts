import { type EventLoopUtilization, type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { WorkerState } from '../metrics/snapshot.js';

/** How often the event loop's delay is sampled. The monitor counts this wait as delay, so it is taken off again. */
const resolutionMs = 10;

/** What the process itself says of the interval since it was last asked. */
export type Vitals = Pick<WorkerState, 'cpuUserUs' | 'cpuSystemUs' | 'rssBytes' | 'loopUtilization' | 'loopDelayMaxMs'>;

/** Reads the vital signs of this process: CPU, memory, and how late its event loop was. */
export class VitalSigns {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });
  #cpu = process.cpuUsage();
  #utilization: EventLoopUtilization = performance.eventLoopUtilization();

  constructor() {
    this.#delay.enable();
  }

  take(): Vitals {
    const cpu = process.cpuUsage(this.#cpu);
    const utilization = performance.eventLoopUtilization();
    const loopUtilization = performance.eventLoopUtilization(utilization, this.#utilization).utilization;
    // Without a sample in the interval the histogram's maximum is 0.
    const loopDelayMaxMs = Math.max(0, this.#delay.max / 1e6 - resolutionMs);
    this.#cpu = process.cpuUsage();
    this.#utilization = utilization;
    this.#delay.reset();
    return {
      cpuUserUs: cpu.user,
      cpuSystemUs: cpu.system,
      rssBytes: process.memoryUsage.rss(),
      loopUtilization,
      loopDelayMaxMs,
    };
  }

  stop(): void {
    this.#delay.disable();
  }
}
