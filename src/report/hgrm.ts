import { SwarmError } from '../errors.js';
import { type MetricName, recordedUnits, seriesKey } from '../metrics/catalog.js';
import { toHdrHistogram } from '../metrics/histogram.js';
import { nearest } from '../nearest.js';
import { allValues } from './histograms.js';
import type { Report } from './report.js';
import type { TrendReport } from './scope.js';
import { headTime } from './time-rows.js';

/** Lines for each halving of what remains above a percentile, as the HdrHistogram tools have it. */
const ticksPerHalfDistance = 5;

/**
 * The percentiles of one metric over the measured window, as HdrHistogram prints them (`.hgrm`); times in milliseconds. The unanswered stand among
 * them with how long they were waited for.
 *
 * @param key names the metric, `broadcast_time` or `service_time{arrival:"closed"}`; by default what the run is about.
 * @throws SwarmError `metric-unknown` where the report has no such metric.
 */
export function renderHgrm(report: Report, key?: string): string {
  const { metric, trend } = trendFor(report, key);
  const distribution = allValues(trend).sorted();
  const text = toHdrHistogram(distribution).outputPercentileDistribution(ticksPerHalfDistance, recordedUnits(metric));
  const unanswered = trend.unanswered === 0 ? '' : `, ${trend.unanswered} of them unanswered: at least so much`;
  return `${text.trimEnd()}\n#[Metric  = ${seriesKey({ metric, tags: trend.tags })}${unanswered}]\n`;
}

function trendFor(report: Report, key: string | undefined): { metric: MetricName; trend: TrendReport } {
  const head = headTime(report);
  if (key === undefined && head !== undefined) return head;
  const { trends } = report.totals.measured;
  const all = (Object.keys(trends) as MetricName[]).flatMap((metric) =>
    (trends[metric]?.merged ?? []).map((trend) => ({ metric, trend })),
  );
  const named = all.find(({ metric, trend }) =>
    [metric, seriesKey({ metric, tags: trend.tags })].includes(key as string),
  );
  if (named !== undefined) return named;
  const keys = all.map(({ metric, trend }) => seriesKey({ metric, tags: trend.tags }));
  const close = key === undefined ? undefined : nearest(key, keys);
  const hint = close === undefined ? `It has ${keys.join(', ') || 'none'}.` : `Did you mean ${close}?`;
  throw new SwarmError('metric-unknown', `The report has no percentiles${key === undefined ? '' : ` of ${key}`}.`, {
    hint,
  });
}
