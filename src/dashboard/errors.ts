import type { MetricName, TagName } from '../metrics/catalog.js';
import { counted, formatCount } from '../metrics/format.js';
import type { Totals } from '../metrics/totals.js';
import { clock } from './clock-text.js';
import type { Tone } from './facts.js';
import type { SampleFacts } from './input.js';
import { countsBy, valuesOf } from './read-totals.js';

export interface ErrorView {
  /** All failures of the kinds below, whatever fits. */
  readonly total: string;
  readonly lines: readonly ErrorLine[];
  /** What stands there where there are no lines: that nothing failed can be said only once something was tried. */
  readonly empty: { readonly text: string; readonly tone: Tone };
}

export interface ErrorLine {
  readonly label: string;
  readonly count: string;
  /** When its latest case came, and the words of that, where there is a line for them. */
  readonly message: string | null;
}

export interface ErrorKind {
  readonly label: string;
  readonly count: number;
  /** How its samples are named. */
  readonly sample: (kind: string) => boolean;
  /** Each of its cases is one of another kind too. */
  readonly again?: boolean;
}

interface KindWithCase extends ErrorKind {
  readonly latest: SampleFacts | undefined;
}

/**
 * Failures of the whole run by kind, the most frequent first. The words of the very latest case always have a line, its kind stands above them:
 * where there is no room for all kinds, those that are less frequent give way, and the last line sums them up. Lines that are left go to the words
 * of the others, the latest first.
 */
export function errorViewOf(totals: Totals, samples: Iterable<SampleFacts>, most: number): ErrorView {
  const all = [...samples];
  const kinds = errorKinds(totals)
    .sort((a, b) => b.count - a.count)
    .map((kind): KindWithCase => ({ ...kind, latest: latestOf(all.filter((sample) => kind.sample(sample.kind))) }));
  const byTime = kinds.filter(({ latest }) => latest !== undefined).sort((a, b) => b.latest!.lastMs - a.latest!.lastMs);
  const shown = shownKinds(kinds, byTime[0], most);
  const rest = kinds.filter((kind) => !shown.includes(kind));
  const spare = most - shown.length - (rest.length > 0 ? 1 : 0);
  const worded = new Set(byTime.filter((kind) => shown.includes(kind)).slice(0, Math.max(0, spare)));
  const lines = shown.map(
    (kind): ErrorLine => ({
      label: kind.label,
      count: formatCount(kind.count),
      message: worded.has(kind) ? wordsOf(kind.label, kind.latest!) : null,
    }),
  );
  if (rest.length > 0) lines.push({ label: restLabel(rest), count: formatCount(sumOf(rest)), message: null });
  return {
    total: formatCount(sumOf(kinds)),
    lines,
    empty:
      totals.wholeRunMs > 0 ? { text: '✓ none', tone: 'good' } : { text: '◌ nothing attempted yet', tone: 'plain' },
  };
}

/** As many as fit with one line of words, in their order; `latest` is always among them. */
function shownKinds(
  kinds: readonly KindWithCase[],
  latest: KindWithCase | undefined,
  most: number,
): readonly KindWithCase[] {
  const room = most - (latest === undefined ? 0 : 1);
  if (kinds.length <= room) return kinds;
  const others = kinds.filter((kind) => kind !== latest);
  // One line is the rest's.
  const chosen = others.slice(0, Math.max(0, room - 1 - (latest === undefined ? 0 : 1)));
  return kinds.filter((kind) => kind === latest || chosen.includes(kind));
}

function restLabel({ length }: readonly ErrorKind[]): string {
  return counted(length, 'other kind');
}

/** `00:31 read ECONNRESET`; what stands in the line above, as `connect ECONNREFUSED` does, is not said again. */
function wordsOf(label: string, { lastMs, lastMessage }: SampleFacts): string {
  const words = lastMessage.startsWith(`${label} `) ? lastMessage.slice(label.length + 1) : lastMessage;
  return `${clock(lastMs)} ${words}`;
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
    {
      label: 'transform errors',
      count: counter('transform_errors'),
      sample: (kind: string) => kind.startsWith('transform '),
    },
  ];
  return kinds.filter(({ count }) => count > 0);
}

function byTag(totals: Totals, metric: MetricName, tag: TagName, prefix: string): ErrorKind[] {
  return [...countsBy(totals, metric, tag)].map(([value, count]) => ({
    label: `${prefix} ${value}`,
    count,
    sample: (kind) => kind === `${metric} ${value}`,
    // What ends a connection so is a protocol error, and counted there.
    again: metric === 'disconnects' && value === 'protocol',
  }));
}

function failedChecks(totals: Totals): ErrorKind[] {
  return valuesOf(totals, 'checks', 'check').map((check) => {
    const { hits, total } = totals.rate('checks', { check }, 'wholeRun');
    return { label: `check ${check}`, count: total - hits, sample: (kind) => kind === `checks ${check}` };
  });
}

/** How many failures there were, each counted once. */
export function sumOf(kinds: readonly ErrorKind[]): number {
  return kinds.reduce((sum, { count, again = false }) => sum + (again ? 0 : count), 0);
}
