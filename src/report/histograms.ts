import { catalog, type MetricName, recordedUnits } from '../metrics/catalog.js';
import { formatLeftOut } from '../metrics/format.js';
import { BucketCounts, decodeHistogram, MergedTrend } from '../metrics/histogram.js';
import type { TrendSummary } from '../metrics/totals.js';
import type { Report, TimelineWindow } from './report.js';
import type { TrendReport } from './scope.js';

/** A trend of a report with every percentile that it has, as it was when the report was made. In the metric's unit. */
export function readTrend(metric: MetricName, { histogram, unansweredHistogram }: TrendReport): TrendSummary {
  return new MergedTrend(decodeHistogram(histogram), waitsOf(unansweredHistogram), recordedUnits(metric));
}

function waitsOf(histogram: string | null): BucketCounts {
  return histogram === null ? new BucketCounts() : decodeHistogram(histogram);
}

/** The answered values that arrived in a window, in the metric's unit; undefined where there are none. `key` is of `windowKeys`. */
export function readWindow({ histograms }: TimelineWindow, key: string): TrendSummary | undefined {
  const histogram = histograms[key];
  if (histogram === undefined) return undefined;
  return new MergedTrend(decodeHistogram(histogram), new BucketCounts(), recordedUnits(metricOf(key)));
}

/** How many values of a window were never answered; null in a report that does not say. */
export function unansweredOf({ unanswered }: TimelineWindow, key: string): number | null {
  return unanswered === undefined ? null : (unanswered[key] ?? 0);
}

/** What the histograms of all windows leave out, in words; empty where that is nothing. */
export function leftOut({ timeline }: Report, key: string): string {
  const counts = timeline.map((window) => unansweredOf(window, key));
  if (counts.includes(null)) return 'all unanswered left out';
  return formatLeftOut(counts.reduce<number>((sum, count) => sum + (count ?? 0), 0));
}

/** What the windows of the time line tell of, in the order in which it first comes; without metrics that a later version added. */
export function windowKeys({ timeline }: Report): string[] {
  const keys = new Set(
    timeline.flatMap(({ histograms, unanswered = {} }) => [...Object.keys(histograms), ...Object.keys(unanswered)]),
  );
  return [...keys].filter((key) => Object.hasOwn(catalog, metricOf(key)));
}

/** Of `response_time{arrival:"open"}` the name. */
export function metricOf(key: string): MetricName {
  return key.split('{', 1)[0] as MetricName;
}
