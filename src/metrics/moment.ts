import type { PeriodTally } from './neighbours.js';
import type { SeriesTotals } from './series-totals.js';
import { partOf } from './snapshot-codec.js';
import type { Slot } from './timeline.js';

/** Where in the run something counts, beside its series. */
export interface Moment {
  readonly slot: Slot;
  readonly period: PeriodTally | undefined;
  /** The last of the seconds that it came in, and how many those are. */
  readonly last: number;
  readonly seconds: number;
}

/** Adds to a series, and to the moment of the run, where it belongs to it. */
export function addAmount(
  series: SeriesTotals,
  at: number,
  amount: number,
  { slot, period, last, seconds }: Moment,
): void {
  series.sums[at]! += amount;
  if (!series.apart) period?.count(series.id, at, amount);
  if (partOf(at) !== 0) return;
  series.latest.add(last, amount, seconds);
  if (!series.apart) slot.add(series.id, amount);
}
