import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/load/random.js';

describe('a random stream', () => {
  test('gives the same numbers for the same seed and path, for ever', () => {
    const stream = RandomStream.of(7, 'client', 0);
    expect([stream.next(), stream.next(), stream.next()]).toEqual([
      0.0946851669784986, 0.19602083627607658, 0.03333556312692343,
    ]);
    expect([stream.int(0, 99), stream.int(0, 99), stream.int(-5, 5), stream.int(0, 2 ** 52)]).toEqual([
      98, 48, -4, 3798882297404095,
    ]);
  });

  test('differs for every seed, every part of the path, and where a part ends', () => {
    const firsts = [
      RandomStream.of(0),
      RandomStream.of(1),
      RandomStream.of(2 ** 32),
      RandomStream.of(2 ** 53 - 1),
      RandomStream.of(1, 'a'),
      RandomStream.of(1, 'a', 'b'),
      RandomStream.of(1, 'ab'),
      RandomStream.of(1, 'b', 'a'),
      RandomStream.of(1, 7),
      RandomStream.of(1, '7'),
      ...Array.from({ length: 10_000 }, (_, client) => RandomStream.of(1, 'client', client)),
    ].map((stream) => stream.next());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  test('stays in [0, 1) with the mean and the spread of a uniform number', () => {
    const stream = RandomStream.of(42);
    const values = Array.from({ length: 100_000 }, () => stream.next());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(mean).toBeCloseTo(1 / 2, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  test('draws whole numbers between any two bounds, both included', () => {
    fc.assert(
      fc.property(fc.integer(), fc.maxSafeNat(), fc.nat(), (seed, size, start) => {
        const max = start + Math.min(size, 2 ** 53 - 1 - start);
        const value = RandomStream.of(seed).int(start, max);
        expect(Number.isSafeInteger(value) && value >= start && value <= max).toBe(true);
      }),
    );
  });

  test('draws each of a few whole numbers equally often', () => {
    const stream = RandomStream.of(3);
    const counts = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 60_000; i++) counts[stream.int(1, 6) - 1]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400); // 4 standard deviations
  });

  test('draws from a range that does not divide 2^53 as often from each of its parts', () => {
    const third = 2 ** 51;
    const stream = RandomStream.of(5);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[Math.floor(stream.int(0, 3 * third - 1) / third)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(330); // 4 standard deviations
  });

  test('draws from one number, and from all that are safe from 0 on', () => {
    expect(RandomStream.of(1).int(5, 5)).toBe(5);
    expect(RandomStream.of(1).int(0, Number.MAX_SAFE_INTEGER)).toBe(RandomStream.of(1).next() * 2 ** 53);
  });

  test.each([
    [2, 1],
    [0.5, 3],
    [0, Number.POSITIVE_INFINITY],
    [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('refuses to draw from %d to %d', (min, max) => {
    expect(() => RandomStream.of(1).int(min, max)).toThrow(RangeError);
  });

  test('gives expressions the same numbers under their own name', () => {
    expect(RandomStream.of(7, 'client', 0).double()).toBe(RandomStream.of(7, 'client', 0).next());
  });
});
