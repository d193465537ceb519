import type { Phase, SeriesId } from './catalog.js';

/**
 * What a worker reports for one interval: only what changed, never samples. Plain values and byte arrays, so that any carrier can
 * take it. Series are numbered by the worker in the order it first used them; `newSeries` names those that are new in this snapshot.
 */
export interface Snapshot {
  readonly worker: number;
  /** The phase that the interval lies in; a value within may belong to an earlier one. */
  readonly phase: Phase;
  /** The interval, in microseconds since the run's start. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly newSeries: readonly SeriesId[];
  /** Deltas of counters and rates, encoded as `snapshot-codec.ts` says. */
  readonly counters: Uint8Array;
  /** Deltas of trends, likewise. */
  readonly trends: Uint8Array;
  /** Buckets of broadcasts that closed in this interval, and the bucket before which all of this worker's are closed. */
  readonly reach: readonly ReachRow[];
  readonly reachClosedBefore: number;
  /** Values clamped to the histograms' range in this interval. */
  readonly clamped: number;
  readonly state: WorkerState;
}

/**
 * What one worker knows of the broadcasts of one packet whose stamps fall into one 100 ms bucket. Copies are expected of all workers'
 * sends for all workers' eligible clients: expected = Σ sends × Σ eligible − Σ silentSends.
 */
export interface ReachRow {
  readonly packet: string;
  /** Stamped time, in units of 100 ms since the run's start. */
  readonly bucket: number;
  readonly phase: Phase;
  readonly sends: number;
  /** Sends of eligible clients that are not to hear their own. */
  readonly silentSends: number;
  readonly eligible: number;
  /** Copies that eligible clients got. */
  readonly copies: number;
  /** How long a copy was waited for. */
  readonly timeoutUs: number;
}

/** How a worker stands at the end of an interval. */
export interface WorkerState {
  /** Clients connected now. */
  readonly connected: number;
  /** The most that were connected at once in the interval. */
  readonly mostConnected: number;
  /** Connects under way. */
  readonly connecting: number;
  /** Clients that ended before the plan wanted them to: lost or failed for good. */
  readonly lost: number;
  /** Connected clients whose last sends had no visible effect: no reply, no broadcast of their own. */
  readonly silent: number;
  /** Clients that the plan may still connect, now or later (those of stages to come, those between two stays). */
  readonly expected: number;
  /** Clients of the first ramp that have not yet finished or failed their start list. */
  readonly starting: number;
  /** CPU time of the interval. */
  readonly cpuUserUs: number;
  readonly cpuSystemUs: number;
  readonly rssBytes: number;
  /** Share of the interval that the event loop was busy, 0 to 1. */
  readonly loopUtilization: number;
  /** The longest that the event loop was late in this interval. */
  readonly loopDelayMaxMs: number;
  /** How long the process was ready to run in this interval, and waited for a CPU; null where the system does not say. */
  readonly runQueueUs: number | null;
  /** Time of the interval that garbage collection took. */
  readonly gcUs: number;
}
