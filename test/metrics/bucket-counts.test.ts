import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BucketCounts } from '../../src/metrics/histogram.js';

const additions = fc.array(fc.tuple(fc.integer({ min: 0, max: 65_535 }), fc.integer({ min: 1, max: 1000 })));

function read(counts: BucketCounts): [number, number][] {
  const all: [number, number][] = [];
  counts.sorted().forEach((bucket, count) => {
    all.push([bucket, count]);
  });
  return all;
}

describe('counts that are packed', () => {
  it('are what they were, and take more', () => {
    fc.assert(
      fc.property(additions, additions, (first, second) => {
        const [packed, plain] = [new BucketCounts(), new BucketCounts()];
        for (const [bucket, count] of first) for (const counts of [packed, plain]) counts.add(bucket, count);
        packed.pack();
        expect(packed.isEmpty).toBe(plain.isEmpty);
        expect(read(packed)).toEqual(read(plain));
        const merged = new BucketCounts();
        merged.addAll(packed);
        expect(read(merged)).toEqual(read(plain));
        for (const [bucket, count] of second) for (const counts of [packed, plain]) counts.add(bucket, count);
        packed.pack();
        expect(read(packed)).toEqual(read(plain));
      }),
    );
  });

  it('change nobody who has read them', () => {
    const counts = new BucketCounts();
    counts.add(7, 1);
    counts.pack();
    const before = counts.sorted();
    counts.add(7, 1);
    expect(before.total).toBe(1);
    expect(counts.sorted().total).toBe(2);
  });
});
