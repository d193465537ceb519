import type { MetricName, Tags } from '../../metrics/catalog.js';
import type { Report } from '../report.js';

/** What happened to the clients of one kind over the whole run. */
export interface ClientCount {
  readonly client: string;
  readonly connects: number;
  readonly failures: number;
  readonly lost: number;
  readonly sent: number;
  readonly received: number;
  readonly timeouts: number;
  readonly errors: number;
}

/** One entry for each kind that did anything, in alphabetical order. */
export function clientCounts({ wholeRun: { counters, rates } }: Report['totals']): ClientCount[] {
  const sum = (metric: MetricName, client: string, counts: (tags: Tags) => boolean = () => true): number =>
    (counters[metric]?.series ?? [])
      .filter(({ tags }) => tags.client === client && counts(tags))
      .reduce((total, { value }) => total + value, 0);
  const tags: Tags[] = [
    ...Object.values(counters).flatMap(({ series }) => series.map((counted) => counted.tags)),
    ...Object.values(rates).flatMap(({ series }) => series.map((rated) => rated.tags)),
  ];
  const kinds = new Set(tags.flatMap(({ client }) => client ?? []));
  return [...kinds].sort().map((client) => ({
    client,
    connects: sum('connects', client),
    failures: sum('connect_failures', client),
    lost: sum('disconnects', client, ({ cause }) => cause !== 'planned'),
    sent: sum('packets_sent', client),
    received: sum('packets_received', client),
    timeouts: sum('timeouts', client),
    errors: rates.errors?.series.find(({ tags }) => tags.client === client)?.hits ?? 0,
  }));
}
