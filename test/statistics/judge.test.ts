import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/statistics/effect.js';
import { judge, type Question, worsePValue } from '../../src/statistics/judge.js';

/** With so many degrees of freedom the interval reaches 1.96 standard errors. */
function effect(logRatio: number, standardError: number): Effect {
  return { logRatio, standardError, degreesOfFreedom: 1_000_000 };
}

const times: Question = { worseSign: 1, tolerance: 0.1, noise: 0 };

describe('a verdict', () => {
  test.each([
    { name: 'surely more, by more than is tolerated', of: effect(0.2, 0.05), verdict: 'worse' },
    { name: 'surely less, by more than is tolerated', of: effect(-0.2, 0.05), verdict: 'better' },
    { name: 'surely more, but within the tolerance', of: effect(0.05, 0.01), verdict: 'same' },
    { name: 'more, but perhaps none', of: effect(0.2, 0.11), verdict: 'cannot tell' },
    { name: 'surely more, but perhaps within the tolerance', of: effect(0.09, 0.02), verdict: 'cannot tell' },
    { name: 'nothing, but perhaps much', of: effect(0, 0.1), verdict: 'cannot tell' },
    { name: 'nothing, surely', of: effect(0, 0.01), verdict: 'same' },
  ])('$name: $verdict', ({ of, verdict }) => {
    expect(judge(of, times, 0.05).verdict).toBe(verdict);
  });

  test('needs an interval beyond the noise', () => {
    expect(judge(effect(0.2, 0.04), { ...times, noise: 0.1 }, 0.05).verdict).toBe('worse');
    expect(judge(effect(0.2, 0.06), { ...times, noise: 0.1 }, 0.05).verdict).toBe('cannot tell');
  });

  test('turns round where less is worse', () => {
    const throughput: Question = { ...times, worseSign: -1 };
    expect(judge(effect(-0.2, 0.05), throughput, 0.05).verdict).toBe('worse');
    expect(judge(effect(0.2, 0.05), throughput, 0.05).verdict).toBe('better');
    expect(judge(effect(0, 0.1), throughput, 0.05).smallest).toBeLessThan(-0.1);
  });

  test('says what would have shown nine times in ten: beyond the interval’s reach, with luck to spare', () => {
    expect(judge(effect(0, 0.1), times, 0.05).smallest).toBeCloseTo((1.96 + 1.2816) * 0.1, 4);
    expect(judge(effect(0, 0.01), times, 0.05).smallest).toBeCloseTo(0.1 + 1.2816 * 0.01, 4);
  });
});

test('the p-value is that of no worse than the noise', () => {
  expect(worsePValue(effect(0.196, 0.1), times)).toBeCloseTo(0.025, 4);
  expect(worsePValue(effect(0.296, 0.1), { ...times, noise: 0.1 })).toBeCloseTo(0.025, 4);
  expect(worsePValue(effect(-0.196, 0.1), { ...times, worseSign: -1 })).toBeCloseTo(0.025, 4);
  expect(worsePValue(effect(0.1, 0), times)).toBe(0);
  expect(worsePValue(effect(0, 0), times)).toBe(1);
});
