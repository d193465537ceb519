import type { MetricName, TagName, Tags } from '../metrics/catalog.js';
import type { Scope, Totals, TrendSummary } from '../metrics/totals.js';

/** A trend of the measured window once it has values, of the whole run before; with how long that was. */
export function trendOf(
  totals: Totals,
  metric: MetricName,
  tags: Tags,
): { readonly trend: TrendSummary; readonly scope: Scope; readonly ms: number } | undefined {
  const measured = totals.trend(metric, tags, 'measured');
  if (measured !== undefined) return { trend: measured, scope: 'measured', ms: totals.measuredMs };
  const whole = totals.trend(metric, tags, 'wholeRun');
  return whole === undefined ? undefined : { trend: whole, scope: 'wholeRun', ms: totals.wholeRunMs };
}

/** The values of one of a metric's tags, in the order in which they came up. */
export function valuesOf(totals: Totals, metric: MetricName, tag: TagName): string[] {
  return [...new Set(totals.series(metric).map(({ tags }) => tags[tag] ?? ''))];
}

/** A metric's whole-run counts by the values of one of its tags. */
export function countsBy(totals: Totals, metric: MetricName, tag: TagName): Map<string, number> {
  const values = valuesOf(totals, metric, tag);
  return new Map(values.map((value) => [value, totals.counter(metric, { [tag]: value }, 'wholeRun')]));
}
