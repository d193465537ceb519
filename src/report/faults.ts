import { type FaultyKinds, standsApart } from '../metrics/apart.js';
import type { MetricName, Tags } from '../metrics/catalog.js';
import type { Totals } from '../metrics/totals.js';
import type { ClientKindPlan } from '../scenario/plan.js';
import { type NeighbourDoubts, type NeighboursReport, neighboursReport } from './neighbours.js';
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
