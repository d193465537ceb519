import { bareMs, counted, exactCount, formatCount } from '../metrics/format.js';
import { timeNameOf } from '../metrics/windows.js';
import type { FaultyKindReport } from './faults.js';
import type { NeighboursReport } from './neighbours.js';

const verdictWords = {
  unhurt: { sign: '✓', style: 'good', sentence: 'The faults did not hurt the other clients' },
  hurt: { sign: '✗', style: 'bad', sentence: 'The faults hurt the other clients' },
  'cannot tell': { sign: '?', style: 'warn', sentence: 'Whether the faults hurt the other clients cannot be told' },
} as const;

/** The verdict in a sentence, and how it is to look. */
export function neighbourVerdict({ verdict, reasons }: NeighboursReport) {
  const { sign, style, sentence } = verdictWords[verdict];
  return { sign, style, sentence: `${sentence}: ${reasons.join('; ')}.` };
}

export const neighbourColumns = ['count', 'p50', 'p95', 'p99', 'failed', 'lost'] as const;

/**
 * The table of neighbours: a row for each period and each of its times, with a cell for each column. What a period has but once stands
 * in its first row.
 */
export function neighbourRows({ periods }: NeighboursReport): { readonly name: string; readonly cells: string[] }[] {
  return periods.flatMap(({ name, times, failed, disconnects }) => {
    const counts = [exactCount(failed), exactCount(disconnects)];
    if (times.length === 0) return [{ name, cells: ['–', '–', '–', '–', ...counts] }];
    return times.map(({ of, count, p50, p95, p99 }, i) => ({
      name: `${name}: ${timeNameOf(of.metric)}`,
      cells: [formatCount(count), ...[p50, p95, p99].map(bareMs), ...(i === 0 ? counts : ['', ''])],
    }));
  });
}

/** `12 wrongSize, 3 mutate; 15 connects, 14 lost (12 remote, 2 reset)` */
export function faultyKindWords({ played, connects, connectFailures, lost }: FaultyKindReport): string {
  const faults = played.map(({ fault, count }) => `${exactCount(count)} ${fault}`).join(', ');
  const sum = lost.reduce((total, { count }) => total + count, 0);
  const causes = lost.map(({ cause, count }) => `${exactCount(count)} ${cause}`).join(', ');
  return [
    `${faults}; ${counted(connects, 'connect')}`,
    ...(connectFailures > 0 ? [`${exactCount(connectFailures)} failed`] : []),
    `${exactCount(sum)} lost${causes === '' ? '' : ` (${causes})`}`,
  ].join(', ');
}
