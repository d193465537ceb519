import { type FaultyKinds, standsApart } from '../metrics/apart.js';
import type { MetricName, Tags } from '../metrics/catalog.js';
import { bareMs, exactCount, formatCount } from '../metrics/format.js';
import type { Totals } from '../metrics/totals.js';
import type { ClientKindPlan } from '../scenario/plan.js';
import { type NeighbourDoubts, type NeighboursReport, neighboursReport, timeNameOf } from './neighbours.js';
import type { Report } from './report.js';

/** What clients did wrong, what became of them, and what the others saw of it. */
export interface FaultsReport {
  readonly kinds: readonly FaultyKindReport[];
  /** Null where every kind has faults: then all sums are theirs. */
  readonly neighbours: NeighboursReport | null;
}

/** One kind of clients with faults, over the whole run. */
export interface FaultyKindReport {
  readonly client: string;
  readonly played: readonly { readonly fault: string; readonly count: number }[];
  readonly connects: number;
  readonly connectFailures: number;
  /** Connections that ended, and not as planned, by cause: `fault` where a fault itself ended them. */
  readonly lost: readonly { readonly cause: string; readonly count: number }[];
}

/** Undefined where no kind has faults. */
export function faultsReport(
  kinds: readonly ClientKindPlan[],
  totals: Totals,
  doubts: NeighbourDoubts,
): FaultsReport | undefined {
  const faulty = kinds.filter(({ faults }) => faults.length > 0);
  if (faulty.length === 0) return undefined;
  return {
    kinds: faulty.map((kind) => kindReport(kind, totals)),
    neighbours: totals.faulty.size === 0 ? null : neighboursReport(totals, doubts),
  };
}

function kindReport({ name: client, faults }: ClientKindPlan, totals: Totals): FaultyKindReport {
  const count = (metric: MetricName, tags = {}) => totals.counter(metric, { client, ...tags }, 'wholeRun');
  const causes = new Set(totals.series('disconnects').flatMap(({ tags }) => tags.cause ?? []));
  causes.delete('planned');
  return {
    client,
    played: [...new Set(faults.map(({ fault }) => fault))].map((fault) => ({
      fault,
      count: count('faults_played', { fault }),
    })),
    connects: count('connects'),
    connectFailures: count('connect_failures'),
    lost: [...causes]
      .map((cause) => ({ cause, count: count('disconnects', { cause }) }))
      .filter(({ count: n }) => n > 0),
  };
}

/** The kinds of a report that stand apart for their faults: no total counts what they met. */
function faultyKindsOf({ faults }: Report): FaultyKinds {
  return new Set(faults === undefined || faults.neighbours === null ? [] : faults.kinds.map(({ client }) => client));
}

/** Of the series of a metric those that its total is the sum of. */
export function summed<Series extends { readonly tags: Tags }>(
  metric: MetricName,
  series: readonly Series[],
  report: Report,
): readonly Series[] {
  const faulty = faultyKindsOf(report);
  return series.filter(({ tags }) => !standsApart({ metric, tags }, faulty));
}

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

const periodWords = { before: 'before', during: 'during', after: 'after' } as const;

export const neighbourColumns = ['count', 'p50', 'p95', 'p99', 'failed', 'lost'] as const;

/**
 * The table of neighbours: a row for each period and each of its times, with a cell for each column. What a period has but once stands
 * in its first row.
 */
export function neighbourRows({ periods }: NeighboursReport): { readonly name: string; readonly cells: string[] }[] {
  return periods.flatMap(({ name, times, failed, disconnects }) => {
    const counts = [exactCount(failed), exactCount(disconnects)];
    if (times.length === 0) return [{ name: periodWords[name], cells: ['–', '–', '–', '–', ...counts] }];
    return times.map(({ of, count, p50, p95, p99 }, i) => ({
      name: `${periodWords[name]}: ${timeNameOf(of)}`,
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
    `${faults}; ${exactCount(connects)} connects`,
    ...(connectFailures > 0 ? [`${exactCount(connectFailures)} failed`] : []),
    `${exactCount(sum)} lost${causes === '' ? '' : ` (${causes})`}`,
  ].join(', ');
}
