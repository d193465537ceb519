import { seriesKey } from '../metrics/catalog.js';
import type { Tone } from './facts.js';
import type { ThresholdStatus } from './input.js';

export interface ThresholdLine {
  readonly glyph: '✓' | '✗' | '◌' | ' ';
  readonly tone: Tone;
  readonly text: string;
  /** What was found. */
  readonly outcome: string;
}

/** One line a threshold, those that fail first; where there is no room for all, the last line counts the rest. */
export function thresholdLines(thresholds: readonly ThresholdStatus[], most: number): ThresholdLine[] {
  const sorted = [...thresholds].sort((a, b) => urgency(a) - urgency(b));
  if (sorted.length <= most) return sorted.map(thresholdLine);
  const shown = sorted.slice(0, Math.max(0, most - 1));
  return [...shown.map(thresholdLine), restLine(sorted.slice(shown.length))].slice(0, most);
}

function urgency({ ok, value }: ThresholdStatus): number {
  if (ok === false && value !== null) return 0;
  return ok === 'undecided' ? 1 : 2;
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

function restLine(rest: readonly ThresholdStatus[]): ThresholdLine {
  const failing = rest.filter(({ ok, value }) => ok === false && value !== null).length;
  const text = `and ${rest.length} more, ${failing === 0 ? 'none' : failing} failing`;
  return { glyph: ' ', tone: failing > 0 ? 'bad' : 'plain', text, outcome: '' };
}
