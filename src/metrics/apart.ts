import { catalog, type MetricDefinition, type SeriesId, type Tags } from './catalog.js';

/** The kinds of clients, by name, that play faults beside others that do not. */
export type FaultyKinds = ReadonlySet<string>;

/**
 * Whether a series tells of what clients with faults brought upon themselves: sums leave it out, so that what is said of the server is said
 * of how it served the others.
 */
export function standsApart({ metric, tags }: SeriesId, faulty: FaultyKinds): boolean {
  const { suffered = false }: MetricDefinition = catalog[metric];
  return suffered && tags.client !== undefined && faulty.has(tags.client);
}

/** Whether a selection asks for a kind of clients, or a step of one, by name: then nothing is left out. */
export function namesClients({ client, step }: Tags): boolean {
  return client !== undefined || step !== undefined;
}
