import { expect, test } from 'vitest';
import { renderCatalog } from '../../src/commands/metrics.js';
import { catalog } from '../../src/metrics/catalog.js';

test('every metric stands in the list, with what it is', () => {
  const text = renderCatalog(catalog);
  expect([...text.matchAll(/^\w+/gm)].map(([name]) => name)).toEqual(Object.keys(catalog));
  expect(text).toContain(`send_lag              trend, ms  {client, step}
  How much later than due an open-loop packet was handed to the socket: the generator, not the server.
recv_batch            trend, packets  {client}
`);
});

test('a metric without tags has none', () => {
  const metric = { kind: 'gauge', unit: 'clients', tags: [], sentence: 'Clients connected now.' } as const;
  expect(renderCatalog({ clients: metric })).toBe('clients  gauge, clients\n  Clients connected now.');
});
