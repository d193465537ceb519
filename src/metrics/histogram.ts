import { createRequire } from 'node:module';
import type { JsHistogram } from 'hdr-histogram-js';
import { SwarmError } from '../errors.js';
import { bucketOf, highestIn, highestValue, lowestIn, middleOf } from './buckets.js';
import type { Quantile, TrendSummary } from './totals.js';

const require = createRequire(import.meta.url);

/** How many values fell into each bucket; only buckets that are not empty take memory. Adding is associative and loses nothing. */
export class BucketCounts {
  #counts = new Map<number, number>();
  /** Stands for the counts where they are packed; the map is empty then. */
  #packed: Distribution | undefined;

  get isEmpty(): boolean {
    return this.#packed === undefined && this.#counts.size === 0;
  }

  add(bucket: number, count: number): void {
    if (this.#packed !== undefined) this.#unpack(this.#packed);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
  }

  addAll(other: BucketCounts): void {
    for (const [bucket, count] of other.#counts) this.add(bucket, count);
    other.#packed?.forEach((bucket, count) => {
      this.add(bucket, count);
    });
  }

  /** For counts that are complete, as far as can be told: they take a quarter of the memory until something is added after all. */
  pack(): void {
    if (this.#counts.size === 0) return;
    this.#packed = this.sorted();
    this.#counts = new Map();
  }

  #unpack(packed: Distribution): void {
    this.#packed = undefined;
    packed.forEach((bucket, count) => {
      this.#counts.set(bucket, count);
    });
  }

  sorted(): Distribution {
    if (this.#packed !== undefined) return this.#packed;
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
  readonly #answered: Distribution;
  readonly #waits: Distribution;
  readonly #all: Distribution;
  /** The bucket of the shortest wait that no answer ended. */
  readonly #boundFrom: number;
  /** Recorded units in the unit that is shown: 1000 µs in a millisecond. */
  readonly #scale: number;

  constructor(answered: BucketCounts, unanswered: BucketCounts, scale: number) {
    this.#answered = answered.sorted();
    this.#waits = unanswered.sorted();
    this.#all = unanswered.isEmpty ? this.#answered : sumOf(answered, unanswered).sorted();
    this.#boundFrom = this.#waits.first ?? Number.POSITIVE_INFINITY;
    this.#scale = scale;
    const { first, last, total } = this.#answered;
    this.count = total;
    this.unanswered = this.#waits.total;
    this.min = first === undefined ? 0 : lowestIn(first) / scale;
    this.max = last === undefined ? 0 : highestIn(last) / scale;
  }

  get mean(): number {
    return this.#answered.meanOf((value) => value) / this.#scale;
  }

  get stdDev(): number {
    const mean = this.#answered.meanOf((value) => value);
    return Math.sqrt(this.#answered.meanOf((value) => (value - mean) ** 2)) / this.#scale;
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

  encodeUnanswered(): string | null {
    return this.unanswered === 0 ? null : encodeHistogram(this.#waits);
  }
}

function sumOf(a: BucketCounts, b: BucketCounts): BucketCounts {
  const sum = new BucketCounts();
  sum.addAll(a);
  sum.addAll(b);
  return sum;
}

/** As an HDR V2 compressed histogram, base64. */
export function encodeHistogram(distribution: Distribution): string {
  return library().encodeIntoCompressedBase64(toHdrHistogram(distribution));
}

/** What `encodeHistogram` made, bucket by bucket as it was. @throws SwarmError `histogram-damaged`. */
export function decodeHistogram(base64: string): BucketCounts {
  const counts = new BucketCounts();
  const histogram = decoded(base64);
  const last = bucketOf(Math.min(highestValue, histogram.maxValue));
  for (let bucket = 0; bucket <= last; bucket++) {
    const count = histogram.getCountAtIndex(bucket);
    if (count > 0) counts.add(bucket, count);
  }
  return counts;
}

function decoded(base64: string): JsHistogram {
  try {
    const histogram = library().decodeFromCompressedBase64(base64, 64) as JsHistogram;
    if (histogram.numberOfSignificantValueDigits === 3 && histogram.lowestDiscernibleValue === 1) return histogram;
  } catch {
    // Bytes that are no histogram fail in many ways, none of which says more than that.
  }
  throw new SwarmError('histogram-damaged', 'this is not a histogram of swarm’s: HDR V2, compressed, three digits');
}

/** For what HdrHistogram itself makes of a histogram. Each bucket is recorded as its lowest value. */
export function toHdrHistogram(distribution: Distribution): JsHistogram {
  const histogram = library().build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestValue,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  }) as JsHistogram;
  distribution.forEach((bucket, count) => {
    histogram.recordValueWithCount(lowestIn(bucket), count);
  });
  return histogram;
}

/** Loaded by the first who needs it: it takes a tenth of a second, which a start has not. */
function library(): typeof import('hdr-histogram-js') {
  return require('hdr-histogram-js') as typeof import('hdr-histogram-js');
}
