import { catalog, type MetricName, type SeriesId, type TagName, type Tags, type Unit } from '../metrics/catalog.js';
import type { Quantile, Scope, Totals, TrendSummary } from '../metrics/totals.js';
import { isOwnTime } from '../metrics/windows.js';

/**
 * Everything counted in one scope. A metric of which nothing was recorded is absent. What clients with faults met has series of its own,
 * and is in no total.
 */
export interface ScopeReport {
  readonly counters: Readonly<Partial<Record<MetricName, CounterReport>>>;
  readonly rates: Readonly<Partial<Record<MetricName, RateReport>>>;
  readonly trends: Readonly<Partial<Record<MetricName, TrendMetricReport>>>;
}

export interface CounterReport {
  readonly unit: Unit;
  readonly total: number;
  readonly series: readonly { readonly tags: Tags; readonly value: number }[];
}

export interface RateReport {
  readonly hits: number;
  readonly total: number;
  readonly series: readonly { readonly tags: Tags; readonly hits: number; readonly total: number }[];
}

export interface TrendMetricReport {
  /** Of all values but the histograms. */
  readonly unit: Unit;
  /** Of the encoded histograms: microseconds for trends of time. */
  readonly histogramUnit: 'us' | Exclude<Unit, 'ms'>;
  /** All series in one; where the metric has the tag `arrival`, one for open and one for closed, which are never merged. */
  readonly merged: readonly TrendReport[];
  /** Each by itself: what one holds is in no other. */
  readonly series: readonly TrendReport[];
  /**
   * For each packet, and for each kind of clients, all its series in one, open and closed apart; empty where the metric lacks the tag. A
   * broadcast that did not come is nobody's: the kinds of clients have none unanswered.
   */
  readonly byPacket: readonly TrendFigures[];
  readonly byClient: readonly TrendFigures[];
}

/** In the metric's unit. */
export interface TrendFigures {
  readonly tags: Tags;
  /** Answered values. `min` and `stdDev` are theirs, and null where there are none. */
  readonly count: number;
  /** Values that never came; they stand in the mean, the percentiles and the maximum as lower bounds. */
  readonly unanswered: number;
  readonly min: number | null;
  readonly stdDev: number | null;
  readonly mean: Quantile;
  readonly p50: Quantile;
  readonly p90: Quantile;
  readonly p95: Quantile;
  readonly p99: Quantile;
  readonly p999: Quantile;
  readonly max: Quantile;
  /**
   * What each percentile may truly be, where every contaminated value owes all to the generator: that of q less the contaminated share.
   * Only where the metric is audited, and all its series stand in one.
   */
  readonly lowerBounds?: LowerBounds;
}

export interface TrendReport extends TrendFigures {
  /** The answered values: an HDR V2 compressed histogram in base64. */
  readonly histogram: string;
  /** How long the unanswered were waited for, likewise; null where there are none. */
  readonly unansweredHistogram: string | null;
}

/** In the metric's unit. */
export interface LowerBounds {
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
}

/** All that a counter counted. */
export function totalOf({ counters }: ScopeReport, metric: MetricName): number {
  return counters[metric]?.total ?? 0;
}

/** `contaminatedShare`: that of the audit, 0 to 1; null where the scope was not audited. */
export function scopeReport(totals: Totals, scope: Scope, contaminatedShare: number | null): ScopeReport {
  const counters: Partial<Record<MetricName, CounterReport>> = {};
  const rates: Partial<Record<MetricName, RateReport>> = {};
  const trends: Partial<Record<MetricName, TrendMetricReport>> = {};
  for (const metric of Object.keys(catalog) as MetricName[]) {
    const { kind, unit } = catalog[metric];
    if (kind === 'counter') {
      const series = totals
        .series(metric)
        .map(({ tags }) => ({ tags, value: totals.counter(metric, tags, scope) }))
        .filter(({ value }) => value > 0);
      const total = totals.counter(metric, {}, scope);
      if (series.length > 0) counters[metric] = { unit, total, series };
    } else if (kind === 'rate') {
      const series = totals.series(metric).map(({ tags }) => ({ tags, ...totals.rate(metric, tags, scope) }));
      const sum = totals.rate(metric, {}, scope);
      if (series.some(({ total }) => total > 0)) rates[metric] = { ...sum, series };
    } else if (kind === 'trend') {
      const trend = trendMetricReport(totals, metric, scope, contaminatedShare);
      if (trend.series.length > 0) trends[metric] = trend;
    }
  }
  return { counters, rates, trends };
}

function trendMetricReport(
  totals: Totals,
  metric: MetricName,
  scope: Scope,
  contaminatedShare: number | null,
): TrendMetricReport {
  const { unit, tags } = catalog[metric];
  const all = totals.series(metric);
  const wholes: readonly Tags[] = (tags as readonly string[]).includes('arrival')
    ? [{ arrival: 'open' }, { arrival: 'closed' }]
    : [{}];
  const summaries = (selections: readonly Tags[]) =>
    selections.flatMap((selection) => {
      const trend = totals.trend(metric, selection, scope);
      return trend === undefined ? [] : [{ tags: selection, trend }];
    });
  const series = all.flatMap((id) => {
    const trend = totals.seriesTrend(id, scope);
    return trend === undefined ? [] : [trendReport(id.tags, trend)];
  });
  const figures = (selections: readonly Tags[]) =>
    summaries(selections).map(({ tags: selection, trend }) => trendFigures(selection, trend));
  const merged = summaries(wholes).map(({ tags: selection, trend }) => ({
    ...trendReport(selection, trend),
    ...(contaminatedShare !== null &&
      isOwnTime({ metric, tags: selection }) && { lowerBounds: lowerBounds(trend, contaminatedShare) }),
  }));
  return {
    unit,
    histogramUnit: unit === 'ms' ? 'us' : unit,
    merged,
    series,
    byPacket: figures(groups(all, 'packet')),
    byClient: figures(groups(all, 'client')),
  };
}

/** The values of one tag that there are, each with every `arrival` it comes with. */
function groups(series: readonly SeriesId[], tag: TagName): Tags[] {
  const found = new Map<string, Tags>();
  for (const {
    tags: { [tag]: value, arrival },
  } of series) {
    if (value === undefined) continue;
    found.set(JSON.stringify([value, arrival]), { [tag]: value, ...(arrival !== undefined && { arrival }) });
  }
  return [...found.values()];
}

/** A trend as reports have it: its figures for people, its histograms for whoever reckons on. */
export function trendReport(tags: Tags, trend: TrendSummary): TrendReport {
  return { ...trendFigures(tags, trend), histogram: trend.encode(), unansweredHistogram: trend.encodeUnanswered() };
}

function trendFigures(tags: Tags, trend: TrendSummary): TrendFigures {
  const ofAnswered = (value: number) => (trend.count > 0 ? value : null);
  return {
    tags,
    count: trend.count,
    unanswered: trend.unanswered,
    min: ofAnswered(trend.min),
    stdDev: ofAnswered(trend.stdDev),
    mean: trend.average(),
    p50: trend.percentile(50),
    p90: trend.percentile(90),
    p95: trend.percentile(95),
    p99: trend.percentile(99),
    p999: trend.percentile(99.9),
    max: trend.percentile(100),
  };
}

function lowerBounds(trend: TrendSummary, share: number): LowerBounds {
  const at = (percentile: number) => trend.percentile(Math.max(0, percentile - 100 * share)).value;
  return { p50: at(50), p90: at(90), p95: at(95), p99: at(99), p999: at(99.9) };
}
