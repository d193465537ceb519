import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from '../../src/load/backoff.js';

const backoff = { afterMs: 1000, maxMs: 30_000 };
const almostOne = 1 - 2 ** -53;

test('waits twice as long each time, up to the cap', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 2000].map((attempt) => Math.round(backoffMs(backoff, attempt, almostOne)));
  expect(longest).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('draws between half of the wait and all of it', () => {
  expect([0, 0.5].map((draw) => backoffMs(backoff, 1, draw))).toEqual([1000, 1500]);
  fc.assert(
    fc.property(fc.nat(100), fc.double({ min: 0, max: almostOne, noNaN: true }), (attempt, draw) => {
      const most = Math.min(30_000, 1000 * 2 ** attempt);
      expect(backoffMs(backoff, attempt, draw)).toBeGreaterThanOrEqual(most / 2);
      expect(backoffMs(backoff, attempt, draw)).toBeLessThanOrEqual(most);
    }),
  );
});
