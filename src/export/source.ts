import type { Clock } from '../core/index.js';
import type { Totals } from '../metrics/totals.js';

/** What the numbers are of. */
export interface RunInfo {
  readonly scenario: string;
  /** Of swarm. */
  readonly version: string;
}

/** What every export reads from. */
export interface Source {
  readonly info: RunInfo;
  /** The run's totals; undefined where there are none yet. */
  readonly totals: () => Totals | undefined;
  readonly clock: Clock;
}
