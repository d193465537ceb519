import type { MetricName } from '../metrics/catalog.js';
import { formatBytes, formatCount, formatQuantile } from '../metrics/format.js';
import type { Totals, TrendSummary } from '../metrics/totals.js';
import type { Place, Sort } from './navigation.js';
import { type OwnMetric, ownMetricsOf } from './own-metrics.js';
import { trendOf, valuesOf } from './read-totals.js';
import { type Column, type TableView, tableOf } from './table.js';

export interface PacketsPage {
  readonly kind: 'packets';
  readonly table: TableView;
  readonly note: string;
  readonly tableLines: number;
  /** What bots count and measure; empty where they do not. */
  readonly own: readonly OwnMetric[];
}

/** One packet: rates of the latest second, times of the measured window, errors of the whole run. */
interface PacketRow {
  readonly name: string;
  readonly sent: number;
  readonly received: number;
  readonly bytes: number;
  readonly times: { readonly of: 'response' | 'service' | 'broadcast'; readonly trend: TrendSummary } | null;
  readonly errors: number;
}

interface PacketColumn extends Column<PacketRow> {
  /** By what its rows are sorted; -1 where there is nothing. */
  key(row: PacketRow): number | string;
}

/** `packetColumns` of them: that is how far the keys lead. */
const columns: readonly PacketColumn[] = [
  { label: 'packet', width: 0, text: ({ name }) => name, key: ({ name }) => name },
  { label: 'sent/s', width: 9, text: ({ sent }) => formatCount(sent), key: ({ sent }) => sent },
  { label: 'recv/s', width: 9, text: ({ received }) => formatCount(received), key: ({ received }) => received },
  { label: 'bytes/s', width: 10, text: ({ bytes }) => formatBytes(bytes), key: ({ bytes }) => bytes },
  percentileColumn(50, 9),
  percentileColumn(95, 8),
  percentileColumn(99, 8),
  { label: 'errors', width: 8, text: ({ errors }) => formatCount(errors), key: ({ errors }) => errors },
];

function percentileColumn(percentile: number, width: number): PacketColumn {
  return {
    label: `p${percentile} ms`,
    width,
    text: ({ times }) => (times === null ? '–' : formatQuantile(times.trend.percentile(percentile)).replace(' ', '')),
    key: ({ times }) => times?.trend.percentile(percentile).value ?? -1,
  };
}

/** Which times stand in the percentiles: where there is room for it. */
const timesColumn: Column<PacketRow> = { label: 'time of', width: 11, text: ({ times }) => times?.of ?? '' };
const wideWidth = 100;

/** The packets that were sent, received or failed, in the order that the user chose, and what bots measure themselves below. */
export function packetsPageOf(totals: Totals, place: Place, width: number, lines: number): PacketsPage {
  const all = ownMetricsOf(totals);
  const own = all.slice(0, Math.max(0, Math.floor(lines / 2) - 2));
  const tableLines = lines - 2 - (own.length > 0 ? own.length + 2 : 0);
  const rows = sorted(packetRows(totals), place.sort);
  const marked = columns.map((column, index) => ({ ...column, label: column.label + mark(place.sort, index) }));
  return {
    kind: 'packets',
    table: tableOf({
      columns: width >= wideWidth ? [...marked, timesColumn] : marked,
      rows,
      tone: ({ errors }) => (errors > 0 ? 'bad' : 'plain'),
      width,
      lines: tableLines,
      top: place.tops.packets,
    }),
    note: `${rows.length}`,
    tableLines,
    own,
  };
}

function mark({ column, descending }: Sort, index: number): string {
  return index !== column ? '' : descending ? '▼' : '▲';
}

function packetRows(totals: Totals): PacketRow[] {
  const counted: readonly MetricName[] = ['packets_sent', 'packets_received'];
  const failures: readonly MetricName[] = ['timeouts', 'lost_replies', 'dropped_sends'];
  const sum = (metrics: readonly MetricName[], packet: string) =>
    metrics.reduce((all, metric) => all + totals.counter(metric, { packet }, 'wholeRun'), 0);
  const names = new Set([...counted, ...failures].flatMap((metric) => valuesOf(totals, metric, 'packet')));
  return [...names].flatMap((packet) => {
    const errors = sum(failures, packet);
    if (errors + sum(counted, packet) === 0) return [];
    return {
      name: packet,
      sent: totals.latest('packets_sent', { packet }),
      received: totals.latest('packets_received', { packet }),
      bytes: totals.latest('packet_data_sent', { packet }) + totals.latest('packet_data_received', { packet }),
      times: timesOf(totals, packet),
      errors,
    };
  });
}

/** Of open loops from the due time, of closed ones from the send, of what others sent as a broadcast: they are never merged. */
function timesOf(totals: Totals, packet: string): PacketRow['times'] {
  const response = trendOf(totals, 'response_time', { packet, arrival: 'open' });
  if (response !== undefined) return { of: 'response', trend: response.trend };
  const service = trendOf(totals, 'service_time', { packet, arrival: 'closed' });
  if (service !== undefined) return { of: 'service', trend: service.trend };
  const broadcast = trendOf(totals, 'broadcast_time', { packet });
  return broadcast === undefined ? null : { of: 'broadcast', trend: broadcast.trend };
}

/** What is equal stands in the order of the names, so that no row moves without a reason. */
function sorted(rows: readonly PacketRow[], { column, descending }: Sort): PacketRow[] {
  const keys = new Map(rows.map((row) => [row, columns[column]!.key(row)]));
  const sign = descending ? -1 : 1;
  const compare = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...rows].sort((a, b) => sign * compare(keys.get(a)!, keys.get(b)!) || compare(a.name, b.name));
}
