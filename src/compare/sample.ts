import { highestIn } from '../metrics/buckets.js';
import { catalog, type SeriesId, seriesKey, type Tags } from '../metrics/catalog.js';
import { BucketCounts, decodeHistogram } from '../metrics/histogram.js';
import { selects } from '../metrics/windows.js';
import type { Report } from '../report/report.js';
import type { TrendReport } from '../report/scope.js';
import type { Quantity } from './goal.js';
import { leastBeyond } from './sections.js';

/** What one run says of one quantity. */
export interface Sample {
  /** In the metric's unit. */
  readonly value: number;
  /** It falls among values that never came: the truth is this or more. */
  readonly atLeast: boolean;
  /** What it may truly be where every contaminated value owes all to the generator. The value itself where the generator kept up. */
  readonly lowest: number;
  /** Where the percentile stands among the answered values: the unanswered count as slower than all of them. 0 to 100, or more. */
  readonly answeredPercentile: number;
  /** Why the number means little, as a sentence about "its" run; undefined where it is sound. */
  readonly doubt: string | undefined;
}

/** Undefined where the run has no value of it at all. */
export function sampleOf(report: Report, { metric, tags, percentile }: Quantity): Sample | undefined {
  const trends = trendsOf(report, { metric, tags });
  const unanswered = trends.reduce((sum, trend) => sum + trend.unanswered, 0);
  const merged = new BucketCounts();
  for (const trend of trends) if (trend.count > 0) merged.addAll(decodeHistogram(trend.histogram));
  const answered = merged.sorted();
  const total = answered.total + unanswered;
  if (total === 0) return undefined;
  const scale = catalog[metric].unit === 'ms' ? 1000 : 1;
  const at = (wanted: number): number =>
    answered.total === 0 ? 0 : highestIn(answered.bucketAtPercentile(Math.min(100, wanted))) / scale;
  const toAnswered = answered.total === 0 ? Number.POSITIVE_INFINITY : total / answered.total;
  const answeredPercentile = percentile * toAnswered;
  const bound = boundOf(trends, percentile);
  const contaminated = report.generator.verdict === 'saturated' ? 100 * report.generator.contaminatedShare : 0;
  const value = Math.max(at(answeredPercentile), bound ?? 0);
  return {
    value,
    atLeast: answeredPercentile > 100 || bound !== undefined,
    lowest: contaminated === 0 ? value : at((percentile - contaminated) * toAnswered),
    answeredPercentile,
    doubt: doubtOf(total * (1 - percentile / 100), value),
  };
}

function doubtOf(beyond: number, value: number): string | undefined {
  if (beyond < leastBeyond) {
    return `it has ${Math.floor(beyond)} values beyond the percentile, and ${leastBeyond} are needed`;
  }
  return value === 0 ? 'its value is 0, and nothing is a multiple of that' : undefined;
}

/** Of the percentiles that the report gives as lower bounds, the highest that is not above this one. */
function boundOf(trends: readonly TrendReport[], percentile: number): number | undefined {
  const [only] = trends;
  if (only === undefined || trends.length > 1) return undefined;
  const given = [
    [50, only.p50],
    [90, only.p90],
    [95, only.p95],
    [99, only.p99],
    [99.9, only.p999],
  ] as const;
  return given.filter(([at, { atLeast }]) => at <= percentile && atLeast).at(-1)?.[1].value;
}

/** The trends that make up a selection: the report's own sum where it has one, else its series. */
function trendsOf(report: Report, selection: SeriesId): readonly TrendReport[] {
  const { merged, series } = report.totals.measured.trends[selection.metric] ?? { merged: [], series: [] };
  const whole = merged.find(({ tags }) => isSame(tags, selection.tags));
  if (whole !== undefined) return [whole];
  return series.filter(({ tags }) => selects(selection, { metric: selection.metric, tags }));
}

function isSame(a: Tags, b: Tags): boolean {
  return seriesKey({ metric: 'response_time', tags: a }) === seriesKey({ metric: 'response_time', tags: b });
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
