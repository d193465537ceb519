import { formatQuantileMs } from '../metrics/format.js';
import { type Latency, type LatencyView, latencyOf, latencyViewOf, leftOutOf } from './distributions.js';
import { type HeatMap, heatLabelWidth, heatMapOf } from './heat-map.js';
import type { DashboardInput } from './input.js';

export interface LatencyPage {
  readonly kind: 'latency';
  readonly latency: LatencyView;
  readonly latencyLines: number;
  /** Null before the first value. */
  readonly heat: HeatMap | null;
  readonly heatLines: number;
  /** What the map does not show, in words; empty where that is nothing. */
  readonly leftOut: string;
}

const border = 2;
/** The heads and the values of the figures. */
const figureLines = 2;
const axisLines = 1;
/** On a lower page the histogram gives way to the map. */
const leastLines = 14;

/** How latencies are spread, and how that changed in the course of the run. */
export function latencyPageOf({ totals }: DashboardInput, totalMs: number, width: number, lines: number): LatencyPage {
  const histogramLines = lines < leastLines ? 0 : Math.max(2, Math.floor(lines * 0.45) - border - figureLines);
  const latencyLines = figureLines + histogramLines;
  const heatLines = Math.max(2, lines - latencyLines - 2 * border);
  const latency = latencyOf(totals);
  const view = latencyViewOf(totals, width, histogramLines);
  return {
    kind: 'latency',
    latency: latency === undefined ? view : { ...view, figures: manyFigures(latency.trend) },
    latencyLines,
    heat:
      latency === undefined || latency.trend.count === 0
        ? null
        : heatMapOf(totals, { ...latency, totalMs }, width - heatLabelWidth, heatLines - axisLines),
    heatLines,
    leftOut: latency === undefined ? '' : leftOutOf(totals, latency),
  };
}

function manyFigures(trend: Latency['trend']): LatencyView['figures'] {
  return [50, 75, 90, 95, 99, 99.9, 100].map((percentile) => ({
    label: percentile === 100 ? 'max' : `p${percentile}`,
    value: formatQuantileMs(trend.percentile(percentile)),
  }));
}
