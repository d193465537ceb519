import type { MetricName, TagName } from '../metrics/catalog.js';
import type { ScopeReport } from './scope.js';

/** One kind of failure. */
export interface ErrorKind {
  /** As error samples name it, `connect_failures ECONNREFUSED`. */
  readonly kind: string;
  /** For people, `connect ECONNREFUSED`. */
  readonly label: string;
  readonly count: number;
}

/** Failures by kind, the most frequent first. Planned disconnects are none. */
export function errorKinds(scope: ScopeReport): ErrorKind[] {
  const kinds = [
    ...byTag(scope, 'connect_failures', 'code', 'connect'),
    ...byTag(scope, 'disconnects', 'cause', 'lost').filter(({ kind }) => kind !== 'disconnects planned'),
    { kind: 'timeouts', label: 'timeouts', count: scope.counters.timeouts?.total ?? 0 },
    { kind: 'lost_replies', label: 'replies lost', count: scope.counters.lost_replies?.total ?? 0 },
    ...byTag(scope, 'dropped_sends', 'cause', 'not sent'),
    ...byTag(scope, 'protocol_errors', 'code', 'protocol'),
    ...failedChecks(scope),
  ];
  return kinds.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}

function byTag(scope: ScopeReport, metric: MetricName, tag: TagName, word: string): ErrorKind[] {
  const counts = new Map<string, number>();
  for (const { tags, value } of scope.counters[metric]?.series ?? []) {
    const name = tags[tag] ?? 'unknown';
    counts.set(name, (counts.get(name) ?? 0) + value);
  }
  return [...counts].map(([name, count]) => ({ kind: `${metric} ${name}`, label: `${word} ${name}`, count }));
}

function failedChecks(scope: ScopeReport): ErrorKind[] {
  const counts = new Map<string, number>();
  for (const { tags, hits, total } of scope.rates.checks?.series ?? []) {
    const name = tags.check ?? 'unknown';
    counts.set(name, (counts.get(name) ?? 0) + total - hits);
  }
  return [...counts].map(([name, count]) => ({ kind: `checks ${name}`, label: `check ${name}`, count }));
}
