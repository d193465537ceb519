import type { SeriesId } from '../metrics/catalog.js';
import { formatCount, formatLeftOut, formatMs, formatQuantileMs, formatRate, formatReach } from '../metrics/format.js';
import type { Totals, TrendSummary } from '../metrics/totals.js';
import { bar, columnChart } from './chart.js';
import { trendOf } from './read-totals.js';

export interface LatencyView {
  readonly title: string;
  /** How many values, and of which kind. */
  readonly note: string;
  /** p50, p95, p99 and the longest. */
  readonly figures: readonly { readonly label: string; readonly value: string }[];
  /** How often which latency came, over a logarithmic axis. */
  readonly chart: readonly string[];
  /** The two ends of that axis; absent where there is no line for it. */
  readonly axis: readonly [string, string] | null;
}

export interface BatchView {
  readonly note: string;
  readonly buckets: readonly { readonly label: string; readonly bar: string; readonly share: string }[];
}

export interface Latency {
  readonly title: string;
  readonly trend: TrendSummary;
  /** What rows of the time line keep of it. */
  readonly selection: SeriesId;
  /** Of a broadcast: copies received ÷ expected; null for anything else. */
  readonly reach: string | null;
  /** Replies a second. A closed loop slows down with the server: its latency says nothing without the rate that it reached. */
  readonly closedRate: number | null;
}

/**
 * What the run is about: broadcast time where there is any, else open-loop response time, else closed-loop service time. They are
 * never merged.
 */
export function latencyOf(totals: Totals): Latency | undefined {
  const broadcast = trendOf(totals, 'broadcast_time', {});
  if (broadcast !== undefined) {
    const reach = formatReach(totals.rate('broadcast_reach', {}, broadcast.scope));
    const selection: SeriesId = { metric: 'broadcast_time', tags: {} };
    return { title: 'broadcast time', trend: broadcast.trend, selection, closedRate: null, reach };
  }
  const open: SeriesId = { metric: 'response_time', tags: { arrival: 'open' } };
  const response = trendOf(totals, open.metric, open.tags);
  if (response !== undefined) {
    return { title: 'response time', trend: response.trend, selection: open, closedRate: null, reach: null };
  }
  const closed: SeriesId = { metric: 'service_time', tags: { arrival: 'closed' } };
  const service = trendOf(totals, closed.metric, closed.tags);
  if (service === undefined) return undefined;
  const { trend, ms } = service;
  const closedRate = ms > 0 ? (trend.count * 1000) / ms : 0;
  return { title: 'service time, closed loop', trend, selection: closed, closedRate, reach: null };
}

/** What charts over the whole run cannot show of it, as it never came; in words, empty where that is nothing. */
export function leftOutOf(totals: Totals, { selection: { metric, tags } }: Latency): string {
  return formatLeftOut(totals.trend(metric, tags, 'wholeRun')?.unanswered ?? 0);
}

export function latencyViewOf(totals: Totals, width: number, lines: number): LatencyView {
  const latency = latencyOf(totals);
  if (latency === undefined) {
    const figures = ['p50', 'p95', 'p99', 'max'].map((label) => ({ label, value: '–' }));
    return { title: 'response time', note: 'no reply yet', figures, chart: columnChart([], width, lines), axis: null };
  }
  const { title, trend } = latency;
  const axisLines = lines > 1 ? 1 : 0;
  return {
    title,
    note: latencyNote(latency),
    figures: latencyFigures(trend),
    chart: columnChart(logarithmicCounts(trend, width), width, lines - axisLines),
    axis: axisLines === 0 ? null : [formatMs(trend.min), formatMs(trend.max)],
  };
}

export function latencyFigures(trend: TrendSummary): { label: string; value: string }[] {
  const percentiles = [50, 95, 99].map((percentile) => ({
    label: `p${percentile}`,
    value: formatQuantileMs(trend.percentile(percentile)),
  }));
  return [...percentiles, { label: 'max', value: formatQuantileMs(trend.percentile(100)) }];
}

function latencyNote({ trend, closedRate, reach }: Latency): string {
  if (reach !== null) return `reach ${reach}`;
  const answered = closedRate === null ? `${formatCount(trend.count)} answered` : formatRate(closedRate);
  return trend.unanswered === 0 ? answered : `${answered}, ${formatCount(trend.unanswered)} not`;
}

/** Counts in `width` columns whose borders grow by one factor from the shortest value to the longest. */
function logarithmicCounts(trend: TrendSummary, width: number): number[] {
  if (trend.count === 0) return [];
  // Values are whole microseconds; 0 has no logarithm.
  const lowest = Math.max(trend.min, 0.001);
  const factor = Math.max(trend.max / lowest, 1) ** (1 / width);
  return trend.countsBetween(Array.from({ length: width - 1 }, (_, column) => lowest * factor ** (column + 1)));
}

const batchBounds = [1, 3, 15, 63];
const batchLabels = ['1', '2–3', '4–15', '16–63', '64+'];
/** A label, a space, and at the end a space and the share. */
const batchTextWidth = 6 + 6;

/** How many packets each receive, or each send, carried. */
export function batchViewOf(totals: Totals, metric: 'recv_batch' | 'send_batch', width: number): BatchView {
  const trend = trendOf(totals, metric, {})?.trend;
  const counts = trend?.countsBetween(batchBounds) ?? batchBounds.concat(0).map(() => 0);
  const all = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
  return {
    note: trend === undefined ? '' : `mean ${formatMean(trend.mean)} max ${formatCount(trend.max)}`,
    buckets: counts.map((count, index) => ({
      label: batchLabels[index] ?? '',
      bar: bar(count / all, width - batchTextWidth),
      share: count === 0 ? '' : shareText(count / all),
    })),
  };
}

/** One decimal below a hundred: a mean of 1 and one of 1.04 are not the same. */
function formatMean(mean: number): string {
  return mean < 99.95 ? mean.toFixed(1) : formatCount(mean);
}

function shareText(share: number): string {
  return share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`;
}
