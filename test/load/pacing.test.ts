import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { constantPacer, drawPhaseUs } from '../../src/load/pacing.js';
import { RandomStream } from '../../src/load/random.js';

describe('a constant pacer', () => {
  test('is due at phase + n × interval', () => {
    const pacer = constantPacer(250_000, 1234);
    expect([0, 1, 2, 1_000_000].map((n) => pacer.dueUs(n))).toEqual([1234, 251_234, 501_234, 250_000_001_234]);
  });

  test('adds up no rounding over a long run', () => {
    const thirdOfASecond = 1e6 / 3;
    expect(constantPacer(thirdOfASecond, 0).dueUs(3 * 86_400)).toBeCloseTo(86_400e6, 3);
  });
});

test('a phase lies in the interval and follows from the stream', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 60_000_000 }), (seed, intervalUs) => {
      const phaseUs = drawPhaseUs(intervalUs, RandomStream.of(seed));
      expect(phaseUs).toBeGreaterThanOrEqual(0);
      expect(phaseUs).toBeLessThan(intervalUs);
      expect(drawPhaseUs(intervalUs, RandomStream.of(seed))).toBe(phaseUs);
    }),
  );
});
