import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RateStage, rateCurve } from '../../src/load/rate.js';

const staged = (...stages: readonly (readonly [seconds: number, perSec: number])[]) =>
  rateCurve({
    kind: 'staged',
    stages: stages.map(([seconds, targetPerSec]) => ({ durationMs: seconds * 1000, targetPerSec })),
  });

const anyStages: fc.Arbitrary<RateStage[]> = fc.array(
  fc.record({
    durationMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100_000 })),
    targetPerSec: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 5000, noNaN: true })),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('a constant rate', () => {
  const curve = rateCurve({ kind: 'constant', intervalMs: 250 });

  test('passes each number at its multiple of the interval', () => {
    expect([0, 1, 2.5, 1_000_000].map((sends) => curve.passesAtUs(sends))).toEqual([0, 250_000, 625_000, 250e9]);
  });

  test('comes to time ÷ interval, and to nothing before its start', () => {
    expect([-1e6, 0, 250_000, 1e6].map((us) => curve.sendsUntil(us))).toEqual([0, 0, 1, 4]);
  });
});

describe('a staged rate', () => {
  test.each<[string, ReturnType<typeof staged>, (readonly [sends: number, seconds: number])[]]>([
    // Half of rate × time lies under a ramp from 0: 50 sends in 10 s up to 10/s, the first half of the time has a quarter of them.
    [
      'ramps from 0 in a straight line',
      staged([10, 10]),
      [
        [0, 0],
        [12.5, 5],
        [50, 10],
      ],
    ],
    [
      'keeps the last target',
      staged([10, 10]),
      [
        [60, 11],
        [150, 20],
      ],
    ],
    [
      'jumps where a stage has no duration',
      staged([0, 4], [10, 4]),
      [
        [0, 0],
        [1, 0.25],
        [40, 10],
        [44, 11],
      ],
    ],
    [
      'ramps down',
      staged([0, 10], [10, 0]),
      [
        [0, 0],
        [37.5, 5],
        [50.001, Number.POSITIVE_INFINITY],
      ],
    ],
    [
      'waits through stages of nothing',
      staged([30, 0], [0, 1], [10, 1]),
      [
        [0, 30],
        [1, 31],
      ],
    ],
    [
      'passes over a gap',
      staged([0, 2], [5, 2], [0, 0], [5, 0], [0, 2], [5, 2]),
      [
        [9.5, 4.75],
        [10, 10],
        [11, 10.5],
      ],
    ],
    ['never comes where it is 0 to the end', staged([10, 0]), [[0, Number.POSITIVE_INFINITY]]],
  ])('%s', (_, curve, table) => {
    for (const [sends, seconds] of table) expect(curve.passesAtUs(sends) / 1e6).toBeCloseTo(seconds, 9);
  });

  test('passes a number when it has come to it: the one is the inverse of the other', () => {
    fc.assert(
      fc.property(
        anyStages,
        fc.nat(1_000_000).map((millionths) => millionths / 1e6),
        (stages, part) => {
          const curve = rateCurve({ kind: 'staged', stages });
          const totalUs = stages.reduce((us, { durationMs }) => us + durationMs * 1000, 0) + 1e6;
          const sends = curve.sendsUntil(totalUs) * part;
          const atUs = curve.passesAtUs(sends);
          fc.pre(atUs !== Number.POSITIVE_INFINITY);
          expect(Math.abs(curve.sendsUntil(atUs) - sends)).toBeLessThanOrEqual(1e-9 * Math.max(1, sends));
        },
      ),
    );
  });

  test('never falls, in either direction', () => {
    fc.assert(
      fc.property(anyStages, fc.array(fc.nat(600_000_000), { maxLength: 20 }), (stages, at) => {
        const curve = rateCurve({ kind: 'staged', stages });
        const times = at.toSorted((a, b) => a - b);
        for (const read of [curve.sendsUntil, curve.passesAtUs]) {
          const values = times.map((value) => read.call(curve, value));
          for (const [i, value] of values.slice(1).entries()) expect(value).toBeGreaterThanOrEqual(values[i]! - 1e-6);
        }
      }),
    );
  });
});
