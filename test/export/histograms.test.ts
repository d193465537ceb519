import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Values } from '../../src/export/families.js';
import { explicitHistogram, exponentialHistogram } from '../../src/export/histograms.js';
import { bucketOf } from '../../src/metrics/buckets.js';
import { BucketCounts } from '../../src/metrics/histogram.js';

function valuesOf(answered: readonly number[], unanswered: readonly number[] = []): Values {
  const counted = (values: readonly number[]) => {
    const counts = new BucketCounts();
    for (const value of values) counts.add(bucketOf(value), 1);
    return counts.sorted();
  };
  return { answered: counted(answered), unanswered: counted(unanswered), perUnit: 1_000_000 };
}

const anyTimes = fc.array(fc.oneof(fc.nat(3000), fc.nat(1_000_000), fc.nat(3_600_000_000)), { maxLength: 200 });

describe('a histogram with bounds', () => {
  it('counts a value that is just a bound to that bound, in each decade', () => {
    const { bounds, counts } = explicitHistogram(valuesOf([100, 101, 200, 500, 5000, 100_000_000, 110_000_000]), 's');
    const filled = counts.flatMap((count, i) => (count > 0 ? [[bounds[i] ?? 'above', count]] : []));
    expect(filled).toEqual([
      [0.0001, 1],
      [0.0002, 2],
      [0.0005, 1],
      [0.005, 1],
      [100, 1],
      ['above', 1],
    ]);
  });

  it('has each unanswered value above every bound, and its wait in the sum', () => {
    const { counts, count, sum } = explicitHistogram(valuesOf([1000], [500, 2_000_000]), 's');
    expect(counts.at(-1)).toBe(2);
    expect(count).toBe(3);
    expect(sum).toBeCloseTo(2.0015, 3);
  });

  test('counts every value once, at the first bound that it does not pass by more than a thousandth', () => {
    fc.assert(
      fc.property(anyTimes, (times) => {
        const { bounds, counts, count } = explicitHistogram(valuesOf(times), 's');
        expect(counts.reduce((all, some) => all + some, 0)).toBe(count);
        let cumulative = 0;
        bounds.forEach((bound, i) => {
          cumulative += counts[i]!;
          const atMost = (us: number) => times.filter((time) => time <= us).length;
          expect(cumulative).toBeGreaterThanOrEqual(atMost(Math.round(bound * 1e6)));
          expect(cumulative).toBeLessThanOrEqual(atMost(bound * 1.001 * 1e6));
        });
      }),
    );
  });
});

describe('an exponential histogram', () => {
  test('has each value in a bucket that holds it to a thousandth, in at most 160 buckets', () => {
    fc.assert(
      fc.property(anyTimes, (times) => {
        const { scale, zeroCount, positive, count } = exponentialHistogram(valuesOf(times));
        const { offset, bucketCounts } = positive;
        expect(bucketCounts.length).toBeLessThanOrEqual(160);
        expect(zeroCount).toBe(times.filter((time) => time === 0).length);
        expect(zeroCount + bucketCounts.reduce((all, some) => all + some, 0)).toBe(count);
        let cumulative = zeroCount;
        bucketCounts.forEach((some, i) => {
          cumulative += some;
          const boundUs = 2 ** ((offset + i + 1) / 2 ** scale) * 1e6;
          expect(cumulative).toBeGreaterThanOrEqual(times.filter((time) => time <= boundUs * 0.999).length);
          expect(cumulative).toBeLessThanOrEqual(times.filter((time) => time <= boundUs * 1.001).length);
        });
      }),
    );
  });

  it('is as fine as its range allows', () => {
    expect(exponentialHistogram(valuesOf([1000, 1001])).scale).toBe(9);
    expect(exponentialHistogram(valuesOf([1000, 2000])).scale).toBe(7);
    expect(exponentialHistogram(valuesOf([1, 3_600_000_000])).scale).toBe(2);
  });

  it('takes an unanswered value for as long as it was waited for', () => {
    const { positive, count } = exponentialHistogram(valuesOf([], [2_000_000]));
    expect(count).toBe(1);
    expect(positive.bucketCounts.reduce((all, some) => all + some, 0)).toBe(1);
    const { positive: answered } = exponentialHistogram(valuesOf([2_000_000]));
    expect(positive).toEqual(answered);
  });

  it('of zeros alone has no buckets', () => {
    expect(exponentialHistogram(valuesOf([0, 0]))).toMatchObject({ zeroCount: 2, positive: { bucketCounts: [] } });
  });
});
