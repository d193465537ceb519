import { auditOf, type GeneratorVerdict } from '../metrics/audit.js';
import type { MetricName, TagName } from '../metrics/catalog.js';
import { formatBytes, formatCount, formatMs } from '../metrics/format.js';
import type { TimelineRow, Totals } from '../metrics/totals.js';
import { columnChart } from './chart.js';

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

export interface ErrorView {
  /** All failures of the kinds below, whatever fits. */
  readonly total: string;
  readonly lines: readonly { readonly label: string; readonly count: string }[];
}

/** Lines of facts, the most important first: a low panel cuts the rest off. */
export function clientFacts(totals: Totals, wanted: number): Fact[][] {
  const { connected, connecting } = clientCounts(totals);
  const failed = totals.counter('connect_failures', {}, 'wholeRun');
  const lost = lostConnections(totals);
  const iterations = totals.counter('iterations', {}, 'wholeRun');
  return [
    [fact('connected', `${formatCount(connected)} / ${formatCount(wanted)}`)],
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
export function rateViews(timeline: readonly TimelineRow[], width: number, lines: number): RateView[] {
  const rows = completeRows(timeline);
  const latest = rows.at(-1);
  return [
    {
      label: 'sent',
      packets: formatCount(latest?.packetsSent ?? 0),
      bytes: formatBytes(latest?.bytesSent ?? 0),
      chart: columnChart(
        rows.map((row) => row.packetsSent),
        width,
        lines,
      ),
    },
    {
      label: 'received',
      packets: formatCount(latest?.packetsReceived ?? 0),
      bytes: formatBytes(latest?.bytesReceived ?? 0),
      chart: columnChart(
        rows.map((row) => row.packetsReceived),
        width,
        lines,
      ),
    },
  ];
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

/** A metric's whole-run counts by the values of one of its tags. */
function countsBy(totals: Totals, metric: MetricName, tag: TagName): Map<string, number> {
  const values = new Set(totals.series(metric).map(({ tags }) => tags[tag] ?? ''));
  return new Map([...values].map((value) => [value, totals.counter(metric, { [tag]: value }, 'wholeRun')]));
}

/** Failures of the whole run by kind, the most frequent first; where there is no room for all, the last line sums the rest up. */
export function errorViewOf(totals: Totals, most: number): ErrorView {
  const kinds = errorKinds(totals).sort((a, b) => b.count - a.count);
  const shown = kinds.length <= most ? kinds : kinds.slice(0, most - 1);
  const rest = kinds.slice(shown.length);
  const lines = shown.map(({ label, count }) => ({ label, count: formatCount(count) }));
  if (rest.length > 0) lines.push({ label: `${rest.length} other kinds`, count: formatCount(sumOf(rest)) });
  return { total: formatCount(sumOf(kinds)), lines };
}

interface ErrorKind {
  readonly label: string;
  readonly count: number;
}

export function errorKinds(totals: Totals): ErrorKind[] {
  const checks = totals.rate('checks', {}, 'wholeRun');
  const kinds = [
    ...byTag(totals, 'connect_failures', 'code', 'connect'),
    ...byTag(totals, 'disconnects', 'cause', 'lost').filter(({ label }) => label !== 'lost planned'),
    { label: 'timeouts', count: totals.counter('timeouts', {}, 'wholeRun') },
    { label: 'replies lost', count: totals.counter('lost_replies', {}, 'wholeRun') },
    ...byTag(totals, 'dropped_sends', 'cause', 'not sent'),
    ...byTag(totals, 'protocol_errors', 'code', 'protocol'),
    { label: 'checks failed', count: checks.total - checks.hits },
  ];
  return kinds.filter(({ count }) => count > 0);
}

function byTag(totals: Totals, metric: MetricName, tag: TagName, prefix: string): ErrorKind[] {
  return [...countsBy(totals, metric, tag)].map(([value, count]) => ({ label: `${prefix} ${value}`, count }));
}

function sumOf(kinds: readonly ErrorKind[]): number {
  return kinds.reduce((sum, { count }) => sum + count, 0);
}

const verdictTones: Readonly<Record<GeneratorVerdict, Tone>> = { ok: 'good', strained: 'warn', saturated: 'bad' };

/**
 * Whether the numbers are the server's, and what the load costs this machine: without that nobody can tell whose slowness a latency shows.
 * 100 % CPU is one core. The most important first: a narrow line cuts the rest off.
 */
export function generatorFacts(totals: Totals, workers: number): Fact[] {
  const usages = totals.usage.filter((usage) => usage !== undefined);
  const cpu = usages.reduce((sum, { cpuUs, wallUs }) => sum + (wallUs > 0 ? cpuUs / wallUs : 0), 0);
  const lag = totals.trend('send_lag', {}, 'wholeRun');
  const { verdict, contaminatedShare } = auditOf(totals);
  return [
    fact('', verdict, verdictTones[verdict]),
    ...(verdict === 'ok' ? [] : [fact('contaminated', `${(contaminatedShare * 100).toFixed(1)} %`)]),
    fact('cpu', `${Math.round(cpu * 100)} %`),
    fact('loop delay', formatMs(Math.max(0, ...usages.map((usage) => usage.loopDelayMaxMs)))),
    fact('send lag p99', lag === undefined ? '–' : formatMs(lag.percentile(99).value)),
    fact('workers', formatCount(workers)),
  ];
}
