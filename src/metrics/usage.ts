import type { Snapshot } from './snapshot.js';

/** What a worker used over the whole run so far. */
export interface WorkerUsage {
  /** The time that its snapshots cover. */
  readonly wallUs: number;
  /** User and system together; twice `wallUs` is two cores. */
  readonly cpuUs: number;
  /** How much of `wallUs` the event loop was busy. */
  readonly loopBusyUs: number;
  /** The longest that the event loop was late. */
  readonly loopDelayMaxMs: number;
  /** How long it was ready to run and waited for a CPU; null where the system does not say. */
  readonly runQueueUs: number | null;
  /** What garbage collection took. */
  readonly gcUs: number;
  readonly rssMaxBytes: number;
}

/** In less time than this a share says nothing: what a process does to begin and to end would be a good part of it. */
const shortestUs = 200_000;

/** Whether the shares of `wallUs` can be told. */
export function isTelling({ wallUs }: WorkerUsage): boolean {
  return wallUs >= shortestUs;
}

const none: WorkerUsage = {
  wallUs: 0,
  cpuUs: 0,
  loopBusyUs: 0,
  loopDelayMaxMs: 0,
  runQueueUs: 0,
  gcUs: 0,
  rssMaxBytes: 0,
};

/** The usage of one more interval added. */
export function addUsage(usage: WorkerUsage = none, { fromUs, toUs, state }: Snapshot): WorkerUsage {
  return {
    wallUs: usage.wallUs + toUs - fromUs,
    cpuUs: usage.cpuUs + state.cpuUserUs + state.cpuSystemUs,
    loopBusyUs: usage.loopBusyUs + state.loopUtilization * (toUs - fromUs),
    loopDelayMaxMs: Math.max(usage.loopDelayMaxMs, state.loopDelayMaxMs),
    runQueueUs: usage.runQueueUs === null || state.runQueueUs === null ? null : usage.runQueueUs + state.runQueueUs,
    gcUs: usage.gcUs + state.gcUs,
    rssMaxBytes: Math.max(usage.rssMaxBytes, state.rssBytes),
  };
}
