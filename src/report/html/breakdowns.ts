import { exactCount, formatCount, formatRate } from '../../metrics/format.js';
import { errorKinds } from '../errors.js';
import { failuresOf, nothingAttempted, perSecond, wasPlayed } from '../headline.js';
import { packetCounts } from '../packet-counts.js';
import type { Report } from '../report.js';
import { groupRows, stepRows } from '../time-rows.js';
import { clientCounts } from './client-counts.js';
import { type Html, html } from './html.js';
import { table, timesTable } from './tables.js';

/** What went of each packet, and how long it took. */
export function packets(report: Report): Html | null {
  const counts = packetCounts(report.totals.wholeRun);
  if (counts.length === 0) return null;
  const measured = new Map(packetCounts(report.totals.measured).map((count) => [count.packet, count]));
  const rate = (count = 0) => formatRate(perSecond(report, count));
  const columns = ['sent', 'received', 'sent', 'received'].map((title, i) => ({
    title: i < 2 ? `${title}, whole run` : `${title}, measured`,
    numeric: true,
  }));
  const rows = counts.map(({ packet, sent, received }) => {
    const within = measured.get(packet);
    return [packet, exactCount(sent), exactCount(received), rate(within?.sent), rate(within?.received)];
  });
  return html`<h2>Packets</h2>${table([{ title: 'packet' }, ...columns], rows)}${timesTable(groupRows(report, 'packet'))}`;
}

/** The kinds of clients, and what each of their steps measured. */
export function clients(report: Report): Html | null {
  const counts = clientCounts(report.totals);
  if (counts.length === 0) return null;
  const steps = stepRows(report);
  const columns = ['connects', 'failed', 'lost', 'packets sent', 'packets received', 'timeouts', 'errors'];
  const rows = counts.map(({ client, connects, failures, lost, sent, received, timeouts, errors }) => [
    client,
    ...[connects, failures, lost, sent, received, timeouts, errors].map(exactCount),
  ]);
  return html`<h2>Kinds of clients</h2>
${table([{ title: 'kind' }, ...columns.map((title) => ({ title, numeric: true }))], rows, 'Of the whole run.')}
${counts.length > 1 && timesTable(groupRows(report, 'client'))}
${steps.length > 1 && html`<h3>Steps</h3>${timesTable(steps)}`}`;
}

/** What bots counted and recorded, by the names that they gave it. */
export function botMetrics({ totals }: Report): Html | null {
  const { counters, trends } = totals.measured;
  const counted = (counters.bot_counter?.series ?? []).map(({ tags, value }) => [
    tags.name ?? '',
    tags.client ?? '',
    exactCount(value),
  ]);
  const recorded = (trends.bot_trend?.series ?? []).map(({ tags, count, mean, p50, p95, p99, max }) => [
    tags.name ?? '',
    tags.client ?? '',
    ...[count, mean.value, p50.value, p95.value, p99.value, max.value].map(formatCount),
  ]);
  const timed = (trends.bot_time?.series ?? []).map((trend) => ({
    name: `${trend.tags.name} (${trend.tags.client})`,
    trend,
  }));
  if (counted.length + recorded.length + timed.length === 0) return null;
  const named = [{ title: 'name' }, { title: 'client' }];
  const numbers = (...titles: string[]) => titles.map((title) => ({ title, numeric: true }));
  return html`<h2>What bots measured</h2>
${table([...named, ...numbers('counted')], counted)}
${timesTable(timed)}
${table([...named, ...numbers('count', 'mean', 'p50', 'p95', 'p99', 'max')], recorded)}`;
}

/** Every kind of failure with the words of one case. */
export function errors(report: Report): Html {
  const kinds = errorKinds(report);
  const counted = new Set(kinds.map(({ kind }) => kind));
  const others = report.errorSamples.filter(({ kind }) => !counted.has(kind));
  const rows = [
    ...kinds.map(({ label, count, sample }) => [label, exactCount(count), sample]),
    // What bots throw is counted by its words.
    ...others.map(({ kind, message, count }) => [kind, exactCount(count), message]),
  ];
  const columns = [
    { title: 'error' },
    { title: 'count', numeric: true },
    { title: 'one of them', style: 'words' },
  ] as const;
  return html`<h2>Errors</h2>
<p>${rows.length === 0 ? noErrors(report) : `${failuresOf(report)}.`}</p>
${table(columns, rows)}`;
}

function noErrors(report: Report): Html {
  return wasPlayed(report)
    ? html`<span class="good">✓</span> None.`
    : html`<span class="warn">◌</span> None, as ${nothingAttempted}.`;
}
