export type { ErrorSample } from '../control/messages.js';

import type { ErrorSample } from '../control/messages.js';
import type { Outcome } from '../exit-codes.js';
import type { PlayedStage } from '../load/timeline.js';
import type { ThresholdOutcome } from '../metrics/threshold-outcome.js';
import type { Threshold } from '../metrics/thresholds.js';
import type { Totals } from '../metrics/totals.js';
import type { Plan } from '../scenario/plan.js';
import type { ClockOffset } from './clock-exchange.js';
import type { SteeredAction } from './steering.js';

/** What a run comes to: all that the report, the exit code and the library's caller need. */
export interface RunResult {
  readonly plan: Plan;
  readonly totals: Totals;
  readonly thresholds: readonly ThresholdResult[];
  /** Names the exit code; see `exit-codes.ts`. */
  readonly outcome: Outcome;
  /** The stages of the load in run time, also those that were to come when it ended early. */
  readonly stages: readonly PlayedStage[];
  readonly events: readonly RunEvent[];
  /** What the user did to the run while it went on, in order: where there is anything, the load was not the plan's. */
  readonly steered: readonly SteeredAction[];
  readonly errorSamples: readonly ErrorSample[];
  readonly workers: readonly WorkerResult[];
  /** The numbers of the clients that were connected at the end and whose last sends had no effect, in order. */
  readonly silentClients: readonly number[];
  /** The embedded server's own totals; null where there was none, or where it was lost. */
  readonly server: Readonly<Record<string, unknown>> | null;
}

/** A threshold, and what it was held against. */
export interface ThresholdResult extends ThresholdOutcome {
  readonly threshold: Threshold;
}

/** Something that happened once and that a reader of the numbers must know. */
export interface RunEvent {
  /** Milliseconds since the run's start. */
  readonly atMs: number;
  readonly kind:
    | 'warning'
    | 'targetUnreachable'
    | 'targetLost'
    | 'workerLost'
    | 'stopped'
    | 'aborted'
    | 'thresholdAbort'
    | 'steered'
    | 'internal';
  readonly message: string;
}

export interface WorkerResult {
  readonly index: number;
  readonly pid: number;
  readonly lost: boolean;
  /** The clients that were its share. */
  readonly clients: number;
  readonly clock: WorkerClock;
}

/** A worker's clock against the coordinator's. */
export interface WorkerClock {
  /** Null where the worker was gone, or did not answer within 5 s. */
  readonly atStart: ClockOffset | null;
  readonly atEnd: ClockOffset | null;
  /** What was added to the agreed start for this worker: 0 where its clock was right. */
  readonly correctedUs: number;
}
