import type { Report } from '../report.js';
import type { Chart, ChartData, ChartSeries } from './chart-data.js';

/** A chart with its words. */
export interface TitledChart {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly chart: Chart;
}

/** Beyond this ratio between the largest and the smallest value, small ones could not be told apart on a straight axis. */
const logFromRatio = 25;

/** Events have the letters A to Z; there are hardly ever more than two. */
export const eventLetters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Puts together what the page's script needs. */
export function chartData({ durations, stages, events }: Report, charts: readonly TitledChart[]): ChartData {
  const { measuredFromMs, measuredMs, wholeRunMs } = durations;
  const measuredToMs = measuredFromMs + measuredMs;
  const shade = (label: string, fromMs: number, toMs: number) => ({ fromS: fromMs / 1000, toS: toMs / 1000, label });
  const shades =
    measuredMs === 0
      ? [shade('not measured', 0, wholeRunMs)]
      : [shade('warm-up', 0, measuredFromMs), shade('after', measuredToMs, wholeRunMs)];
  return {
    charts: Object.fromEntries(charts.map(({ id, chart }) => [id, chart])),
    shades: shades.filter(({ fromS, toS }) => toS - fromS >= 0.1),
    stagesS: stages.slice(1).map(({ fromMs }) => fromMs / 1000),
    marks: events.slice(0, eventLetters.length).map(({ atMs }, i) => ({ atS: atMs / 1000, letter: eventLetters[i]! })),
  };
}

/** A chart over the seconds of the run, with a column of values for each series. */
export function timeChart(
  { timeline }: Report,
  unit: string,
  columns: readonly (readonly (number | null)[])[],
  series: readonly ChartSeries[],
): Chart {
  const middles = timeline.map(({ atMs, widthMs }) => (atMs + widthMs / 2) / 1000);
  const values = columns.map((column) => column.map((value) => (value === null ? null : rounded(value))));
  return { kind: 'time', unit, log: unit === 'ms' && wantsLog(values), columns: [middles, ...values], series };
}

/** Whether values lie so far apart that only a logarithmic axis shows them all. */
export function wantsLog(columns: readonly (readonly (number | null)[])[]): boolean {
  const values = columns.flat().filter((value) => value !== null && value > 0) as number[];
  return values.length > 0 && Math.max(...values) / Math.min(...values) > logFromRatio;
}

/** Four digits are more than a picture shows. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
