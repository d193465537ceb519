import { expect, it } from 'vitest';
import { routesOf } from '../../src/worker/routes.js';

const v4 = { host: '10.0.0.1', port: 1 };
const v6 = { host: '::1', port: 1 };

it('deals every pair of addresses of one family, in turn', () => {
  const route = routesOf([v4, v6], ['127.0.0.1', '::2', '127.0.0.2']);
  expect([0, 1, 2, 3].map(route)).toEqual([
    { endPoint: v4, localAddress: '127.0.0.1' },
    { endPoint: v6, localAddress: '::2' },
    { endPoint: v4, localAddress: '127.0.0.2' },
    { endPoint: v6, localAddress: '::2' },
  ]);
});

it('leaves the address to the system where none is named, and for a Unix socket', () => {
  expect(routesOf([v4], [])(3)).toEqual({ endPoint: v4 });
  expect(routesOf([{ path: '/s' }], ['127.0.0.1'])(0)).toEqual({ endPoint: { path: '/s' } });
});
