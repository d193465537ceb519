import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowanceUs, constantPacer, type Pacer, poissonPacer } from '../../src/load/pacing.js';
import { RandomStream } from '../../src/load/random.js';
import { type Rate, rateCurve } from '../../src/load/rate.js';

const rampUpAndDown: Rate = {
  kind: 'staged',
  stages: [
    { durationMs: 20_000, targetPerSec: 500 },
    { durationMs: 10_000, targetPerSec: 500 },
    { durationMs: 20_000, targetPerSec: 100 },
  ],
};

const anyRate: fc.Arbitrary<Rate> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), intervalMs: fc.double({ min: 0.1, max: 5000, noNaN: true }) }),
  fc.record({
    kind: fc.constant('staged' as const),
    stages: fc.array(
      fc.record({ durationMs: fc.nat(20_000), targetPerSec: fc.double({ min: 0.1, max: 500, noNaN: true }) }),
      { minLength: 1, maxLength: 5 },
    ),
  }),
);
const anyPhase = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const anyPacer: fc.Arbitrary<Pacer> = fc.oneof(
  fc.tuple(anyRate, anyPhase).map(([rate, phase]) => constantPacer(rateCurve(rate), phase)),
  fc.tuple(anyRate, fc.integer()).map(([rate, seed]) => poissonPacer(rateCurve(rate), () => RandomStream.of(seed))),
);

const firstOf = (pacer: Pacer, count: number): number[] => Array.from({ length: count }, (_, n) => pacer.dueUs(n));

describe('every pacer', () => {
  test('has due times that never fall and are not before the start', () => {
    fc.assert(
      fc.property(anyPacer, (pacer) => {
        const dueUs = firstOf(pacer, 100);
        expect(dueUs[0]).toBeGreaterThanOrEqual(0);
        for (const [i, us] of dueUs.slice(1).entries()) expect(us).toBeGreaterThanOrEqual(dueUs[i]!);
      }),
    );
  });

  test('gives one answer to one question, in whatever order it is asked', () => {
    fc.assert(
      fc.property(anyPacer, fc.array(fc.nat(200), { maxLength: 20 }), (pacer, order) => {
        const inOrder = firstOf(pacer, 201);
        expect(order.map((n) => pacer.dueUs(n))).toEqual(order.map((n) => inOrder[n]));
      }),
    );
  });

  test('finds a send at the very time at which it is due, and the next a moment later', () => {
    fc.assert(
      fc.property(anyPacer, fc.nat(150), (pacer, n) => {
        const us = pacer.dueUs(n);
        const justAfter = us * (1 + 2 ** -52) + Number.MIN_VALUE;
        const next = pacer.dueUs(n + 1);
        fc.pre(us > pacer.dueUs(n - 1) && next > justAfter);
        expect([pacer.firstFrom(us), pacer.firstFrom(justAfter)]).toEqual([n, n + 1]);
      }),
    );
  });

  test.each([0, 0.1])('is not a send off where rounding would make it so: phase %d of three a second', (phase) => {
    const pacer = constantPacer(rateCurve({ kind: 'constant', intervalMs: 1000 / 3 }), phase);
    const sends = Array.from({ length: 300 }, (_, n) => n);
    expect(sends.map((n) => pacer.firstFrom(pacer.dueUs(n)))).toEqual(sends);
    const justAfter = (us: number): number => us * (1 + 2 ** -52) + Number.MIN_VALUE;
    expect(sends.map((n) => pacer.firstFrom(justAfter(pacer.dueUs(n))))).toEqual(sends.map((n) => n + 1));
  });

  test('finds the first send at a time or after it', () => {
    fc.assert(
      fc.property(
        anyPacer,
        fc.array(fc.double({ min: -1e6, max: 30e6, noNaN: true }), { maxLength: 5 }),
        (pacer, times) => {
          for (const us of times) {
            const n = pacer.firstFrom(us);
            expect(pacer.dueUs(n)).toBeGreaterThanOrEqual(us);
            if (n > 0) expect(pacer.dueUs(n - 1)).toBeLessThan(us);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a constant pacer', () => {
  test('is due at (phase + n) × interval', () => {
    const pacer = constantPacer(rateCurve({ kind: 'constant', intervalMs: 250 }), 0.5);
    expect([0, 1, 2, 1_000_000].map((n) => pacer.dueUs(n))).toEqual([125_000, 375_000, 625_000, 250_000_125_000]);
  });

  test('adds up no rounding over a long run', () => {
    const thirdOfASecond: Rate = { kind: 'constant', intervalMs: 1000 / 3 };
    expect(constantPacer(rateCurve(thirdOfASecond), 0).dueUs(3 * 86_400)).toBeCloseTo(86_400e6, 3);
  });

  test('makes, on a ramp, as many sends as lie under it', () => {
    // 5,000 up to 20 s, 5,000 until 30 s, 6,000 until 50 s.
    const pacer = constantPacer(rateCurve(rampUpAndDown), 0);
    expect([20e6, 30e6, 50e6].map((us) => pacer.firstFrom(us))).toEqual([5000, 10_000, 16_000]);
  });
});

/** The Kolmogorov–Smirnov distance between `values` and the unit exponential, times √n: above 1.63 in 1 % of true samples. */
function distanceFromExponential(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const distances = sorted.map((value, i) => {
    const expected = 1 - Math.exp(-value);
    return Math.max(expected - i / sorted.length, (i + 1) / sorted.length - expected);
  });
  return Math.max(...distances) * Math.sqrt(sorted.length);
}

const gapsOf = (times: readonly number[]): number[] => times.map((time, i) => time - (times[i - 1] ?? 0));

/** Pearson's correlation of each value with the next. */
function lagOneCorrelation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const apart = values.map((value) => value - mean);
  const variance = apart.reduce((sum, value) => sum + value * value, 0);
  return apart.slice(1).reduce((sum, value, i) => sum + value * apart[i]!, 0) / variance;
}

describe('a Poisson pacer', () => {
  const stream = () => RandomStream.of(7, 'arrivals', 0, 0);

  test('is due when as many exponentials as it has sends have passed', () => {
    const random = stream();
    const exponentials = Array.from({ length: 3 }, () => -Math.log(1 - random.next()));
    const [first, second, third] = exponentials as [number, number, number];
    const dues = firstOf(poissonPacer(rateCurve({ kind: 'constant', intervalMs: 2 }), stream), 3);
    const sums = [first, first + second, first + second + third];
    expect(dues).toEqual(sums.map((sum) => expect.closeTo(sum * 2000, 6)));
  });

  test('has exponential gaps of the mean that the rate says, each independent of the one before', () => {
    const gaps = gapsOf(firstOf(poissonPacer(rateCurve({ kind: 'constant', intervalMs: 2 }), stream), 20_000)).map(
      (us) => us / 2000,
    );
    expect(distanceFromExponential(gaps)).toBeLessThan(1.63);
    expect(Math.abs(lagOneCorrelation(gaps))).toBeLessThan(2.58 / Math.sqrt(gaps.length));
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeCloseTo(1, 1);
  });

  test('of a rate that changes has exponential gaps once time is measured in expected sends', () => {
    // Written out by hand: the area under the ramp to 500/s in 20 s, the hold of 10 s, and the descent to 100/s in 20 s.
    const expectedUntil = (us: number): number => {
      const s = us / 1e6;
      if (s < 20) return 12.5 * s * s;
      if (s < 30) return 5000 + 500 * (s - 20);
      return 10_000 + 500 * (s - 30) - 10 * (s - 30) ** 2;
    };
    const times = firstOf(poissonPacer(rateCurve(rampUpAndDown), stream), 15_000);
    const gaps = gapsOf(times.map(expectedUntil));
    expect(distanceFromExponential(gaps)).toBeLessThan(1.63);
    expect(Math.abs(lagOneCorrelation(gaps))).toBeLessThan(2.58 / Math.sqrt(gaps.length));
  });

  test('has as many arrivals in equal times as chance gives: variance and mean of the counts agree', () => {
    const pacer = poissonPacer(rateCurve({ kind: 'constant', intervalMs: 10 }), stream);
    const counts = Array.from(
      { length: 1000 },
      (_, second) => pacer.firstFrom((second + 1) * 1e6) - pacer.firstFrom(second * 1e6),
    );
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
    // The index of dispersion × (n − 1) is chi-square with n − 1 degrees: within 2.58 standard deviations in 99 % of true samples.
    expect(Math.abs(variance / mean - 1)).toBeLessThan(2.58 * Math.sqrt(2 / (counts.length - 1)));
  });
});

test('response time forgives a tick of the timer, unless pacing is precise', () => {
  expect([allowanceUs('normal'), allowanceUs('precise')]).toEqual([1000, 0]);
});
