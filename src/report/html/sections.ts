import { seriesKey } from '../../metrics/catalog.js';
import {
  exactCount,
  formatBytes,
  formatCount,
  formatDuration,
  formatMs,
  formatQuantileMs,
  formatRate,
  formatReach,
} from '../../metrics/format.js';
import { doubtsOf } from '../doubts.js';
import { errorKinds } from '../errors.js';
import { generatorFacts, generatorReasons } from '../generator-facts.js';
import { connectsOf, failuresOf, originOf, paceOf, perSecond, resultOf, titleOf, windowOf } from '../headline.js';
import { readTrend } from '../histograms.js';
import { packetCounts } from '../packet-counts.js';
import type { Report } from '../report.js';
import { totalOf } from '../scope.js';
import { connectRows, groupRows, headTime, stepRows, timeRows } from '../time-rows.js';
import { eventLetters } from './charts.js';
import { clientCounts } from './client-counts.js';
import { type Content, type Html, html } from './html.js';
import { facts, list, table, timesTable } from './tables.js';

const signs = {
  true: html`<span class="good">✓</span>`,
  false: html`<span class="bad">✗</span>`,
  undecided: html`<span class="warn">◌</span>`,
} as const;

/** Whether it went well: the first thing that a reader looks for. */
export function verdict(report: Report): Html {
  const { outcome, thresholds, events } = report;
  const good = outcome.name === 'ok';
  const results = thresholds.map(({ threshold, ok, sentence }) => [
    signs[`${ok}`],
    html`<code>${seriesKey(threshold)} ${threshold.source}</code>`,
    sentence,
  ]);
  return html`<header><h1>${titleOf(report)}</h1><p class="quiet">${originOf(report)}</p></header>
<div class="verdict ${good ? 'good' : 'bad'}"><strong>${good ? '✓ Passed' : '✗ Failed'}</strong><p>${resultOf(report)}</p>${
    report.generator.verdict !== 'ok' &&
    html`<p class="warn">! The generator was ${report.generator.verdict}: see below.</p>`
  }</div>
${table([{ title: '', style: 'sign' }, { title: 'threshold' }, { title: 'found', style: 'words' }], results)}
${thresholds.length === 0 && html`<p class="quiet">The scenario has no thresholds.</p>`}
${events.length > 0 && html`<ul class="events">${events.map(eventLine)}</ul>`}`;
}

function eventLine({ atMs, message }: Report['events'][number], i: number): Html {
  return html`<li><b>${eventLetters[i] ?? ''}</b> at ${formatDuration(atMs)}: ${message}</li>\n`;
}

const verdictWords = {
  ok: html`<strong class="good">✓ ok</strong>: the numbers below are the server’s.`,
  strained: html`<strong class="warn">! strained</strong>: the generator shows in the numbers here and there.`,
  saturated: html`<strong class="bad">✗ saturated</strong>: the numbers below are as much the generator’s as the server’s.`,
} as const;

/** Whose slowness the numbers show, and what else makes them doubtful. */
export function generator(report: Report): Html {
  const doubts = doubtsOf(report);
  return html`<h2>Can the numbers be trusted?</h2>
<p>Generator ${verdictWords[report.generator.verdict]}</p>
${list(generatorReasons(report))}
<p class="quiet">${generatorFacts(report).join(', ')}</p>
${report.generator.verdict !== 'ok' && lowestTimes(report)}
${doubts.length > 0 && html`<p>What else makes them less than certain:</p>`}
${list(doubts)}`;
}

/** What the percentiles may truly be, where the generator has a part in them. */
function lowestTimes(report: Report): Html | null {
  const rows = timeRows(report).flatMap(({ name, trend }) => {
    const { lowerBounds: lowest } = trend;
    if (lowest === undefined) return [];
    const shown = (['p50', 'p90', 'p95', 'p99', 'p999'] as const).map(
      (percentile) => `${formatMs(lowest[percentile])} – ${formatQuantileMs(trend[percentile])}`,
    );
    return [[name, ...shown]];
  });
  const columns = ['p50', 'p90', 'p95', 'p99', 'p99.9'].map((title) => ({ title, numeric: true }));
  const caption = 'Between which values each percentile lies, were all that the generator may have added taken away.';
  return table([{ title: '' }, ...columns], rows, caption);
}

/** The numbers that are quoted. */
export function keyFigures(report: Report): Html {
  const { clients, totals } = report;
  const { measured, wholeRun } = totals;
  const rate = (metric: 'packets_sent' | 'packets_received') =>
    formatRate(perSecond(report, totalOf(measured, metric)));
  const bytes = (metric: 'data_sent' | 'data_received') =>
    `${formatBytes(perSecond(report, totalOf(measured, metric)))}/s`;
  const reach = measured.rates.broadcast_reach;
  const errors = wholeRun.rates.errors;
  const tiles: (readonly [string, string, string] | null)[] = [
    ['clients', formatCount(clients.mostConnected), `connected at most, of ${formatCount(clients.planned)} planned`],
    ['packets sent', rate('packets_sent'), bytes('data_sent')],
    ['packets received', rate('packets_received'), bytes('data_received')],
    ...timeTiles(report),
    reach === undefined
      ? null
      : ['reach', formatReach(reach), `${exactCount(reach.hits)} of ${exactCount(reach.total)} copies`],
    errors === undefined || errors.total === 0
      ? null
      : ['errors', `${Number(((100 * errors.hits) / errors.total).toPrecision(3))} %`, failuresOf(report)],
  ];
  const shown = tiles.filter((tile) => tile !== null);
  return html`<h2>Key figures</h2>
<p class="quiet">Of the measured window, ${windowOf(report)}; connects, lost connections and errors of the whole run.</p>
<dl class="figures">${shown.map(([label, value, note]) => html`<div><dt>${label}</dt><dd>${value}<small>${note}</small></dd></div>\n`)}</dl>
${facts([['connects', connectsOf(report)], ...report.closedLoops.map((loop) => [`iterations, ${loop.client}`, paceOf(loop)] as const)])}
${timesTable([...timeRows(report), ...connectRows(report)])}`;
}

function timeTiles(report: Report): (readonly [string, string, string])[] {
  const head = headTime(report);
  if (head === undefined) return [];
  const { name, trend } = head;
  return (['p50', 'p95', 'p99'] as const).map((percentile) => [percentile, formatQuantileMs(trend[percentile]), name]);
}

/** How many packets each read and each write carried, by powers of two. */
export function batches({ totals }: Report): Html | null {
  const { trends } = totals.measured;
  const titles = { recv_batch: 'Packets per receive', send_batch: 'Packets per send' } as const;
  const parts = (['recv_batch', 'send_batch'] as const).flatMap((metric) =>
    (trends[metric]?.merged ?? []).map((trend) => {
      const bytes = trends[metric === 'recv_batch' ? 'recv_bytes' : 'send_bytes']?.merged[0];
      const size = bytes === undefined ? '' : `, ${formatBytes(bytes.mean.value)} on average`;
      const caption = `${formatCount(trend.mean.value)} on average, ${formatCount(trend.max.value)} at most${size}`;
      const columns = [
        { title: 'packets' },
        { title: metric === 'recv_batch' ? 'receives' : 'sends', numeric: true },
        { title: 'share', numeric: true },
        { title: '', style: 'share' },
      ] as const;
      return html`<div><h3>${titles[metric]}</h3>${table(columns, batchRows(readTrend(metric, trend)), caption)}</div>`;
    }),
  );
  return parts.length === 0 ? null : html`<h2>Batching</h2><div class="charts">${parts}</div>`;
}

function batchRows(trend: ReturnType<typeof readTrend>): Content[][] {
  const lasts = Array.from({ length: Math.ceil(Math.log2(trend.max + 1)) }, (_, i) => 2 ** (i + 1) - 1);
  const counts = trend.countsBetween(lasts);
  return lasts.flatMap((last, i) => {
    if (last < trend.min) return [];
    const count = counts[i]!;
    const first = (last + 1) / 2;
    const share = count / trend.count;
    const bar = html`<i style="width: ${(100 * share).toFixed(2)}%"></i>`;
    return [[first === last ? `${first}` : `${first} – ${last}`, exactCount(count), percent(share), count > 0 && bar]];
  });
}

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
  const kinds = errorKinds(report.totals.wholeRun);
  const counted = new Set(kinds.map(({ kind }) => kind));
  const others = report.errorSamples.filter(({ kind }) => !counted.has(kind));
  const rows = [
    ...kinds.map(({ kind, label, count }) => {
      const sample = report.errorSamples.find((candidate) => candidate.kind === kind);
      return [label, exactCount(count), sample?.message ?? ''];
    }),
    // What bots throw is counted by its words.
    ...others.map(({ kind, message, count }) => [kind, exactCount(count), message]),
  ];
  const columns = [
    { title: 'error' },
    { title: 'count', numeric: true },
    { title: 'one of them', style: 'words' },
  ] as const;
  return html`<h2>Errors</h2>
<p>${rows.length === 0 ? html`<span class="good">✓</span> None.` : `${failuresOf(report)}, over the whole run.`}</p>
${table(columns, rows)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
