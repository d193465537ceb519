import { formatCount, formatQuantileMs } from '../metrics/format.js';
import type { Verdict } from '../statistics/judge.js';
import type { Comparison, Row, RowValue } from './comparison.js';

/** The words and numbers that every renderer of a comparison shows. */

/** Data that could only have shown a change greater than this show nothing. */
const hopeless = 20;

export function valueText({ unit }: Row, { value, atLeast }: RowValue): string {
  if (unit === 'ms') return formatQuantileMs({ value, atLeast });
  return `${atLeast ? '≥ ' : ''}${formatCount(value)}`;
}

/** `+12.3 %`, `−4.0 %`; from twice as much on `× 3.1`, which is read faster. */
export function changeText(change: number): string {
  if (change >= 1) return `× ${formatCount(change + 1)}`;
  const percent = (100 * change).toFixed(1);
  if (Number(percent) === 0) return '0.0 %';
  return `${percent.startsWith('-') ? `−${percent.slice(1)}` : `+${percent}`} %`;
}

/** The heading of the intervals: with their confidence, where all have one. */
export function intervalTitle(rows: readonly Row[]): string {
  const confidences = new Set(
    rows.flatMap(({ interval }) => (interval === null ? [] : interval.confidence.toFixed(3))),
  );
  const [only] = confidences;
  return only !== undefined && confidences.size === 1 ? `${formatCount(100 * Number(only))} % interval` : 'interval';
}

/** The change of a row, and what it may truly be; a dash where there is none. */
export function changeCells({ change, interval }: Row): readonly [change: string, interval: string] {
  return [
    change === null ? '–' : changeText(change),
    interval === null ? '–' : `${changeText(interval.from)} … ${changeText(interval.to)}`,
  ];
}

/** What stands below a row: what is not in its cells. */
export function remarksOn(row: Row): string[] {
  const remarks = row.reasons.length === 0 ? [] : [`Reason: ${row.reasons.join('; ')}.`];
  if (row.verdict === 'cannot tell' && row.smallestChange !== null && !hidesAChange(row)) {
    remarks.push(smallestText(row.smallestChange));
  }
  // Where one odd round moves the mean, the median tells.
  if (row.medianChange !== null) remarks.push(`The median of the pairs is ${changeText(row.medianChange)}.`);
  return remarks;
}

/** A change this large would have shown, if nothing else spoke against the numbers. */
function hidesAChange({ change, smallestChange }: Row): boolean {
  return change !== null && smallestChange !== null && Math.abs(change) >= Math.abs(smallestChange);
}

function smallestText(change: number): string {
  if (Math.abs(change) > hopeless) return 'Hardly any change would have shown in these data.';
  return `A change of ${changeText(change)} would have shown nine times in ten.`;
}

/** The name of a row, or what the user wrote where it decides. */
export function titleOfRow({ name, failOn }: Row): string {
  return failOn === null ? name : `${name}, fails on ${failOn.slice(failOn.search(/[+-][^+-]*$/))}`;
}

export function titleOf({ scenario, base, current }: Comparison): string {
  return `${scenario}: ${base.label} → ${current.label}`;
}

export type Conclusion = 'ok' | 'worse' | 'cannot tell';

/** What all rows that may fail come to, and the sentence for it. */
export function conclusionOf({ rows }: Comparison): { readonly verdict: Conclusion; readonly sentence: string } {
  const goals = rows.filter(({ failOn }) => failOn !== null);
  const named = (verdict: Verdict) => goals.filter((row) => row.verdict === verdict).map(({ name }) => name);
  if (goals.length === 0) return { verdict: 'ok', sentence: 'No --fail-on was given: nothing here can fail.' };
  const worse = named('worse');
  if (worse.length > 0) return { verdict: 'worse', sentence: `Worse: ${worse.join(', ')}.` };
  const untold = named('cannot tell');
  if (untold.length === 0) return { verdict: 'ok', sentence: 'Nothing that may fail is worse.' };
  const sentence = `Nothing is shown to be worse, but it cannot be told of ${untold.join(', ')}.`;
  return { verdict: 'cannot tell', sentence };
}

/** Stands before a verdict or a conclusion. */
export const glyphOf: Readonly<Record<Verdict | Conclusion, string>> = {
  ok: '✓',
  better: '✓',
  same: '✓',
  worse: '✗',
  'cannot tell': '?',
};
