/**
 * The buckets of an HdrHistogram with 3 significant digits over 1 to 3,600,000,000: 2,048 buckets one wide, then for each
 * power of two 1,024 buckets twice as wide as those before, so that none is wider than a thousandth of its values.
 *
 *   value   0 … 2047   2048 … 4095   4096 … 8191   …
 *   index   0 … 2047   2048 … 3071   3072 … 4095   …
 *   width   1          2             4             …
 *
 * Values are whole: microseconds for trends of time, packets for batches.
 */
export const highestValue = 3_600_000_000;

/** As many as HdrHistogram's counts array is long for these settings. */
export const bucketCount = 23 * 1024;

/** The bucket of a whole number from 0 to `highestValue`. */
export function bucketOf(value: number): number {
  if (value < 2048) return value;
  const shift = 21 - Math.clz32(value);
  return (shift << 10) + (value >>> shift);
}

/** The least value of a bucket; it stands for the whole bucket when a histogram is built again. */
export function lowestIn(bucket: number): number {
  const shift = shiftOf(bucket);
  return (bucket - shift * 1024) * 2 ** shift;
}

/** The greatest value of a bucket: HdrHistogram's "highest equivalent value". */
export function highestIn(bucket: number): number {
  return lowestIn(bucket) + 2 ** shiftOf(bucket) - 1;
}

/** HdrHistogram's "median equivalent value", of which it makes means and deviations. */
export function middleOf(bucket: number): number {
  return lowestIn(bucket) + Math.floor(2 ** shiftOf(bucket) / 2);
}

function shiftOf(bucket: number): number {
  return bucket < 2048 ? 0 : (bucket >>> 10) - 1;
}
