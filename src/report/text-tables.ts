import type { Tags } from '../metrics/catalog.js';
import { formatCount, formatQuantileMs, formatRate, formatReach } from '../metrics/format.js';
import type { Quantile } from '../metrics/totals.js';
import type { Report } from './report.js';
import type { TrendReport } from './scope.js';
import { row } from './table.js';
import type { TextWriter } from './text-writer.js';

export const nameWidth = 31;
export const cellWidth = 8;
/** A table of times has all its percentiles where there is room for them, else the three that matter most. */
const fullTableWidth = nameWidth + 7 * cellWidth;
/** The most rows of one kind; the rest is in the report. */
const mostListed = 12;

/** Response, service and connect time, how late sends were, and what each step measured. */
export function times(report: Report, writer: TextWriter): void {
  const { measured, wholeRun } = report.totals;
  const ms = report.durations.measuredMs;
  const full = writer.width >= fullTableWidth;
  const rows = (['response_time', 'service_time', 'send_lag'] as const).flatMap((metric) =>
    (measured.trends[metric]?.merged ?? []).map((trend) => timeRow(loopName(metric, trend, ms), trend, full)),
  );
  rows.unshift(
    ...(measured.trends.broadcast_time?.merged ?? []).map((trend) => timeRow('broadcast time', trend, full)),
  );
  rows.push(...stepTimes(report).map((trend) => timeRow(stepName(trend, ms), trend, full)));
  // Clients connect before the measured window as a rule.
  const connect = wholeRun.trends.connect_time?.merged ?? [];
  rows.push(...connect.map((trend) => timeRow('connect time, whole run', trend, full)));
  if (rows.length === 0) return;
  const heading = row('milliseconds', nameWidth, ['count', ...percentilesIn(full), 'max'], cellWidth);
  const unanswered = primary(report, 'merged').reduce((sum, trend) => sum + trend.unanswered, 0);
  const note = `${formatCount(unanswered)} unanswered: they stand in the percentiles, and ≥ marks those they reach`;
  writer.section(writer.paint('dim', heading), ...rows, ...(unanswered > 0 ? writer.sentence(note, 'warn') : []));
}

function percentilesIn(fullTable: boolean): readonly string[] {
  return fullTable ? ['p50', 'p90', 'p95', 'p99', 'p99.9'] : ['p50', 'p95', 'p99'];
}

/** Whether what was said to everyone reached everyone. */
export function reach({ totals }: Report, writer: TextWriter): void {
  const series = totals.measured.rates.broadcast_reach?.series ?? [];
  writer.section(
    ...series.flatMap(({ tags, hits, total }, i) =>
      writer.fact(
        i === 0 ? 'reach' : '',
        `${formatReach({ hits, total })}  ${tags.packet}: ${exact(hits)} of ${exact(total)} copies expected`,
      ),
    ),
  );
}

/** Response time of what is open, service time of what is closed. */
function primary({ totals }: Report, part: 'merged' | 'series'): TrendReport[] {
  const { response_time: response, service_time: service } = totals.measured.trends;
  return [
    ...(response?.[part] ?? []).filter(({ tags }) => tags.arrival === 'open'),
    ...(service?.[part] ?? []).filter(({ tags }) => tags.arrival === 'closed'),
  ];
}

/** What each step measured; nothing where there is one step only, whose row stands above. */
function stepTimes(report: Report): TrendReport[] {
  const steps = primary(report, 'series');
  return steps.length < 2 ? [] : steps.slice(0, mostListed);
}

function stepName({ tags, count }: TrendReport, measuredMs: number): string {
  const { packet = '', step = '', arrival } = tags;
  // The rate first: a long name is cut, a closed-loop time without its rate would be worth nothing.
  const rate = arrival === 'closed' ? `${rateOf(count, measuredMs)} ` : '';
  return `  ${rate}${packet} ${step}`;
}

const trendNames = { response_time: 'response time', service_time: 'service time', send_lag: 'send lag' } as const;

/** A closed loop slows down with the server: its percentiles say nothing without the rate that it reached. */
function loopName(metric: keyof typeof trendNames, { tags, count }: TrendReport, measuredMs: number): string {
  const name = trendNames[metric];
  if (tags.arrival === undefined) return name;
  return tags.arrival === 'open' ? `${name}, open loop` : `${name}, closed ${rateOf(count, measuredMs)}`;
}

function rateOf(count: number, ms: number): string {
  return formatRate(ms > 0 ? (count * 1000) / ms : 0);
}

function timeRow(name: string, { count, p50, p90, p95, p99, p999, max }: TrendReport, full: boolean): string {
  const quantiles = full ? [p50, p90, p95, p99, p999, max] : [p50, p95, p99, max];
  return row(name, nameWidth, [formatCount(count), ...quantiles.map(milliseconds)], cellWidth);
}

/** Without its unit, which stands in the heading. */
function milliseconds(quantile: Quantile): string {
  return formatQuantileMs(quantile).replace(/ ms$/, '');
}

/** What bots counted and recorded, by the names that they gave it. */
export function ownMetrics({ totals }: Report, writer: TextWriter): void {
  const { counters, trends } = totals.measured;
  const full = writer.width >= fullTableWidth;
  const nameOf = ({ tags }: { readonly tags: Tags }): string => `${tags.name} (${tags.client})`;
  const counted = counters.bot_counter?.series ?? [];
  writer.section(
    ...counted.flatMap((series, i) =>
      writer.fact(i === 0 ? 'bots counted' : '', `${exact(series.value)}  ${nameOf(series)}`),
    ),
  );
  const rows = [
    ...(trends.bot_time?.series ?? []).map((trend) => timeRow(`${nameOf(trend)}, ms`, trend, full)),
    ...(trends.bot_trend?.series ?? []).map((trend) => timeRow(nameOf(trend), trend, full)),
  ];
  if (rows.length === 0) return;
  const heading = row('bots recorded', nameWidth, ['count', ...percentilesIn(full), 'max'], cellWidth);
  writer.section(writer.paint('dim', heading), ...rows);
}

/** How many packets, and bytes, each receive and each send carried. */
export function batches({ totals }: Report, writer: TextWriter): void {
  const { trends } = totals.measured;
  const batchRow = (name: string, { count, mean, p50, p95, p99, max }: TrendReport): string => {
    const cells = [count, mean.value, p50.value, p95.value, p99.value, max.value];
    return row(name, nameWidth, cells.map(formatCount), cellWidth);
  };
  const rows = [
    ...(trends.recv_batch?.merged ?? []).map((trend) => batchRow('packets per receive', trend)),
    ...(trends.recv_bytes?.merged ?? []).map((trend) => batchRow('bytes per receive', trend)),
    ...(trends.send_batch?.merged ?? []).map((trend) => batchRow('packets per send', trend)),
    ...(trends.send_bytes?.merged ?? []).map((trend) => batchRow('bytes per send', trend)),
  ];
  if (rows.length === 0) return;
  const heading = row('batches', nameWidth, ['count', 'mean', 'p50', 'p95', 'p99', 'max'], cellWidth);
  writer.section(writer.paint('dim', heading), ...rows);
}

/** What was sent and received of each packet. */
export function packets({ totals }: Report, writer: TextWriter): void {
  const counts = new Map<string, { sent: number; received: number }>();
  const add = (metric: 'packets_sent' | 'packets_received', key: 'sent' | 'received'): void => {
    for (const { tags, value } of totals.wholeRun.counters[metric]?.series ?? []) {
      const name = tags.packet ?? 'unknown';
      const entry = counts.get(name) ?? { sent: 0, received: 0 };
      entry[key] += value;
      counts.set(name, entry);
    }
  };
  add('packets_sent', 'sent');
  add('packets_received', 'received');
  if (counts.size === 0) return;
  const sorted = [...counts].sort(([, a], [, b]) => b.sent + b.received - a.sent - a.received);
  const rest = sorted.length - mostListed;
  const packetRow = (name: string, ...cells: string[]) => row(name, nameWidth, cells, 2 * cellWidth);
  writer.section(
    writer.paint('dim', packetRow('packets, whole run', 'sent', 'received')),
    ...sorted.slice(0, mostListed).map(([name, { sent, received }]) => packetRow(name, exact(sent), exact(received))),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  );
}

/** Every digit: these are held against the server's own counts. */
export function exact(count: number): string {
  return count.toLocaleString('en-US');
}
