import { seriesKey } from '../metrics/catalog.js';
import type { Tone } from './facts.js';
import type { ThresholdStatus } from './input.js';
import { rangeText, type Scroll, scrollOf } from './navigation.js';

export interface ThresholdLine {
  readonly glyph: '✓' | '✗' | '◌' | ' ';
  readonly tone: Tone;
  readonly text: string;
  /** What was found. */
  readonly outcome: string;
}

export interface ThresholdList {
  readonly lines: readonly ThresholdLine[];
  readonly scroll: Scroll;
}

const unscrolled: Scroll = { top: 0, most: 0, page: 0 };

/** One line a threshold, those that fail first; where there is no room for all, the last line says which these are, and counts the rest. */
export function thresholdListOf(thresholds: readonly ThresholdStatus[], lines: number, top: number): ThresholdList {
  const sorted = [...thresholds].sort((a, b) => urgency(a) - urgency(b));
  if (sorted.length <= lines) return { lines: sorted.map(thresholdLine), scroll: unscrolled };
  if (lines < 2) return { lines: [restLine(sorted, unscrolled)].slice(0, lines), scroll: unscrolled };
  const scroll = scrollOf(sorted.length, lines - 1, top);
  const shown = sorted.slice(scroll.top, scroll.top + scroll.page);
  return { lines: [...shown.map(thresholdLine), restLine(sorted, scroll)], scroll };
}

function urgency(status: ThresholdStatus): number {
  if (isFailing(status)) return 0;
  return status.ok === 'undecided' ? 1 : 2;
}

function thresholdLine({ ok, value, threshold, sentence }: ThresholdStatus): ThresholdLine {
  const text = `${seriesKey(threshold)} ${threshold.source}`;
  // While the run goes on, what has not been measured yet has not failed yet.
  if (ok === 'undecided' || (ok === false && value === null))
    return { glyph: '◌', tone: 'plain', text, outcome: sentence };
  return ok
    ? { glyph: '✓', tone: 'good', text, outcome: sentence }
    : { glyph: '✗', tone: 'bad', text, outcome: sentence };
}

function isFailing({ ok, value }: ThresholdStatus): boolean {
  return ok === false && value !== null;
}

function restLine(all: readonly ThresholdStatus[], { top, page }: Scroll): ThresholdLine {
  const rest = [...all.slice(0, top), ...all.slice(top + page)];
  const failing = rest.filter(isFailing).length;
  const failingText = `${failing === 0 ? 'none' : failing} ${page === 0 ? 'failing' : 'of the others failing'}`;
  const text =
    page === 0 ? `${all.length}, ${failingText}` : `${rangeText(top, page, all.length)}, ${failingText}: ↑ ↓`;
  return { glyph: ' ', tone: failing > 0 ? 'bad' : 'plain', text, outcome: '' };
}
