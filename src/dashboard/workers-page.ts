import { auditOf } from '../metrics/audit.js';
import { formatBytes, formatCount } from '../metrics/format.js';
import type { WorkerState } from '../metrics/snapshot.js';
import type { Totals } from '../metrics/totals.js';
import type { WorkerUsage } from '../metrics/usage.js';
import type { WorkerActivity } from '../metrics/worker-activity.js';
import { notJudged, type Tone, verdictTones } from './facts.js';
import type { DashboardInput, WorkerFacts } from './input.js';
import type { Place } from './navigation.js';
import { wrapped } from './printable.js';
import { type Column, type TableView, tableOf } from './table.js';

export interface WorkersPage {
  readonly kind: 'workers';
  readonly table: TableView;
  readonly note: string;
  readonly tableLines: number;
  readonly verdict: { readonly text: string; readonly tone: Tone };
  /** Why, in sentences; what does not fit is left out. */
  readonly reasons: readonly string[];
  readonly reasonLines: number;
}

interface WorkerRow {
  readonly facts: WorkerFacts;
  /** Undefined before its first report. */
  readonly state: WorkerState | undefined;
  readonly activity: WorkerActivity | undefined;
  readonly usage: WorkerUsage | undefined;
}

const none = '–';

function percent(share: number | null | undefined, digits: number): string {
  return share === null || share === undefined ? none : `${(share * 100).toFixed(digits)} %`;
}

const columns: readonly Column<WorkerRow>[] = [
  { label: 'worker', width: 0, text: ({ facts }) => (facts.lost ? `${facts.index} ✗ lost` : `${facts.index}`) },
  { label: 'clients', width: 8, text: ({ state }) => (state === undefined ? none : formatCount(state.connected)) },
  { label: 'lost', width: 7, text: ({ state }) => (state === undefined ? none : formatCount(state.lost)) },
  { label: 'sent/s', width: 8, text: ({ activity }) => formatCount(activity?.packetsSent ?? 0) },
  { label: 'recv/s', width: 8, text: ({ activity }) => formatCount(activity?.packetsReceived ?? 0) },
  { label: 'cpu', width: 7, text: ({ activity }) => percent(activity?.cpu, 0) },
  { label: 'late ms', width: 9, text: ({ state }) => (state === undefined ? none : state.loopDelayMaxMs.toFixed(1)) },
  { label: 'contam.', width: 9, text: ({ activity }) => percent(activity?.contaminatedShare, 1) },
  { label: 'clock ms', width: 10, text: ({ facts }) => clockText(facts) },
];

/** Where there is room for them. */
const wideColumns: readonly Column<WorkerRow>[] = [
  { label: 'connecting', width: 12, text: ({ state }) => formatCount(state?.connecting ?? 0) },
  { label: 'no effect', width: 11, text: ({ state }) => formatCount(state?.silent ?? 0) },
  { label: 'memory', width: 10, text: ({ state }) => (state === undefined ? none : formatBytes(state.rssBytes)) },
  { label: 'worst ms', width: 10, text: ({ usage }) => (usage === undefined ? none : usage.loopDelayMaxMs.toFixed(1)) },
  { label: 'pid', width: 9, text: ({ facts }) => `${facts.pid}` },
];
const wideWidth = 100;

/** An offset below its own error is none. */
function clockText({ clock: { atStart } }: WorkerFacts): string {
  if (atStart === null) return none;
  const { offsetUs, errorUs } = atStart;
  return Math.abs(offsetUs) <= errorUs ? `±${(errorUs / 1000).toFixed(2)}` : (offsetUs / 1000).toFixed(2);
}

/** How each worker fares, and whether their numbers are the server's. */
export function workersPageOf(input: DashboardInput, place: Place, width: number, lines: number): WorkersPage {
  const { totals, workers } = input;
  const { text, tone, reasons } = verdictOf(totals);
  const { activity } = totals;
  const sentences = reasons
    .flatMap((sentence) => wrapped(sentence, width))
    .slice(0, Math.max(1, Math.floor(lines / 3)));
  const reasonLines = sentences.length;
  const tableLines = lines - 4 - reasonLines;
  const rows = workers.map((facts) => ({
    facts,
    state: totals.workers[facts.index],
    activity: activity[facts.index],
    usage: totals.usage[facts.index],
  }));
  return {
    kind: 'workers',
    table: tableOf({
      columns: width >= wideWidth ? [...columns, ...wideColumns] : columns,
      rows,
      tone: ({ facts }) => (facts.lost ? 'bad' : 'plain'),
      width,
      lines: tableLines,
      top: place.tops.workers,
    }),
    note: `${workers.length}`,
    tableLines,
    verdict: { text, tone },
    reasons: sentences,
    reasonLines,
  };
}

/** The verdict on the generator, and why it is that. */
function verdictOf(totals: Totals): {
  readonly text: string;
  readonly tone: Tone;
  readonly reasons: readonly string[];
} {
  if (totals.wholeRunMs === 0) return { text: notJudged, tone: 'plain', reasons: ['nothing was measured so far'] };
  const { verdict, reasons } = auditOf(totals);
  return {
    text: verdict,
    tone: verdictTones[verdict],
    reasons: verdict === 'ok' ? ['the numbers are the server’s'] : reasons.map(({ sentence }) => sentence),
  };
}
