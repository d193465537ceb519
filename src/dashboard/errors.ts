import type { MetricName, TagName } from '../metrics/catalog.js';
import { formatCount } from '../metrics/format.js';
import type { Totals } from '../metrics/totals.js';
import type { SampleFacts } from './input.js';
import { countsBy, valuesOf } from './read-totals.js';

export interface ErrorView {
  /** All failures of the kinds below, whatever fits. */
  readonly total: string;
  readonly lines: readonly ErrorLine[];
}

export interface ErrorLine {
  readonly label: string;
  readonly count: string;
  /** The words of the latest case, where there is a line for them. */
  readonly message: string | null;
}

export interface ErrorKind {
  readonly label: string;
  readonly count: number;
  /** How its samples are named. */
  readonly sample: (kind: string) => boolean;
}

/**
 * Failures of the whole run by kind, the most frequent first; where there is no room for all, the last line sums the rest up. Lines that are
 * left go to the words of the latest cases.
 */
export function errorViewOf(totals: Totals, samples: Iterable<SampleFacts>, most: number): ErrorView {
  const kinds = errorKinds(totals).sort((a, b) => b.count - a.count);
  const shown = kinds.length <= most ? kinds : kinds.slice(0, most - 1);
  const rest = kinds.slice(shown.length);
  const all = [...samples];
  let spare = most - kinds.length;
  const lines: ErrorLine[] = shown.map(({ label, count, sample }) => {
    const message = spare > 0 ? (latestOf(all.filter(({ kind }) => sample(kind)))?.lastMessage ?? null) : null;
    if (message !== null) spare--;
    return { label, count: formatCount(count), message };
  });
  if (rest.length > 0) {
    lines.push({ label: `${rest.length} other kinds`, count: formatCount(sumOf(rest)), message: null });
  }
  return { total: formatCount(sumOf(kinds)), lines };
}

function latestOf(samples: readonly SampleFacts[]): SampleFacts | undefined {
  return [...samples].sort((a, b) => b.lastMs - a.lastMs)[0];
}

/** What failed in the whole run so far, kind by kind. */
export function errorKinds(totals: Totals): ErrorKind[] {
  const counter = (metric: MetricName) => totals.counter(metric, {}, 'wholeRun');
  const kinds = [
    ...byTag(totals, 'connect_failures', 'code', 'connect'),
    ...byTag(totals, 'disconnects', 'cause', 'lost').filter(({ label }) => label !== 'lost planned'),
    { label: 'timeouts', count: counter('timeouts'), sample: (kind: string) => kind === 'timeouts' },
    { label: 'replies lost', count: counter('lost_replies'), sample: () => false },
    ...byTag(totals, 'dropped_sends', 'cause', 'not sent'),
    ...byTag(totals, 'protocol_errors', 'code', 'protocol'),
    ...failedChecks(totals),
    { label: 'bot errors', count: counter('bot_errors'), sample: (kind: string) => kind.startsWith('bot ') },
  ];
  return kinds.filter(({ count }) => count > 0);
}

function byTag(totals: Totals, metric: MetricName, tag: TagName, prefix: string): ErrorKind[] {
  return [...countsBy(totals, metric, tag)].map(([value, count]) => ({
    label: `${prefix} ${value}`,
    count,
    sample: (kind) => kind === `${metric} ${value}`,
  }));
}

function failedChecks(totals: Totals): ErrorKind[] {
  return valuesOf(totals, 'checks', 'check').map((check) => {
    const { hits, total } = totals.rate('checks', { check }, 'wholeRun');
    return { label: `check ${check}`, count: total - hits, sample: (kind) => kind === `checks ${check}` };
  });
}

/** How many failures there were. */
export function sumOf(kinds: readonly ErrorKind[]): number {
  return kinds.reduce((sum, { count }) => sum + count, 0);
}
