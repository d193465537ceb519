import type { Outcome } from '../exit-codes.js';
import type { ThresholdOutcome } from '../metrics/threshold-outcome.js';
import type { Threshold } from '../metrics/thresholds.js';
import type { Totals } from '../metrics/totals.js';
import type { Plan } from '../scenario/plan.js';

/** What a run leaves behind, as the coordinator hands it over: everything that a report is made from. */
export interface RunResult {
  readonly plan: Plan;
  /** The scenario's file as the user named it. */
  readonly scenarioFile: string;
  /** The wall clock at the run's start, ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly machine: Machine;
  readonly totals: Totals;
  readonly thresholds: readonly ThresholdResult[];
  readonly outcome: Outcome;
  readonly exitCode: number;
  readonly events: readonly RunEvent[];
  readonly errorSamples: readonly ErrorSample[];
  readonly workers: readonly WorkerResult[];
  /** The embedded server's own totals, as it printed them; null where there was none. */
  readonly server: Readonly<Record<string, unknown>> | null;
}

/** The machine that generated the load. */
export interface Machine {
  readonly hostname?: string;
  /** Operating system and architecture, `linux x64`. */
  readonly platform: string;
  readonly cpuModel: string;
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly nodeVersion: string;
}

/** Something that happened once and that a reader of the numbers must know. */
export interface RunEvent {
  /** Milliseconds since the run's start. */
  readonly atMs: number;
  readonly kind:
    | 'targetUnreachable'
    | 'targetLost'
    | 'workerLost'
    | 'stopped'
    | 'aborted'
    | 'thresholdAbort'
    | 'internal';
  readonly message: string;
}

/** A threshold, and what it was held against. */
export interface ThresholdResult extends ThresholdOutcome {
  readonly threshold: Threshold;
}

/** One kind of failure, how often it came, and the words of one case. */
export interface ErrorSample {
  /** The metric that counts it and the value of its tag, as in `connect_failures ECONNREFUSED`. */
  readonly kind: string;
  readonly message: string;
  readonly count: number;
}

export interface WorkerResult {
  readonly index: number;
  readonly pid: number;
  readonly lost: boolean;
  /** The clients that were its share. */
  readonly clients: number;
}
