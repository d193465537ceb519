import { catalog, type MetricName } from '../../metrics/catalog.js';
import type { TrendSummary } from '../../metrics/totals.js';
import { leftOut, metricOf, readTrend, readWindow } from '../histograms.js';
import type { Report } from '../report.js';
import { timeRows } from '../time-rows.js';
import type { Chart, ChartSeries } from './chart-data.js';
import { rounded, type TitledChart, timeChart, wantsLog } from './charts.js';

/** Of each window of the time line, the values that arrived; undefined where there were none. */
type WindowTrends = readonly (TrendSummary | undefined)[];

/** The rows of a heat map, evenly spaced on a logarithmic axis. */
const heatRows = 32;

/** Points of a percentile curve for each further nine: p90, p99, p99.9 … */
const pointsPerNine = 24;

/** The first point of a curve at or above the median: what is below says nothing about the axis that it needs. */
const median = Math.ceil(Math.log10(2) * pointsPerNine);

/** How each measured time went: its percentiles interval by interval, and where its values lay. */
export function timeCharts(report: Report): { readonly percentiles: TitledChart[]; readonly heatMaps: TitledChart[] } {
  const times = shownKeys(report).map((key) => ({
    key,
    trends: report.timeline.map((window) => readWindow(window, key)),
  }));
  return {
    percentiles: times.map(({ key, trends }) => percentileChart(report, key, trends)),
    heatMaps: times.map(({ key, trends }) => heatMap(report, key, trends)),
  };
}

function percentileChart(report: Report, key: string, trends: WindowTrends): TitledChart {
  const of = (percentile: number) => trends.map((trend) => trend?.percentile(percentile).value ?? null);
  const columns = [of(50), of(95), of(99), of(100)];
  return {
    id: `times ${key}`,
    title: `${keyTitle(key)} over time`,
    caption: captionOf(report, key, 'Of the answers that arrived in each interval'),
    chart: timeChart(report, catalog[metricOf(key)].unit, columns, [
      { label: 'p50', color: 'sky' },
      { label: 'p95', color: 'blue' },
      { label: 'p99', color: 'orange' },
      { label: 'max', color: 'vermilion' },
    ]),
  };
}

function heatMap(report: Report, key: string, trends: WindowTrends): TitledChart {
  return {
    id: `heat ${key}`,
    title: `${keyTitle(key)}, heat map`,
    caption: captionOf(report, key, 'The stronger its colour, the more answers of an interval took so long'),
    chart: heatChart(report, key, trends),
  };
}

function captionOf(report: Report, key: string, sentence: string): string {
  const missing = leftOut(report, key);
  return missing === '' ? `${sentence}.` : `${sentence}; ${missing}.`;
}

/** One curve for each time of the measured window. */
export function distributionChart(report: Report): TitledChart[] {
  const rows = timeRows(report).filter(({ metric }) => metric !== 'send_lag');
  if (rows.length === 0) return [];
  const colors = ['blue', 'orange', 'green', 'purple', 'sky', 'vermilion'];
  const trends = rows.map(({ metric, trend }) => readTrend(metric, trend));
  const steps = curveSteps(trends);
  const columns: (number | null)[][] = [steps];
  const series: ChartSeries[] = [];
  rows.forEach(({ name, trend }, i) => {
    const color = colors[i % colors.length]!;
    const points = steps.map((nines) => pointAt(trends[i]!, nines));
    columns.push(points.map((point) => (point === null || point.atLeast ? null : rounded(point.value))));
    series.push({ label: name, color });
    if (trend.unanswered === 0) return;
    // From the last point that is known: the curve has no gap.
    const isDashed = (i: number) => points[i]?.atLeast || points[i + 1]?.atLeast;
    columns.push(points.map((point, i) => (point !== null && isDashed(i) ? rounded(point.value) : null)));
    series.push({ label: `${name}, at least`, color, dashed: true });
  });
  const caption =
    'The share of all packets that took no longer than the curve says. Where it is dashed it runs among those that were never answered: at least so long.';
  const chart: Chart = {
    kind: 'percentiles',
    unit: 'ms',
    log: wantsLog(columns.slice(1).map((column) => column.slice(median))),
    columns,
    series,
  };
  return [{ id: 'percentiles', title: 'Latency by percentile', caption, chart }];
}

/** Evenly over the nines, up to the rarest value of each trend: the largest of a thousand stands at three nines. */
function curveSteps(trends: readonly TrendSummary[]): number[] {
  const ends = trends.map(({ count, unanswered }) => Math.log10(count + unanswered));
  const even = Array.from({ length: Math.ceil(Math.max(...ends) * pointsPerNine) }, (_, i) => i / pointsPerNine);
  return [...new Set([...even, ...ends])].sort((a, b) => a - b);
}

/** The largest value stands where one in all is left; beyond it is null: what is rarer is not known. */
function pointAt(trend: TrendSummary, nines: number): { readonly value: number; readonly atLeast: boolean } | null {
  const left = (trend.count + trend.unanswered) / 10 ** nines;
  const rounding = 1e-9;
  if (left < 1 - rounding) return null;
  return trend.percentile(left < 1 + rounding ? 100 : 100 * (1 - 10 ** -nines));
}

function heatChart({ timeline }: Report, key: string, trends: WindowTrends): Chart {
  const known = trends.filter((trend) => trend !== undefined);
  const least = Math.max(0.001, Math.min(...known.map(({ min }) => min)));
  const most = Math.max(least * 1.1, ...known.map(({ max }) => max));
  const bounds = Array.from({ length: heatRows + 1 }, (_, i) => least * (most / least) ** (i / heatRows));
  const cells = trends.flatMap((trend, column) =>
    // What is above the last border, or below the first, by rounding alone belongs to the cells beside it.
    (trend?.countsBetween(bounds.slice(1, -1)) ?? []).flatMap((count, row): [number, number, number][] =>
      count > 0 ? [[column, row, count]] : [],
    ),
  );
  const middles = timeline.map(({ atMs, widthMs }) => (atMs + widthMs / 2) / 1000);
  return {
    kind: 'heat',
    unit: catalog[metricOf(key)].unit,
    log: true,
    columns: [middles, middles.map(() => null)],
    series: [{ label: 'answers', color: 'blue' }],
    heat: { bounds: bounds.map(rounded), widthsS: timeline.map(({ widthMs }) => widthMs / 1000), cells },
  };
}

/** The times of a run, each once: what is closed has no response time, and the service time of what is open is a part of it. */
const shownTimes = ['broadcast_time', 'response_time{arrival:"open"}', 'service_time{arrival:"closed"}'] as const;

function shownKeys({ timeline }: Report): string[] {
  return shownTimes.filter((key) => timeline.some(({ histograms }) => key in histograms));
}

const keyTitles: Readonly<Partial<Record<MetricName, string>>> = {
  broadcast_time: 'Broadcast time',
  response_time: 'Response time, open loop',
  service_time: 'Service time, closed loop',
};

function keyTitle(key: string): string {
  return keyTitles[metricOf(key)] ?? key;
}
