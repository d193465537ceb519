import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slotOf, slotsBefore } from '../../src/load/slots.js';

describe('the slots of a total rate', () => {
  test('go round the clients of the kind, and so to the workers that have them', () => {
    // Five clients on two workers, and the kind's numbers 0, 2, 3 are on the first.
    expect([0, 1, 2, 3, 4, 5, 6].map((i) => slotOf(i, [0, 2, 3], 5))).toEqual([0, 2, 3, 5, 7, 8, 10]);
    expect([0, 1, 2, 3].map((i) => slotOf(i, [1, 4], 5))).toEqual([1, 4, 6, 9]);
  });

  test('belong each to exactly one worker, and as many to each client', () => {
    const anyDeal = fc.array(fc.nat(4), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(anyDeal, fc.integer({ min: 1, max: 10 }), (workerOf, rounds) => {
        const slots = [0, 1, 2, 3, 4].flatMap((worker) => {
          const mine = workerOf.flatMap((owner, client) => (owner === worker ? [client] : []));
          return Array.from({ length: mine.length * rounds }, (_, i) => slotOf(i, mine, workerOf.length));
        });
        expect(slots.sort((a, b) => a - b)).toEqual(Array.from({ length: workerOf.length * rounds }, (_, n) => n));
      }),
    );
  });

  test('are none of a worker, or of a kind, without clients', () => {
    expect([slotsBefore(7, [], 5), slotsBefore(7, [], 0)]).toEqual([0, 0]);
  });

  test('are taken up by each worker from any slot on', () => {
    const anyMine = fc.subarray([0, 1, 2, 3, 4], { minLength: 1 });
    fc.assert(
      fc.property(anyMine, fc.nat(40), (mine, n) => {
        const i = slotsBefore(n, mine, 5);
        expect(slotOf(i, mine, 5)).toBeGreaterThanOrEqual(n);
        if (i > 0) expect(slotOf(i - 1, mine, 5)).toBeLessThan(n);
      }),
    );
  });
});
