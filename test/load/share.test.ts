import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dealKinds, shareOf } from '../../src/load/share.js';

describe('shares', () => {
  test('sum to the total for every number of workers and differ by at most one', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 64 }), (total, workers) => {
        const shares = Array.from({ length: workers }, (_, worker) => shareOf(total, worker, workers));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('count the things whose number modulo the workers is the worker’s', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 16 }), fc.nat(15), (total, workers, any) => {
        const worker = any % workers;
        const own = Array.from({ length: total }, (_, i) => i).filter((i) => i % workers === worker);
        expect(shareOf(total, worker, workers)).toBe(own.length);
      }),
    );
  });
});

describe('dealing kinds', () => {
  test.each([
    { weights: [1], dealt: [0, 0, 0] },
    { weights: [1, 1], dealt: [0, 1, 0, 1] },
    { weights: [9, 1], dealt: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0] },
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
