import { auditOf, type GeneratorVerdict } from '../metrics/audit.js';
import { formatBytes, formatCount, formatMs } from '../metrics/format.js';
import type { TimelineRow, Totals } from '../metrics/totals.js';
import { isTelling } from '../metrics/usage.js';
import { columnChart } from './chart.js';
import type { Steering } from './input.js';
import { countsBy } from './read-totals.js';

/** How to read a number at a glance; never its only sign. */
export type Tone = 'plain' | 'good' | 'bad' | 'warn';

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly tone: Tone;
}

export interface RateView {
  readonly label: string;
  readonly packets: string;
  readonly bytes: string;
  readonly chart: readonly string[];
}

export interface PacketFact {
  readonly name: string;
  readonly sent: string;
  readonly received: string;
}

/** Lines of facts, the most important first: a low panel cuts the rest off. */
export function clientFacts(totals: Totals, wanted: number | null): Fact[][] {
  const { connected, connecting } = clientCounts(totals);
  const failed = totals.counter('connect_failures', {}, 'wholeRun');
  const lost = lostConnections(totals);
  const iterations = totals.counter('iterations', {}, 'wholeRun');
  return [
    [fact('connected', `${formatCount(connected)} / ${wanted === null ? '–' : formatCount(wanted)}`)],
    [
      fact('failed', formatCount(failed), failed > 0 ? 'bad' : 'plain'),
      fact('lost', formatCount(lost), lost > 0 ? 'bad' : 'plain'),
    ],
    [fact('connecting', formatCount(connecting))],
    [fact('connects', formatCount(totals.counter('connects', {}, 'wholeRun')))],
    ...(iterations > 0 ? [[fact('iterations', formatCount(iterations))]] : []),
  ];
}

export function clientCounts(totals: Totals): { readonly connected: number; readonly connecting: number } {
  const states = totals.workers.filter((state) => state !== undefined);
  return {
    connected: states.reduce((sum, state) => sum + state.connected, 0),
    connecting: states.reduce((sum, state) => sum + state.connecting, 0),
  };
}

function fact(label: string, value: string, tone: Tone = 'plain'): Fact {
  return { label, value, tone };
}

function lostConnections(totals: Totals): number {
  return (
    totals.counter('disconnects', {}, 'wholeRun') - totals.counter('disconnects', { cause: 'planned' }, 'wholeRun')
  );
}

/** What was sent and received in the latest second, and how that came about. */
export function rateViews(totals: Totals, width: number, lines: number): RateView[] {
  const rows = completeRows(totals.timeline);
  const view = (label: string, direction: 'sent' | 'received', of: (row: TimelineRow) => number): RateView => ({
    label,
    packets: formatCount(totals.latest(`packets_${direction}`)),
    bytes: formatBytes(totals.latest(`data_${direction}`)),
    chart: columnChart(rows.map(of), width, lines),
  });
  return [
    view('sent', 'sent', ({ packetsSent }) => packetsSent),
    view('received', 'received', ({ packetsReceived }) => packetsReceived),
  ];
}

/** What was changed by hand, in words; empty where nothing was. */
export function steeringText({ paused, rateFactor, clientsBy }: Steering): string {
  const parts = [
    paused ? 'paused by hand' : '',
    rateFactor === 1 ? '' : `rate × ${Number(rateFactor.toPrecision(3))}`,
    clientsBy === 0 ? '' : `clients ${clientsBy > 0 ? '+' : '−'}${formatCount(Math.abs(clientsBy))}`,
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/** All rows but the last, to which some workers have not reported yet: it would show half the rate every other time. */
export function completeRows(timeline: readonly TimelineRow[]): readonly TimelineRow[] {
  return timeline.length > 1 ? timeline.slice(0, -1) : timeline;
}

/** Packets by name over the whole run, the most frequent first. */
export function packetFacts(totals: Totals, most: number): PacketFact[] {
  const sent = countsBy(totals, 'packets_sent', 'packet');
  const received = countsBy(totals, 'packets_received', 'packet');
  const sum = (name: string) => (sent.get(name) ?? 0) + (received.get(name) ?? 0);
  return [...new Set([...sent.keys(), ...received.keys()])]
    .sort((a, b) => sum(b) - sum(a))
    .slice(0, most)
    .map((name) => ({ name, sent: formatCount(sent.get(name) ?? 0), received: formatCount(received.get(name) ?? 0) }));
}

/** How a verdict on the generator reads. */
export const verdictTones: Readonly<Record<GeneratorVerdict, Tone>> = {
  ok: 'good',
  strained: 'warn',
  saturated: 'bad',
};

/** What stands for the verdict before there is anything to judge. */
export const notJudged = 'not judged yet';

/**
 * Whether the numbers are the server's, and what the load costs this machine: without that nobody can tell whose slowness a latency shows.
 * 100 % CPU is one core. The most important first: a narrow line cuts the rest off.
 */
export function generatorFacts(totals: Totals, workers: number): Fact[] {
  const usages = totals.usage.filter((usage) => usage !== undefined);
  const telling = usages.filter(isTelling);
  const cpu = telling.reduce((sum, { cpuUs, wallUs }) => sum + cpuUs / wallUs, 0);
  const lag = totals.trend('send_lag', {}, 'wholeRun');
  const { verdict, contaminatedShare } = auditOf(totals);
  return [
    totals.wholeRunMs > 0 ? fact('', verdict, verdictTones[verdict]) : fact('', notJudged),
    ...(verdict === 'ok' ? [] : [fact('contaminated', `${(contaminatedShare * 100).toFixed(1)} %`)]),
    fact('cpu', telling.length === 0 ? '–' : `${Math.round(cpu * 100)} %`),
    fact('loop delay', formatMs(Math.max(0, ...usages.map((usage) => usage.loopDelayMaxMs)))),
    fact('send lag p99', lag === undefined ? '–' : formatMs(lag.percentile(99).value)),
    fact('workers', formatCount(workers)),
  ];
}
