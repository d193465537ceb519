import fc from 'fast-check';
import { Int32Histogram } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { bucketCount, bucketOf, highestIn, highestValue, lowestIn, middleOf } from '../../src/metrics/buckets.js';

const hdr = new Int32Histogram(1, highestValue, 3);

const anyValue = fc.oneof(
  fc.integer({ min: 0, max: 10_000 }),
  fc.integer({ min: 0, max: highestValue }),
  fc.integer({ min: 11, max: 31 }).chain((bits) => fc.integer({ min: 2 ** bits - 2, max: 2 ** bits + 2 })),
);

describe('buckets', () => {
  test.each([
    { value: 0, bucket: 0, low: 0, high: 0 },
    { value: 2047, bucket: 2047, low: 2047, high: 2047 },
    { value: 2049, bucket: 2048, low: 2048, high: 2049 },
    { value: 4095, bucket: 3071, low: 4094, high: 4095 },
    { value: 4096, bucket: 3072, low: 4096, high: 4099 },
    { value: 100_000, bucket: 7706, low: 99_968, high: 100_031 },
    { value: highestValue, bucket: 23_220, low: 3_598_712_832, high: 3_600_809_983 },
  ])('hold $value in bucket $bucket, from $low to $high', ({ value, bucket, low, high }) => {
    expect([bucketOf(value), lowestIn(bucket), highestIn(bucket)]).toEqual([bucket, low, high]);
  });

  test('are HdrHistogram’s own, for any value', () => {
    expect(bucketCount).toBe(hdr.countsArrayLength);
    fc.assert(
      fc.property(anyValue, (value) => {
        const bucket = bucketOf(value);
        expect([bucket, lowestIn(bucket), highestIn(bucket), middleOf(bucket)]).toEqual([
          hdr.countsArrayIndex(value),
          hdr.lowestEquivalentValue(value),
          hdr.highestEquivalentValue(value),
          hdr.medianEquivalentValue(value),
        ]);
      }),
      { numRuns: 1000 },
    );
  });
});
