import type { Stage } from '../load/stages.js';
import type { ThresholdOutcome } from '../metrics/threshold-outcome.js';
import type { Threshold } from '../metrics/thresholds.js';
import type { Totals } from '../metrics/totals.js';

export type RunStatus = 'starting' | 'connecting' | 'running' | 'draining' | 'stopping' | 'done';

/** What the dashboard is drawn from: facts of the run at one moment, nothing about the terminal. */
export interface DashboardInput {
  readonly title: string;
  /** As the user would write it, `127.0.0.1:7777` or `embedded:chat`. */
  readonly target: string;
  readonly status: RunStatus;
  /** What happened, in order: a lost worker, why the run is stopping. */
  readonly events: readonly EventFacts[];
  /** What failed, and what bots logged: one case of each kind, in the order of their first. */
  readonly samples: Iterable<SampleFacts>;
  readonly stages: readonly Stage[];
  /** Plan time, in which the stages are written; it stands still while `begin: together` waits. */
  readonly planMs: number;
  readonly warmupMs: number;
  /** None before they are started. */
  readonly workers: readonly WorkerFacts[];
  readonly totals: Totals;
  readonly thresholds: readonly ThresholdStatus[];
  /** What the user has changed of the plan by hand; absent where a run cannot be steered. */
  readonly steering?: Steering;
}

export interface ThresholdStatus extends ThresholdOutcome {
  readonly threshold: Threshold;
}

export interface EventFacts {
  /** Milliseconds since the run's start. */
  readonly atMs: number;
  readonly kind: string;
  readonly message: string;
}

export interface SampleFacts {
  /** The metric that counts it and the value of its tag, `disconnects reset`; `log …` and `bot …` for what bots say and throw. */
  readonly kind: string;
  readonly count: number;
  /** Milliseconds since the run's start. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly lastMessage: string;
}

export interface WorkerFacts {
  readonly index: number;
  readonly pid: number;
  readonly lost: boolean;
  /** How far its clock was ahead of ours when the run began; null where that could not be measured. */
  readonly clock: { readonly atStart: { readonly offsetUs: number; readonly errorUs: number } | null };
}

export interface Steering {
  readonly paused: boolean;
  /** 1 is the plan's. */
  readonly rateFactor: number;
  /** Clients more than the plan's, or fewer. */
  readonly clientsBy: number;
}

/** The terminal as it is now. */
export interface Surface {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  /** False where the terminal cannot be trusted with more than ASCII. */
  readonly unicode: boolean;
  /** Whether keys reach the dashboard. */
  readonly keys: boolean;
}
