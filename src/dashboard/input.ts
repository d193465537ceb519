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
  /** One sentence that matters now: a lost worker, why the run is stopping. */
  readonly message?: string;
  readonly stages: readonly Stage[];
  /** Plan time, in which the stages are written; it stands still while `begin: together` waits. */
  readonly planMs: number;
  readonly warmupMs: number;
  readonly workers: number;
  readonly totals: Totals;
  readonly thresholds: readonly ThresholdStatus[];
}

export interface ThresholdStatus extends ThresholdOutcome {
  readonly threshold: Threshold;
}

/** The terminal as it is now. */
export interface Surface {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  /** False where the locale is not UTF-8: the frame is then drawn in ASCII. */
  readonly unicode: boolean;
  /** Whether keys reach the dashboard. */
  readonly keys: boolean;
}
