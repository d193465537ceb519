import { SwarmError } from '../errors.js';
import { type MetricName, recordedUnits, seriesKey } from '../metrics/catalog.js';
import { BucketCounts, toHdrHistogram } from '../metrics/histogram.js';
import { nearest } from '../nearest.js';
import { allValues } from './histograms.js';
import type { Report } from './report.js';
import type { TrendReport } from './scope.js';
import { headTime } from './time-rows.js';

/** Lines for each halving of what remains above a percentile, as the HdrHistogram tools have it. */
const ticksPerHalfDistance = 5;

/**
 * The percentiles of one metric over the measured window, as HdrHistogram prints them (`.hgrm`); times in milliseconds. The unanswered stand among
 * them with how long they were waited for. A run that measured nothing has a file without values.
 *
 * @param key names the metric, `broadcast_time` or `service_time{arrival:"closed"}`; by default what the run is about.
 * @throws SwarmError `metric-unknown` where the report has no such metric.
 */
export function renderHgrm(report: Report, key?: string): string {
  const found = key === undefined ? headTime(report) : trendOf(report, key);
  if (found === undefined) return percentilesOf(new BucketCounts(), 1);
  const { metric, trend } = found;
  const unanswered = trend.unanswered === 0 ? '' : `, ${trend.unanswered} of them unanswered: at least so much`;
  const name = seriesKey({ metric, tags: trend.tags });
  return `${percentilesOf(allValues(trend), recordedUnits(metric))}#[Metric  = ${name}${unanswered}]\n`;
}

function percentilesOf(values: BucketCounts, scale: number): string {
  const text = toHdrHistogram(values.sorted()).outputPercentileDistribution(ticksPerHalfDistance, scale);
  return `${text.trimEnd()}\n`;
}

function trendOf({ totals }: Report, key: string): { readonly metric: MetricName; readonly trend: TrendReport } {
  const { trends } = totals.measured;
  const all = (Object.keys(trends) as MetricName[]).flatMap((metric) =>
    (trends[metric]?.merged ?? []).map((trend) => ({ metric, trend, name: seriesKey({ metric, tags: trend.tags }) })),
  );
  const found = all.find(({ metric, name }) => metric === key || name === key);
  if (found !== undefined) return found;
  const names = all.map(({ name }) => name);
  const close = nearest(key, names);
  const hint = close === undefined ? `It has ${names.join(', ') || 'none'}.` : `Did you mean \`${close}\`?`;
  throw new SwarmError('metric-unknown', `The report has no percentiles of ${key}.`, { hint });
}
