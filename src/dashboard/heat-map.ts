import type { SeriesId } from '../metrics/catalog.js';
import { formatMs } from '../metrics/format.js';
import type { Totals, TrendSummary } from '../metrics/totals.js';
import { clock } from './clock-text.js';

export interface HeatMap {
  /** The slowest first: how long, and how often in the course of the run. */
  readonly rows: readonly { readonly label: string; readonly cells: string }[];
  /** The ends of the time axis. */
  readonly axis: readonly [string, string];
}

/** Before the cells: `9.00 ms`, `1000000 ms`. */
export const heatLabelWidth = 11;

/** From none to most of a moment's values. */
const shades = ' ░▒▓█';

/** The values of a round scale within a decade, the finest first. */
const roundScales = [
  [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8],
  [1, 1.5, 2, 2.5, 3, 4, 5, 7],
  [1, 1.5, 2, 3, 5, 7],
  [1, 2, 3, 5, 7],
  [1, 2, 5],
  [1, 3],
  [1],
] as const;

/** Where latencies were when: time from left to right over the whole plan, so that nothing shifts while it fills. */
export function heatMapOf(
  totals: Totals,
  { selection, trend, totalMs }: { selection: SeriesId; trend: TrendSummary; totalMs: number },
  width: number,
  lines: number,
): HeatMap {
  const rows = totals.timeline;
  const bounds = roundBounds(trend.min, trend.max, lines);
  const endMs = Math.max(totalMs, ...rows.map(({ atMs, widthMs }) => atMs + widthMs));
  const columnAt = (ms: number): number => Math.min(width, Math.floor((ms / endMs) * width));
  const columns = Array.from({ length: width }, () => bounds.map(() => 0));
  totals.timelineCounts(selection, bounds).forEach((counts, index) => {
    const { atMs, widthMs } = rows[index]!;
    const from = Math.min(width - 1, columnAt(atMs));
    for (let column = from; column < Math.max(from + 1, columnAt(atMs + widthMs)); column++) {
      bounds.forEach((_, bound) => {
        columns[column]![bound]! += counts[bound]!;
      });
    }
  });
  const sums = columns.map((counts) => counts.reduce((sum, count) => sum + count, 0));
  const heat = bounds.map((bound, row) => ({
    label: formatMs(bound),
    cells: columns.map((counts, column) => shadeOf(counts[row]! / Math.max(1, sums[column]!))).join(''),
  }));
  return { rows: heat.reverse(), axis: [clock(0), clock(endMs)] };
}

/** By the root of the share, so that one slow reply in a hundred can be seen. */
function shadeOf(share: number): string {
  return share === 0 ? ' ' : shades[Math.min(4, 1 + Math.floor(Math.sqrt(share) * 4))]!;
}

/** Ascending, round, at most `most`, the last at or above `max`: as fine a scale as fits. */
function roundBounds(min: number, max: number, most: number): number[] {
  const first = Math.floor(Math.log10(Math.max(min, 0.001)));
  const last = Math.floor(Math.log10(Math.max(max, 0.001))) + 1;
  const decades = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  for (const scale of roundScales) {
    const all = decades.flatMap((decade) => scale.map((value) => Number((value * decade).toPrecision(3))));
    const end = all.findIndex((bound) => bound >= max);
    const start = Math.max(
      0,
      all.findIndex((bound) => bound >= min),
    );
    const bounds = all.slice(start, end + 1);
    if (bounds.length <= most) return bounds;
  }
  return decades.slice(-most);
}
