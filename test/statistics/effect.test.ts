import { describe, expect, test } from 'vitest';
import { pairsEffect, runsEffect, sectionsEffect } from '../../src/statistics/effect.js';

const base = [1, 2, 3, 4, 5, 6];
const spread = Math.sqrt(3.5);

describe('an effect', () => {
  test('of sections is Welch’s', () => {
    const current = base.map((log) => log + 1);
    const effect = sectionsEffect({ whole: 3.5, sections: base }, { whole: 4.5, sections: current });
    expect(effect.logRatio).toBe(1);
    expect(effect.standardError).toBeCloseTo(spread * Math.sqrt(2 / 6), 12);
    expect(effect.degreesOfFreedom).toBeCloseTo(10, 12);
  });

  test('of sections is in doubt by as much as they tell another ratio than the wholes', () => {
    const still = [2, 2, 2, 2, 2, 2];
    const effect = sectionsEffect({ whole: 2, sections: still }, { whole: 4, sections: still });
    expect(effect).toEqual({ logRatio: 2, standardError: 2, degreesOfFreedom: 10 });
  });

  test('of several runs against one predicts where one more would lie', () => {
    const effect = runsEffect(base, [8.5]);
    expect(effect.logRatio).toBe(5);
    expect(effect.standardError).toBeCloseTo(spread * Math.sqrt(7 / 6), 12);
    expect(effect.degreesOfFreedom).toBe(5);
    expect(runsEffect([8.5], base)).toEqual({ ...effect, logRatio: -5 });
  });

  test('of several runs on both sides is Welch’s, with the fewer degrees of freedom the less alike they scatter', () => {
    const effect = runsEffect(base, [7, 7.001, 7]);
    expect(effect.standardError).toBeCloseTo(spread / Math.sqrt(6), 4);
    expect(effect.degreesOfFreedom).toBeCloseTo(5, 2);
  });

  test('of pairs knows nothing of what pairs share', () => {
    expect(pairsEffect([0.2, 0.2, 0.2, 0.2])).toEqual({
      logRatio: expect.closeTo(0.2, 12),
      standardError: expect.closeTo(0, 12),
      degreesOfFreedom: 3,
    });
  });
});
