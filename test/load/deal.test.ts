import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientsOf, dealKinds, workerOf } from '../../src/load/deal.js';

describe('dealing kinds', () => {
  test.each([
    { weights: [1], dealt: [0, 0, 0] },
    { weights: [1, 1], dealt: [0, 1, 0, 1] },
    { weights: [9, 1], dealt: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0] },
    { weights: [2, 1, 1], dealt: [0, 1, 0, 2] },
    { weights: [2, 1], dealt: [0, 0, 1, 0, 0, 1] },
    { weights: [0, 0.5, 0], dealt: [1, 1, 1] },
    { weights: [1, 2], dealt: [] },
  ])('deals $dealt for the weights $weights', ({ weights, dealt }) => {
    expect([...dealKinds(weights, dealt.length)]).toEqual(dealt);
  });

  test('gives every prefix each kind’s exact share to within one', () => {
    const weights = fc
      .array(fc.nat(1000), { minLength: 1, maxLength: 20 })
      .filter((all) => all.some((weight) => weight > 0));
    fc.assert(
      fc.property(weights, fc.nat(400), (all, total) => {
        const sum = all.reduce((a, b) => a + b, 0);
        const counts = all.map(() => 0);
        dealKinds(all, total).forEach((kind, client) => {
          counts[kind]!++;
          const furthest = Math.max(...counts.map((count, i) => Math.abs(count - (all[i]! * (client + 1)) / sum)));
          expect(furthest).toBeLessThan(1 + 1e-9);
        });
      }),
    );
  });

  test('does not let one heavy kind fall behind many light ones', () => {
    const weights = [50, ...Array.from({ length: 50 }, () => 1)];
    const heavy = dealKinds(weights, 100).filter((kind) => kind === 0).length;
    expect(heavy).toBe(50);
  });

  test('never deals a kind of weight 0', () => {
    expect([...dealKinds([0, 3, 0, 1], 100)].every((kind) => kind === 1 || kind === 3)).toBe(true);
  });
});

test('every client is dealt to one worker, and each worker knows how many it has', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 50 }), (workers, planned) => {
      const shares = Array.from({ length: workers }, () => 0);
      for (let client = 0; client < planned; client++) shares[workerOf(client, workers, planned)]!++;
      expect(shares.map((_, worker) => clientsOf(worker, workers, planned))).toEqual(shares);
    }),
  );
});
