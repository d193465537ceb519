import type { SteeringState } from '../control/messages.js';
import type { Clock } from '../core/index.js';
import type { Totals } from '../metrics/totals.js';
import type { RunEvent, ThresholdResult, WorkerResult } from './run-result.js';
import type { KeptSample } from './sample-book.js';
import type { Steering } from './steering.js';

/** What a run tells its caller while it goes on, whenever a snapshot came or the status changed. */
export interface RunProgress {
  readonly status: 'starting' | 'connecting' | 'running' | 'draining' | 'stopping' | 'done';
  /** Plan time, which stands still while `begin: together` waits; in milliseconds. */
  readonly planMs: number;
  /** None before they are started. */
  readonly workers: readonly WorkerResult[];
  readonly totals: Totals;
  readonly thresholds: readonly ThresholdResult[];
  /** How far the run is from its plan by hand. */
  readonly steering: SteeringState;
  /** What happened, in order. */
  readonly events: readonly RunEvent[];
  /** What failed, and what bots logged: one case of each kind, in the order of their first. */
  readonly samples: Iterable<KeptSample>;
}

export interface RunOptions {
  /** Worker processes; by default as many as the cores and the clients call for. */
  readonly workers: number;
  /** Aborting it stops gracefully: no more sends, what is under way is heard, the result is complete. */
  readonly stop?: AbortSignal;
  /** Aborting it ends the run at once. */
  readonly abort?: AbortSignal;
  /** Pauses and scales the sends, adds and removes clients while the run goes on. */
  readonly steering?: Steering;
  /** A run whose generator was saturated has that outcome. */
  readonly strict?: boolean;
  /** Where it throws, the run is ended at once, and rejects with what was thrown. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Hears, before anything is started, what may not work; the events of the result have it too. */
  readonly onWarning?: (message: string) => void;
  readonly clock?: Clock;
}
