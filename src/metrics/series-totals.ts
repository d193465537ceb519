import { type MetricName, type Phase, recordedUnits, type SeriesId } from './catalog.js';
import { BucketCounts, MergedTrend } from './histogram.js';
import { LatestSeconds } from './latest.js';
import { slotOf, slotsPerSeries } from './snapshot-codec.js';
import type { Scope, SeriesPhase, TrendSummary } from './totals.js';

export const measuredPhase: Phase = 1;

export const phasesIn: Readonly<Record<Scope, readonly Phase[]>> = { measured: [measuredPhase], wholeRun: [0, 1, 2] };

/** One series, all workers together. */
export class SeriesTotals {
  readonly id: SeriesId;
  readonly key: string;
  readonly sums = new Float64Array(slotsPerSeries);
  readonly buckets = Array.from({ length: slotsPerSeries }, () => new BucketCounts());
  /** What counts, second by second. */
  readonly latest = new LatestSeconds();

  /** It is of clients with faults, and in no sum. */
  readonly apart: boolean;
  /** The numbers of the histograms of a row that its values belong to. */
  readonly windows: readonly number[];

  constructor(id: SeriesId, key: string, apart: boolean, windows: readonly number[]) {
    this.id = id;
    this.key = key;
    this.apart = apart;
    this.windows = windows;
  }

  during(phase: Phase): SeriesPhase {
    const [counts, beside] = [slotOf(phase, 0), slotOf(phase, 1)];
    return {
      id: this.id,
      phase,
      amount: this.sums[counts]!,
      total: this.sums[beside]!,
      answered: this.buckets[counts]!,
      unanswered: this.buckets[beside]!,
    };
  }
}

export function isNothing({ amount, total, answered, unanswered }: SeriesPhase): boolean {
  return amount === 0 && total === 0 && answered.isEmpty && unanswered.isEmpty;
}

/** All values of some series in one; undefined where there are none. */
export function mergedTrend(
  metric: MetricName,
  merged: readonly SeriesTotals[],
  scope: Scope,
): TrendSummary | undefined {
  const answered = new BucketCounts();
  const unanswered = new BucketCounts();
  for (const series of merged) {
    for (const phase of phasesIn[scope]) {
      answered.addAll(series.buckets[slotOf(phase, 0)]!);
      unanswered.addAll(series.buckets[slotOf(phase, 1)]!);
    }
  }
  if (answered.isEmpty && unanswered.isEmpty) return undefined;
  return new MergedTrend(answered, unanswered, recordedUnits(metric));
}
