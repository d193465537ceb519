import { highestIn, lowestIn } from '../metrics/buckets.js';
import type { Distribution } from '../metrics/histogram.js';
import type { Unit, Values } from './families.js';

/** A histogram in the unit of its family. */
export interface ExplicitHistogram {
  /** Inclusive upper bounds, ascending. */
  readonly bounds: readonly number[];
  /** Not cumulative; one more than there are bounds. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/** 100 µs to 100 s and the like: what a server takes, not what a histogram could hold. */
const boundsOf: Readonly<Record<Unit, readonly number[]>> = {
  s: oneTwoFive(-4, 2),
  By: [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576],
  '{packet}': oneTwoFive(0, 3),
  '{client}': oneTwoFive(0, 5),
  '': oneTwoFive(0, 6),
};

/** 1, 2 and 5 of each power of ten, and 1 of the last. Read from text, so that each is the number that its digits say. */
function oneTwoFive(fromExponent: number, toExponent: number): readonly number[] {
  const exponents = Array.from({ length: toExponent - fromExponent }, (_, i) => fromExponent + i);
  return [...exponents.flatMap((e) => [1, 2, 5].map((digit) => Number(`${digit}e${e}`))), Number(`1e${toExponent}`)];
}

/**
 * With the bounds that a unit has. A value that no answer ended is above every bound, however short its wait: it is not known to lie at or below
 * any. In the sum it stands with its wait, so that the mean is a lower bound.
 */
export function explicitHistogram(values: Values, unit: Unit): ExplicitHistogram {
  const { answered, unanswered, perUnit } = values;
  const bounds = boundsOf[unit];
  const counts = answered.countsBetween(bounds.map((bound) => Math.round(bound * perUnit)));
  counts[bounds.length]! += unanswered.total;
  return { bounds, counts, count: answered.total + unanswered.total, sum: sumOf(values) };
}

/** A base-2 exponential histogram, as OpenTelemetry's data model has it: bucket i holds (base^i, base^(i+1)], base = 2^(2^-scale). */
export interface ExponentialHistogram {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: { readonly offset: number; readonly bucketCounts: readonly number[] };
  readonly count: number;
  readonly sum: number;
}

/** As OpenTelemetry's SDKs have it. */
const mostBuckets = 160;
/** Buckets of 0.14 %: finer ones would be finer than what we count in. */
const finestScale = 9;

/** In the finest scale that has room for all. There is no bucket above all others: what has no answer stands where its wait puts it, a lower bound. */
export function exponentialHistogram(values: Values): ExponentialHistogram {
  const { answered, unanswered, perUnit } = values;
  const both = [answered, unanswered];
  const positive = both.flatMap(positiveBuckets);
  const whole = { count: answered.total + unanswered.total, sum: sumOf(values) };
  if (positive.length === 0) {
    return { scale: 0, zeroCount: whole.count, positive: { offset: 0, bucketCounts: [] }, ...whole };
  }
  const least = lowestIn(Math.min(...positive)) / perUnit;
  const greatest = highestIn(Math.max(...positive)) / perUnit;
  let scale = finestScale;
  while (indexOf(greatest, scale) - indexOf(least, scale) >= mostBuckets) scale--;
  const offset = indexOf(least, scale);
  const size = indexOf(greatest, scale) - offset + 1;
  // All but the last, which takes what is left: rounding puts nothing beyond it.
  const bounds = Array.from({ length: size - 1 }, (_, i) => 2 ** ((offset + i + 1) / 2 ** scale) * perUnit);
  const [ofAnswered, ofUnanswered] = both.map((distribution) => distribution.countsBetween([0, ...bounds]));
  const [zeroCount = 0, ...bucketCounts] = ofAnswered!.map((count, i) => count + ofUnanswered![i]!);
  return { scale, zeroCount, positive: { offset, bucketCounts }, ...whole };
}

function indexOf(value: number, scale: number): number {
  return Math.ceil(Math.log2(value) * 2 ** scale) - 1;
}

/** The first and the last bucket in use, but for that of the value 0. */
function positiveBuckets(distribution: Distribution): readonly number[] {
  const used: number[] = [];
  distribution.forEach((bucket) => {
    if (bucket > 0) used.push(bucket);
  });
  return used.length === 0 ? [] : [used[0]!, used.at(-1)!];
}

function sumOf({ answered, unanswered, perUnit }: Values): number {
  const sums = [answered, unanswered].map((distribution) => distribution.meanOf((value) => value) * distribution.total);
  return (sums[0]! + sums[1]!) / perUnit;
}
