import { formatCount } from '../metrics/format.js';
import { clock } from './clock-text.js';
import type { Tone } from './facts.js';
import type { DashboardInput, EventFacts, SampleFacts } from './input.js';
import { type Place, type Scroll, scrollOf } from './navigation.js';
import { wrapped } from './printable.js';

export interface LogLine {
  /** Counts the lines of the whole log. */
  readonly number: number;
  /** Empty where the line above goes on. */
  readonly time: string;
  readonly sign: '!' | '✗' | '·' | ' ';
  readonly tone: Tone;
  readonly text: string;
}

export interface LogPage {
  readonly kind: 'log';
  readonly lines: readonly LogLine[];
  readonly note: string;
  readonly scroll: Scroll;
}

interface Entry {
  readonly atMs: number;
  readonly sign: LogLine['sign'];
  readonly tone: Tone;
  readonly text: string;
}

/** `1:02:05` and a space. */
export const logTimeWidth = 8;
/** A sign and a space stand between them. */
const beforeText = logTimeWidth + 2;

/** What happened, in the order in which it first did; what comes again is counted where it stands. */
export function logPageOf({ events, samples }: DashboardInput, place: Place, width: number, lines: number): LogPage {
  const entries = [...events.map(eventEntry), ...Array.from(samples, sampleEntry)].sort((a, b) => a.atMs - b.atMs);
  const all = entries.flatMap((entry) => linesOf(entry, width)).map((line, number) => ({ ...line, number }));
  const scroll = scrollOf(all.length, lines - 2, place.tops.log);
  return {
    kind: 'log',
    lines: all.slice(scroll.top, scroll.top + scroll.page),
    note: formatCount(entries.length),
    scroll,
  };
}

function eventEntry({ atMs, message }: EventFacts): Entry {
  return { atMs, sign: '!', tone: 'warn', text: message };
}

function sampleEntry({ kind, count, firstMs, lastMs, lastMessage }: SampleFacts): Entry {
  const repeated = count === 1 ? '' : `  (${formatCount(count)} times, last at ${clock(lastMs)})`;
  if (kind.startsWith('log ')) return { atMs: firstMs, sign: '·', tone: 'plain', text: lastMessage + repeated };
  // What user code throws is its own kind.
  const [, whose = kind.replaceAll('_', ' ')] = /^(bot|transform) /.exec(kind) ?? [];
  const named = `${whose}: ${lastMessage}`;
  return { atMs: firstMs, sign: '✗', tone: 'bad', text: named + repeated };
}

function linesOf({ atMs, sign, tone, text }: Entry, width: number): Omit<LogLine, 'number'>[] {
  return wrapped(text, width - beforeText).map((line, index) =>
    index === 0 ? { time: clock(atMs), sign, tone, text: line } : { time: '', sign: ' ', tone, text: line },
  );
}
