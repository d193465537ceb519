import { catalog, type MetricName, recordedUnits } from '../metrics/catalog.js';
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

/** What the windows of the time line keep histograms of, in the order in which they first come; without metrics that a later version added. */
export function windowKeys({ timeline }: Report): string[] {
  const keys = new Set(timeline.flatMap(({ histograms }) => Object.keys(histograms)));
  return [...keys].filter((key) => Object.hasOwn(catalog, metricOf(key)));
}

/** Of `response_time{arrival:"open"}` the name. */
export function metricOf(key: string): MetricName {
  return key.split('{', 1)[0] as MetricName;
}
