import type { SeriesId } from './catalog.js';
import type { Totals, TrendSummary } from './totals.js';
import { ownTimes } from './windows.js';

/** How the first third of the measured window compares with the last, at the median. */
export interface Steadiness {
  /** What was compared. */
  readonly of: SeriesId;
  readonly steady: boolean;
  readonly firstThirdP50Ms: number;
  readonly lastThirdP50Ms: number;
}

/** Medians that differ by more than this share of the smaller one … */
const tolerance = 0.1;
/** … and by more than chance: so many standard errors of a median's rank, √n ÷ 2, to either side. */
const standardErrors = 2;

/** Of the first of the own times that there is; null where a third has no values. */
export function steadinessOf(totals: Totals): Steadiness | null {
  const { measuredFromMs, measuredMs } = totals;
  const measuredToMs = measuredFromMs + measuredMs;
  for (const of of ownTimes) {
    const first = totals.trendIn(of, { fromMs: measuredFromMs, toMs: measuredFromMs + measuredMs / 3 });
    const last = totals.trendIn(of, { fromMs: measuredFromMs + (measuredMs * 2) / 3, toMs: measuredToMs });
    if (first === undefined || last === undefined) continue;
    const firstThirdP50Ms = first.percentile(50).value;
    const lastThirdP50Ms = last.percentile(50).value;
    const [less, more] = [firstThirdP50Ms, lastThirdP50Ms].sort((a, b) => a - b) as [number, number];
    const steady = more <= less * (1 + tolerance) || overlap(medianRange(first), medianRange(last));
    return { of, steady, firstThirdP50Ms, lastThirdP50Ms };
  }
  return null;
}

/** Between which two values the true median lies, but for chance. */
function medianRange(trend: TrendSummary): readonly [number, number] {
  const reach = (100 * standardErrors) / (2 * Math.sqrt(trend.count));
  return [trend.percentile(Math.max(0, 50 - reach)).value, trend.percentile(Math.min(100, 50 + reach)).value];
}

function overlap(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] <= b[1] && b[0] <= a[1];
}
