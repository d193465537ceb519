import { expect, test } from 'vitest';
import { type Distribution, draw } from '../../src/load/distribution.js';
import { RandomStream } from '../../src/load/random.js';

const draws = 20_000;

function valuesOf(distribution: Distribution): readonly number[] {
  const random = RandomStream.of(7, 'distribution');
  return Array.from({ length: draws }, () => draw(distribution, random));
}

test.each<[Distribution, number, number]>([
  [{ kind: 'constant', value: 20 }, 20, 0],
  [{ kind: 'uniform', min: 10, max: 70 }, 40, 60 / Math.sqrt(12)],
  [{ kind: 'normal', mean: 20, sd: 5 }, 20, 5],
  [{ kind: 'lognormal', mean: 20, sd: 10 }, 20, 10],
  [{ kind: 'exponential', mean: 20 }, 20, 20],
])('%j has the mean and the deviation that it says', (distribution, mean, sd) => {
  const values = valuesOf(distribution);
  const meanOf = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / draws;
  const drawnMean = meanOf(values);
  const drawnSd = Math.sqrt(meanOf(values.map((value) => (value - drawnMean) ** 2)));
  // Of a seeded stream, so that this is no matter of luck: 3 % is far more than the error of 20,000 draws.
  expect(Math.abs(drawnMean - mean)).toBeLessThanOrEqual(0.03 * mean);
  expect(Math.abs(drawnSd - sd)).toBeLessThanOrEqual(0.05 * sd);
});

test('what cannot be negative is not, and a range is kept to', () => {
  for (const value of valuesOf({ kind: 'lognormal', mean: 1, sd: 5 })) expect(value).toBeGreaterThan(0);
  for (const value of valuesOf({ kind: 'exponential', mean: 1 })) expect(value).toBeGreaterThanOrEqual(0);
  for (const value of valuesOf({ kind: 'uniform', min: 5, max: 6 })) expect(Math.floor(value)).toBe(5);
});

test.each<[Distribution, number, number, number]>([
  [{ kind: 'uniform', min: 10, max: 70 }, 62.1813233423, 14.2259787874, 61.90565667],
  [{ kind: 'normal', mean: 0, sd: 1 }, 1.82434317404, 0.0948172834063, -0.87492712342],
  [{ kind: 'lognormal', mean: 20, sd: 10 }, 42.349010368, 18.7079834492, 11.8326396764],
  [{ kind: 'exponential', mean: 20 }, 40.7565849469, 1.46072741825, 40.0635819766],
])('%j draws the same from the same seed, for ever', (distribution, ...values) => {
  const random = RandomStream.of(7, 'distribution');
  expect([draw(distribution, random), draw(distribution, random), draw(distribution, random)]).toEqual(
    values.map((value) => expect.closeTo(value, 9)),
  );
});

test('half of normal values lie below the mean, and two thirds within one deviation', () => {
  const values = valuesOf({ kind: 'normal', mean: 20, sd: 5 });
  const shareOf = (holds: (value: number) => boolean): number => values.filter(holds).length / draws;
  expect(shareOf((value) => value < 20)).toBeCloseTo(0.5, 2);
  expect(shareOf((value) => Math.abs(value - 20) < 5)).toBeCloseTo(0.6827, 2);
});
