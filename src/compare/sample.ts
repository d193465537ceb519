import { recordedUnits, type SeriesId, seriesKey } from '../metrics/catalog.js';
import { BucketCounts, decodeHistogram, MergedTrend } from '../metrics/histogram.js';
import type { Report } from '../report/report.js';
import { selectedValues } from '../report/selection.js';
import type { Quantity } from './goal.js';
import { valuesNeeded } from './sections.js';

/** What one run says of one quantity. */
export interface Sample {
  /** In the metric's unit. */
  readonly value: number;
  /** It falls among values that never came: the truth is this or more. */
  readonly atLeast: boolean;
  /** What it may truly be where every contaminated value owes all to a saturated generator. The value itself where the generator kept up. */
  readonly lowest: number;
  /** Where the percentile stands among the answered values alone. Of no use where it is a lower bound. */
  readonly answeredPercentile: number;
  /** Why the number means little, as a sentence about its run; undefined where it is sound. */
  readonly doubt: string | undefined;
}

/** Undefined where the run has no value of it at all. */
export function sampleOf(report: Report, { metric, tags, percentile }: Quantity): Sample | undefined {
  const trend = trendOf(report, { metric, tags });
  const total = trend.count + trend.unanswered;
  if (total === 0) return undefined;
  const { value, atLeast } = trend.percentile(percentile);
  const { verdict, contaminatedShare } = report.generator;
  return {
    value,
    atLeast,
    lowest: verdict === 'saturated' ? trend.percentile(Math.max(0, percentile - 100 * contaminatedShare)).value : value,
    // Below a lower bound all values were answered: the unanswered stand beyond the percentile.
    answeredPercentile: (percentile * total) / trend.count,
    doubt: doubtOf(total, percentile, value),
  };
}

function doubtOf(total: number, percentile: number, value: number): string | undefined {
  const needed = valuesNeeded(percentile);
  if (total < needed) return `too few values: p(${percentile}) needs at least ${needed} in a run`;
  return value === 0 ? 'the value is 0, and nothing is a multiple of that' : undefined;
}

/** All series of a selection in one. */
function trendOf(report: Report, selection: SeriesId): MergedTrend {
  const { answered, unanswered } = selectedValues(report, selection);
  return new MergedTrend(answered, unanswered, recordedUnits(selection.metric));
}

/** The answered values of each window of the measured time, in the order of time; undefined where the report's windows do not keep them. */
export function windowsOf({ timeline, durations }: Report, selection: SeriesId): readonly BucketCounts[] | undefined {
  const key = seriesKey(selection);
  const { measuredFromMs, measuredMs } = durations;
  const measured = timeline.filter(({ atMs, widthMs }) => {
    const middleMs = atMs + widthMs / 2;
    return middleMs >= measuredFromMs && middleMs < measuredFromMs + measuredMs;
  });
  if (!measured.some(({ histograms }) => key in histograms)) return undefined;
  return measured.map(({ histograms }) => {
    const histogram = histograms[key];
    return histogram === undefined ? new BucketCounts() : decodeHistogram(histogram);
  });
}
