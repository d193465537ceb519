import type { ClientSchedule } from '../load/stages.js';
import { formatMs } from '../metrics/format.js';
import { columnChart } from './chart.js';
import { type BatchView, batchViewOf, type LatencyView, latencyOf, latencyViewOf, leftOutOf } from './distributions.js';
import { type ErrorView, errorViewOf } from './errors.js';
import {
  clientFacts,
  completeRows,
  type Fact,
  type PacketFact,
  packetFacts,
  type RateView,
  rateViews,
} from './facts.js';
import type { DashboardInput } from './input.js';
import { type Layout, type OverviewLayout, overviewLayoutOf } from './layout.js';
import type { Place } from './navigation.js';
import { type OwnMetric, ownMetricsOf } from './own-metrics.js';
import { type ThresholdList, thresholdListOf } from './threshold-lines.js';

/** What matters most, on one page. */
export interface Overview {
  readonly kind: 'overview';
  readonly layout: OverviewLayout;
  readonly clients: readonly (readonly Fact[])[];
  readonly rates: readonly RateView[];
  readonly latency: LatencyView;
  readonly overTime: OverTimeView;
  readonly errors: ErrorView;
  readonly receives: BatchView;
  readonly sends: BatchView;
  readonly packets: readonly PacketFact[];
  /** What bots count and measure, as much as there is room for. */
  readonly own: readonly OwnMetric[];
  readonly thresholds: ThresholdList;
}

export interface OverTimeView {
  readonly note: string;
  readonly chart: readonly string[];
  /** What the chart does not show, in words below it; empty where that is nothing. */
  readonly leftOut: string;
}

export function overviewOf(input: DashboardInput, schedule: ClientSchedule, page: Layout, place: Place): Overview {
  const { totals } = input;
  const own = ownMetricsOf(totals);
  const layout = overviewLayoutOf(page, { thresholds: input.thresholds.length, own: own.length });
  return {
    kind: 'overview',
    layout,
    clients: clientFacts(totals, wantedClients(input, schedule)),
    rates: rateViews(totals, layout.rateChartWidth, layout.rateLines),
    latency: latencyViewOf(totals, layout.latencyWidth, layout.distributionLines - 2),
    overTime: overTimeOf(input, layout),
    // Plain lines have them side by side.
    errors: errorViewOf(totals, input.samples, layout.small ? Number.POSITIVE_INFINITY : layout.distributionLines),
    receives: batchViewOf(totals, 'recv_batch', layout.receivesWidth),
    sends: batchViewOf(totals, 'send_batch', layout.sendsWidth),
    packets: packetFacts(totals, layout.batchLines),
    own: own.slice(0, layout.ownLines),
    thresholds: thresholdListOf(input.thresholds, layout.thresholdLines, place.tops.overview),
  };
}

/** How many are to be connected by now; null before the plan has begun. */
function wantedClients({ status, planMs, steering }: DashboardInput, schedule: ClientSchedule): number | null {
  return status === 'starting' ? null : Math.max(0, schedule.targetAt(planMs) + (steering?.clientsBy ?? 0));
}

/** The p99 of each row, of what the panel beside it is of: percentiles of rows stand side by side and are never averaged. */
function overTimeOf({ totals }: DashboardInput, layout: OverviewLayout): OverTimeView {
  const latency = latencyOf(totals);
  const selection = latency?.selection;
  const leftOut = latency === undefined ? '' : leftOutOf(totals, latency);
  const rows = layout.overTimeWidth === 0 ? [] : completeRows(totals.timeline).slice(-layout.overTimeWidth);
  const shown = rows.map(({ atMs, widthMs }) => {
    const trend = selection && totals.trendIn(selection, { fromMs: atMs, toMs: atMs + widthMs });
    return trend?.percentile(99).value ?? 0;
  });
  const highest = Math.max(0, ...shown);
  return {
    note: highest > 0 ? `highest ${formatMs(highest)}` : '',
    chart: columnChart(shown, layout.overTimeWidth, layout.distributionLines - (leftOut === '' ? 0 : 1)),
    leftOut,
  };
}
