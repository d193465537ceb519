import type { Tags } from '../metrics/catalog.js';
import { bareMs, counted, exactCount, formatCount, formatReach } from '../metrics/format.js';
import { faultyKindWords, neighbourColumns, neighbourRows, neighbourVerdict } from './fault-words.js';
import { packetCounts } from './packet-counts.js';
import type { Report } from './report.js';
import type { TrendReport } from './scope.js';
import { row } from './table.js';
import type { TextWriter } from './text-writer.js';
import { connectRows, stepRows, type TimeRow, timeRows, unansweredIn } from './time-rows.js';

export const nameWidth = 31;
export const cellWidth = 8;
/** A table of times has all its percentiles where there is room for them, else the three that matter most. */
const fullTableWidth = nameWidth + 7 * cellWidth;
/** The most rows of one kind; the rest is in the report. */
const mostListed = 12;

/** Broadcast, response, service and connect time, how late sends were, and what each step measured. */
export function times(report: Report, writer: TextWriter): void {
  const full = writer.width >= fullTableWidth;
  const steps = stepRows(report);
  // Where there is one step only, its row stands above.
  const listed =
    steps.length < 2 ? [] : steps.slice(0, mostListed).map(({ name, trend }) => ({ name: `  ${name}`, trend }));
  const rows = [...timeRows(report), ...listed, ...connectRows(report)].map((time) => timeRow(time, full));
  if (rows.length === 0) return;
  const heading = row('milliseconds', nameWidth, ['count', ...percentilesIn(full), 'max'], cellWidth);
  const unanswered = unansweredIn(report);
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
        `${formatReach({ hits, total })}  ${tags.packet}: ${exactCount(hits)} of ${counted(total, 'copy')} expected`,
      ),
    ),
  );
}

function timeRow({ name, trend }: TimeRow, full: boolean): string {
  const { count, p50, p90, p95, p99, p999, max } = trend;
  const quantiles = full ? [p50, p90, p95, p99, p999, max] : [p50, p95, p99, max];
  return row(name, nameWidth, [formatCount(count), ...quantiles.map(bareMs)], cellWidth);
}

/** What bots counted and recorded, by the names that they gave it. */
export function ownMetrics({ totals }: Report, writer: TextWriter): void {
  const { counters, trends } = totals.measured;
  const full = writer.width >= fullTableWidth;
  const nameOf = ({ tags }: { readonly tags: Tags }): string => `${tags.name} (${tags.client})`;
  const counted = counters.bot_counter?.series ?? [];
  writer.section(
    ...counted.flatMap((series, i) =>
      writer.fact(i === 0 ? 'bots counted' : '', `${exactCount(series.value)}  ${nameOf(series)}`),
    ),
  );
  const rows = [
    ...(trends.bot_time?.series ?? []).map((trend) => timeRow({ name: `${nameOf(trend)}, ms`, trend }, full)),
    ...(trends.bot_trend?.series ?? []).map((trend) => timeRow({ name: nameOf(trend), trend }, full)),
  ];
  if (rows.length === 0) return;
  const heading = row('bots recorded', nameWidth, ['count', ...percentilesIn(full), 'max'], cellWidth);
  writer.section(writer.paint('dim', heading), ...rows);
}

/** What clients did wrong, and how the others fared beside them. */
export function faults({ faults: found }: Report, writer: TextWriter): void {
  if (found === undefined) return;
  const { kinds, neighbours } = found;
  writer.section(
    ...kinds.flatMap((kind, i) => writer.fact(i === 0 ? 'faults' : '', `${kind.client}: ${faultyKindWords(kind)}`)),
  );
  if (neighbours === null) return;
  const heading = row('milliseconds', nameWidth, neighbourColumns, cellWidth);
  const { sign, style, sentence } = neighbourVerdict(neighbours);
  writer.section(
    ...writer.judged('neighbours', sign, style, sentence),
    writer.paint('dim', heading),
    ...neighbourRows(neighbours).map(({ name, cells }) => row(name, nameWidth, cells, cellWidth)),
  );
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
  const sorted = packetCounts(totals.wholeRun);
  if (sorted.length === 0) return;
  const rest = sorted.length - mostListed;
  const packetRow = (name: string, ...cells: string[]) => row(name, nameWidth, cells, 2 * cellWidth);
  writer.section(
    writer.paint('dim', packetRow('packets, whole run', 'sent', 'received')),
    ...sorted
      .slice(0, mostListed)
      .map(({ packet, sent, received }) => packetRow(packet, exactCount(sent), exactCount(received))),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  );
}
