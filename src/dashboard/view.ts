import { ClientSchedule } from '../load/stages.js';
import { formatMs } from '../metrics/format.js';
import { columnChart } from './chart.js';
import { clockText } from './clock-text.js';
import { type BatchView, batchViewOf, type LatencyView, latencyViewOf } from './distributions.js';
import {
  clientFacts,
  completeRows,
  type ErrorView,
  errorViewOf,
  type Fact,
  generatorFacts,
  type PacketFact,
  packetFacts,
  type RateView,
  rateViews,
  type Tone,
} from './facts.js';
import type { DashboardInput, RunStatus, Surface } from './input.js';
import { type KeyHint, keyHints } from './keys.js';
import { type Layout, layoutOf } from './layout.js';
import { type ThresholdLine, thresholdLines } from './threshold-lines.js';

/** Everything a frame shows, as it shows it. */
export interface View {
  readonly layout: Layout;
  readonly header: HeaderView;
  readonly clients: readonly (readonly Fact[])[];
  readonly rates: readonly RateView[];
  readonly latency: LatencyView;
  readonly overTime: { readonly note: string; readonly chart: readonly string[] };
  readonly errors: ErrorView;
  readonly receives: BatchView;
  readonly sends: BatchView;
  readonly packets: readonly PacketFact[];
  readonly thresholds: readonly ThresholdLine[];
  readonly generator: readonly Fact[];
  readonly message: string;
  readonly keys: readonly KeyHint[];
}

export interface HeaderView {
  readonly title: string;
  readonly target: string;
  readonly status: string;
  readonly tone: Tone;
  readonly stage: string;
  readonly clock: string;
  /** 0 to 1. */
  readonly progress: number;
}

/** Makes a frame's content from the run's facts and the terminal's size. Pure. */
export function viewOf(input: DashboardInput, surface: Surface): View {
  const { totals } = input;
  const layout = layoutOf(surface, input.thresholds.length);
  const schedule = new ClientSchedule(input.stages);
  return {
    layout,
    header: headerOf(input, schedule),
    clients: clientFacts(totals, schedule.targetAt(input.planMs)),
    rates: rateViews(totals.timeline, layout.rateChartWidth, layout.rateLines),
    latency: latencyViewOf(totals, layout.latencyWidth, layout.distributionLines - 2),
    overTime: overTimeOf(input, layout),
    errors: errorViewOf(totals, layout.distributionLines),
    receives: batchViewOf(totals, 'recv_batch', layout.receivesWidth),
    sends: batchViewOf(totals, 'send_batch', layout.sendsWidth),
    packets: packetFacts(totals, layout.batchLines),
    thresholds: thresholdLines(input.thresholds, layout.thresholdLines),
    generator: generatorFacts(totals, input.workers),
    message: input.message ?? '',
    keys: keyHints(input.status === 'stopping', surface.keys),
  };
}

const tones: Readonly<Record<RunStatus, Tone>> = {
  starting: 'plain',
  connecting: 'plain',
  running: 'good',
  draining: 'plain',
  stopping: 'warn',
  done: 'good',
};

function headerOf(input: DashboardInput, schedule: ClientSchedule): HeaderView {
  const { planMs, stages, status } = input;
  const { totalMs } = schedule;
  const stage = schedule.stageAt(planMs);
  const warmingUp = status === 'running' && input.warmupMs > 0 && input.totals.measuredMs === 0;
  return {
    title: input.title,
    target: input.target,
    status: warmingUp ? 'warm-up' : status,
    tone: tones[status],
    stage: stage === undefined ? '' : `stage ${stage.index + 1}/${stages.length} ${stage.direction}`,
    clock: clockText(planMs, totalMs),
    progress: totalMs > 0 ? Math.min(1, planMs / totalMs) : 0,
  };
}

/** The p99 of each interval: percentiles of windows stand side by side and are never averaged. */
function overTimeOf({ totals }: DashboardInput, layout: Layout): View['overTime'] {
  const values = completeRows(totals.timeline).map((row) => row.p99Ms ?? 0);
  const shown = values.slice(-layout.overTimeWidth);
  const highest = Math.max(0, ...shown);
  return {
    note: highest > 0 ? `highest ${formatMs(highest)}` : '',
    chart: columnChart(shown, layout.overTimeWidth, layout.distributionLines),
  };
}
