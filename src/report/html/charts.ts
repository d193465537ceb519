import { catalog, type MetricName } from '../../metrics/catalog.js';
import type { TrendSummary } from '../../metrics/totals.js';
import { metricOf, readTrend, readWindow, windowKeys } from '../histograms.js';
import type { Report, TimelineWindow } from '../report.js';
import { timeRows } from '../time-rows.js';
import type { Chart, ChartData, ChartSeries } from './chart-data.js';

/** A chart with its words. */
export interface TitledChart {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly chart: Chart;
}

/** Of each window of the time line, the values that arrived; undefined where there were none. */
type WindowTrends = readonly (TrendSummary | undefined)[];

/** Beyond this ratio between the largest and the smallest value, small ones could not be told apart on a straight axis. */
const logFromRatio = 25;

/** The rows of a heat map, evenly spaced on a logarithmic axis. */
const heatRows = 32;

/** Points of a percentile curve for each further nine: p90, p99, p99.9 … */
const pointsPerNine = 24;

/** The first point of a curve at or above the median: what is below says nothing about the axis that it needs. */
const median = Math.ceil(Math.log10(2) * pointsPerNine);

/** Events have the letters A to Z; there are hardly ever more than two. */
export const eventLetters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Puts together what the page's script needs. */
export function chartData({ durations, stages, events }: Report, charts: readonly TitledChart[]): ChartData {
  const { measuredFromMs, measuredMs, wholeRunMs } = durations;
  const measuredToMs = measuredFromMs + measuredMs;
  const shades = [
    { fromS: 0, toS: measuredFromMs / 1000, label: 'warm-up' },
    { fromS: measuredToMs / 1000, toS: wholeRunMs / 1000, label: 'after' },
  ];
  return {
    charts: Object.fromEntries(charts.map(({ id, chart }) => [id, chart])),
    shades: shades.filter(({ fromS, toS }) => toS - fromS >= 0.1),
    stagesS: stages.slice(1).map(({ fromMs }) => fromMs / 1000),
    marks: events.slice(0, eventLetters.length).map(({ atMs }, i) => ({ atS: atMs / 1000, letter: eventLetters[i]! })),
  };
}

/** What happened when: clients, packets, errors. */
export function flowCharts(report: Report): TitledChart[] {
  const { timeline, generator } = report;
  if (timeline.length === 0) return [];
  const planned = timeline.map(({ atMs, widthMs }) => plannedAt(report, atMs + widthMs));
  const of = (read: (window: TimelineWindow) => number | null) => timeline.map(read);
  const area = (label: string, color: string): ChartSeries => ({ label, color, filled: true });
  const charts: TitledChart[] = [
    {
      id: 'clients',
      title: 'Clients',
      caption: 'Connected at the end of each interval, and planned.',
      chart: timeChart(
        report,
        'clients',
        [of(({ connected }) => connected), planned],
        [area('connected', 'blue'), { label: 'planned', color: 'muted', dashed: true }],
      ),
    },
    {
      id: 'errors',
      title: 'Errors',
      caption: 'Failed attempts a second.',
      chart: timeChart(report, '/s', [of(({ errors }) => errors)], [area('errors', 'vermilion')]),
    },
    {
      id: 'sent',
      title: 'Packets sent',
      caption: 'A second, all clients together.',
      chart: timeChart(report, '/s', [of(({ packetsSent }) => packetsSent)], [area('sent', 'green')]),
    },
    {
      id: 'received',
      title: 'Packets received',
      caption: 'A second, all clients together.',
      chart: timeChart(report, '/s', [of(({ packetsReceived }) => packetsReceived)], [area('received', 'purple')]),
    },
  ];
  if (generator.contaminatedValues === 0) return charts;
  const shares = of(({ contaminatedShare }) => contaminatedShare && contaminatedShare * 100);
  const title = 'Values that may owe much to the generator';
  const caption =
    'Of those that arrived in each interval: more than 2 ms and more than a tenth may be the generator’s.';
  return [
    ...charts,
    { id: 'contaminated', title, caption, chart: timeChart(report, '%', [shares], [area('share', 'orange')]) },
  ];
}

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
    caption: 'Of the answers that arrived in each interval.',
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
    caption: 'The stronger its colour, the more answers of an interval took so long.',
    chart: heatChart(report, key, trends),
  };
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
    'So much of all answers took no longer than the curve says. Where it is dashed it runs among packets that were never answered: at least so long.';
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

function timeChart(
  { timeline }: Report,
  unit: string,
  columns: readonly (readonly (number | null)[])[],
  series: readonly ChartSeries[],
): Chart {
  const middles = timeline.map(({ atMs, widthMs }) => (atMs + widthMs / 2) / 1000);
  const values = columns.map((column) => column.map((value) => (value === null ? null : rounded(value))));
  return { kind: 'time', unit, log: unit === 'ms' && wantsLog(values), columns: [middles, ...values], series };
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

function shownKeys(report: Report): string[] {
  const kept = windowKeys(report);
  return shownTimes.filter((key) => kept.includes(key));
}

const keyTitles: Readonly<Partial<Record<MetricName, string>>> = {
  broadcast_time: 'Broadcast time',
  response_time: 'Response time, open loop',
  service_time: 'Service time, closed loop',
};

function keyTitle(key: string): string {
  return keyTitles[metricOf(key)] ?? key;
}

/** How many clients the stages want at a time. */
function plannedAt({ stages }: Report, ms: number): number | null {
  const i = stages.findIndex(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
  const stage = stages[i];
  if (stage === undefined) return null;
  const before = stages[i - 1]?.target ?? 0;
  return before + ((stage.target - before) * (ms - stage.fromMs)) / (stage.toMs - stage.fromMs);
}

function wantsLog(columns: readonly (readonly (number | null)[])[]): boolean {
  const values = columns.flat().filter((value) => value !== null && value > 0) as number[];
  return values.length > 0 && Math.max(...values) / Math.min(...values) > logFromRatio;
}

/** Four digits are more than a picture shows. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
