import { createRequire } from 'node:module';
import { bucketOf, highestIn, highestValue, lowestIn, middleOf } from './buckets.js';
import type { Quantile, TrendSummary } from './totals.js';

const require = createRequire(import.meta.url);

/** How many values fell into each bucket; only buckets that are not empty take memory. Adding is associative and loses nothing. */
export class BucketCounts {
  readonly #counts = new Map<number, number>();

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  add(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
  }

  addAll(other: BucketCounts): void {
    for (const [bucket, count] of other.#counts) this.add(bucket, count);
  }

  sorted(): Distribution {
    const buckets = Uint16Array.from(this.#counts.keys()).sort();
    return new Distribution(
      buckets,
      Float64Array.from(buckets, (bucket) => this.#counts.get(bucket)!),
    );
  }
}

/** Bucket counts in ascending order, to be read. Values are in recorded units. */
export class Distribution {
  readonly total: number;
  readonly #buckets: Uint16Array;
  readonly #counts: Float64Array;

  constructor(buckets: Uint16Array, counts: Float64Array) {
    this.#buckets = buckets;
    this.#counts = counts;
    this.total = counts.reduce((sum, count) => sum + count, 0);
  }

  /** The lowest and the highest bucket in use; undefined where there is none. */
  get first(): number | undefined {
    return this.#buckets[0];
  }

  get last(): number | undefined {
    return this.#buckets.at(-1);
  }

  forEach(visit: (bucket: number, count: number) => void): void {
    this.#buckets.forEach((bucket, i) => {
      visit(bucket, this.#counts[i]!);
    });
  }

  /**
   * The bucket that holds the value of rank ⌈p ÷ 100 × n⌉, at least 1, of n values in ascending order; as in HdrHistogram a
   * product a rounding error above a whole number counts as that number. There must be values.
   */
  bucketAtPercentile(percentile: number): number {
    const rank = Math.ceil((percentile / 100) * this.total * (1 - Number.EPSILON));
    let seen = 0;
    const i = this.#counts.findIndex((count) => {
      seen += count;
      return seen >= rank;
    });
    return this.#buckets.at(i)!;
  }

  /**
   * How many values are at or below each of the ascending bounds, as far as buckets tell, and above those before it; one more for the
   * rest. A bound within a bucket takes the whole bucket, which is at most a thousandth more.
   */
  countsBetween(bounds: readonly number[]): number[] {
    const lastBuckets = bounds.map((bound) => bucketOf(Math.min(highestValue, Math.floor(bound))));
    const counts = Array.from({ length: bounds.length + 1 }, () => 0);
    let range = 0;
    this.forEach((bucket, count) => {
      while (range < bounds.length && bucket > lastBuckets[range]!) range++;
      counts[range]! += count;
    });
    return counts;
  }

  /** The mean of what `measure` makes of each value's bucket middle; 0 where there are none. */
  meanOf(measure: (middle: number) => number): number {
    let sum = 0;
    this.forEach((bucket, count) => {
      sum += measure(middleOf(bucket)) * count;
    });
    return this.total === 0 ? 0 : sum / this.total;
  }
}

/**
 * Reads a merged trend. Percentiles are over answered and unanswered values together: an unanswered one stands where its wait
 * puts it, so at or above the shortest such wait a percentile is a lower bound. A percentile is given as the highest value of its bucket, a
 * mean and a deviation are made of the middles, as HdrHistogram does, which is exact to a thousandth.
 */
export class MergedTrend implements TrendSummary {
  readonly count: number;
  readonly unanswered: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stdDev: number;
  readonly #answered: Distribution;
  readonly #all: Distribution;
  /** The bucket of the shortest wait that no answer ended. */
  readonly #boundFrom: number;
  /** Recorded units in the unit that is shown: 1000 µs in a millisecond. */
  readonly #scale: number;

  constructor(answered: BucketCounts, unanswered: BucketCounts, scale: number) {
    const waits = unanswered.sorted();
    const all = new BucketCounts();
    all.addAll(answered);
    all.addAll(unanswered);
    this.#answered = answered.sorted();
    this.#all = all.sorted();
    this.#boundFrom = waits.first ?? Number.POSITIVE_INFINITY;
    this.#scale = scale;
    const { first, last, total } = this.#answered;
    const mean = this.#answered.meanOf((value) => value);
    this.count = total;
    this.unanswered = waits.total;
    this.min = first === undefined ? 0 : lowestIn(first) / scale;
    this.max = last === undefined ? 0 : highestIn(last) / scale;
    this.mean = mean / scale;
    this.stdDev = Math.sqrt(this.#answered.meanOf((value) => (value - mean) ** 2)) / scale;
  }

  percentile(percentile: number): Quantile {
    const bucket = this.#all.bucketAtPercentile(percentile);
    const value = percentile === 0 ? lowestIn(bucket) : highestIn(bucket);
    return { value: value / this.#scale, atLeast: bucket >= this.#boundFrom };
  }

  average(): Quantile {
    return { value: this.#all.meanOf((value) => value) / this.#scale, atLeast: this.unanswered > 0 };
  }

  countsBetween(bounds: readonly number[]): number[] {
    return this.#answered.countsBetween(bounds.map((bound) => bound * this.#scale));
  }

  encode(): string {
    return encodeHistogram(this.#answered);
  }
}

/** As an HDR V2 compressed histogram, base64. The library is loaded by the first: it takes a tenth of a second, which a start has not. */
export function encodeHistogram(distribution: Distribution): string {
  const { build, encodeIntoCompressedBase64 } = require('hdr-histogram-js') as typeof import('hdr-histogram-js');
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestValue,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  });
  distribution.forEach((bucket, count) => {
    histogram.recordValueWithCount(lowestIn(bucket), count);
  });
  return encodeIntoCompressedBase64(histogram);
}
