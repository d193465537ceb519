import { catalog } from '../metrics/catalog.js';
import { metricOf, readWindow, windowKeys } from './histograms.js';
import type { Report, TimelineWindow } from './report.js';

/** The columns that every time line has. */
const columns: readonly (readonly [string, (window: TimelineWindow) => number | null])[] = [
  ['at_ms', ({ atMs }) => atMs],
  ['width_ms', ({ widthMs }) => widthMs],
  ['connected', ({ connected }) => connected],
  ['packets_sent_per_s', ({ packetsSent }) => packetsSent],
  ['packets_received_per_s', ({ packetsReceived }) => packetsReceived],
  ['bytes_sent_per_s', ({ bytesSent }) => bytesSent],
  ['bytes_received_per_s', ({ bytesReceived }) => bytesReceived],
  ['errors_per_s', ({ errors }) => errors],
  ['contaminated_share', ({ contaminatedShare }) => contaminatedShare],
  ['workers_memory_bytes', ({ memory }) => memory?.workersBytes ?? null],
  ['coordinator_memory_bytes', ({ memory }) => memory?.coordinatorBytes ?? null],
];

const percentiles = [50, 95, 99, 100] as const;

/**
 * The time line as CSV (RFC 4180, but with `\n`): a row a second, in long runs a row for several, as `width_ms` says. For each kept
 * histogram it has the count of the answered values that arrived, and percentiles of them. What was not measured is empty.
 */
export function renderCsv(report: Report): string {
  const keys = windowKeys(report);
  const head = [
    ...columns.map(([name]) => name),
    ...keys.flatMap((key) => [`${key} count`, ...percentiles.map((percentile) => title(key, percentile))]),
  ];
  const rows = report.timeline.map((window) => [
    ...columns.map(([, read]) => read(window)),
    ...keys.flatMap((key) => valuesOf(window, key)),
  ]);
  return [head, ...rows].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

function title(key: string, percentile: number): string {
  return `${key} ${percentile === 100 ? 'max' : `p${percentile}`}, ${catalog[metricOf(key)].unit}`;
}

function valuesOf(window: TimelineWindow, key: string): (number | null)[] {
  const trend = readWindow(window, key);
  return [trend?.count ?? null, ...percentiles.map((percentile) => trend?.percentile(percentile).value ?? null)];
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return `${Number(value.toPrecision(9))}`;
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
