import { highestIn } from '../metrics/buckets.js';
import { BucketCounts } from '../metrics/histogram.js';
import { mean } from '../statistics/effect.js';
import { studentTail } from '../statistics/student-t.js';

/** What the windows of a run say of one percentile. */
export interface Sections {
  /** The logarithm of the percentile, in recorded units, in each of six contiguous sections. */
  readonly logs: readonly number[];
  /** Why these sections cannot be compared, as sentences about their run; empty where they can. */
  readonly doubts: readonly string[];
}

export const sectionCount = 6;
const leastWindows = 20;
/** Fewer values beyond a percentile, and chance alone decides where it lies. */
const leastBeyond = 10;
const mostAutocorrelation = 0.6;
/** A drift from the first section to the last is one that is as large as this, and so improbable without one. */
const driftLog = Math.log(1.1);
const driftPValue = 0.01;

/** How many values there must be, that enough of them lie beyond a percentile. */
export function valuesNeeded(percentile: number): number {
  // 100 − 99.9 is a little less than 0.1.
  return Math.ceil((100 * leastBeyond) / (100 - percentile) - 1e-6);
}

/** Cuts the windows of a run, in the order of time, into sections. Windows depend on their neighbours; sections of ten or more hardly do. */
export function sectionsOf(windows: readonly BucketCounts[], percentile: number): Sections {
  const filled = windows.map((window) => window.sorted()).filter(({ total }) => total > 0);
  if (filled.length < leastWindows) {
    return { logs: [], doubts: [`too few windows with values: ${filled.length} of at least ${leastWindows}`] };
  }
  const sections = Array.from({ length: sectionCount }, (_, i) => {
    const merged = new BucketCounts();
    const [from, to] = [i, i + 1].map((border) => Math.round((border * windows.length) / sectionCount));
    for (const window of windows.slice(from, to)) merged.addAll(window);
    return merged.sorted();
  });
  const fewest = Math.min(...sections.map(({ total }) => total));
  const needed = valuesNeeded(percentile);
  if (fewest < needed) {
    return { logs: [], doubts: [`too few values in a sixth of the run: ${fewest} of at least ${needed}`] };
  }
  const logOf = (distribution: (typeof filled)[number]) =>
    Math.log(Math.max(1, highestIn(distribution.bucketAtPercentile(percentile))));
  const logs = sections.map(logOf);
  const autocorrelation = lagOneAutocorrelation(filled.map(logOf));
  const doubts = [
    autocorrelation > mostAutocorrelation
      ? `the windows depend on each other too much (autocorrelation ${autocorrelation.toFixed(2)}, at most ${mostAutocorrelation})`
      : '',
    drifts(logs) ? 'the percentile rises or falls throughout the run' : '',
  ];
  return { logs, doubts: doubts.filter((doubt) => doubt !== '') };
}

/** 0 where all values are equal. */
export function lagOneAutocorrelation(values: readonly number[]): number {
  const centre = mean(values);
  let products = 0;
  let squares = 0;
  values.forEach((value, i) => {
    squares += (value - centre) ** 2;
    if (i > 0) products += (value - centre) * (values[i - 1]! - centre);
  });
  return squares === 0 ? 0 : products / squares;
}

/** Whether a straight line through the values rises or falls by more than chance and than a tenth. */
function drifts(logs: readonly number[]): boolean {
  const middle = (logs.length - 1) / 2;
  const centre = mean(logs);
  const spread = logs.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const slope = logs.reduce((sum, log, i) => sum + (i - middle) * (log - centre), 0) / spread;
  if (Math.abs(slope) * (logs.length - 1) <= driftLog) return false;
  const residual = logs.reduce((sum, log, i) => sum + (log - centre - slope * (i - middle)) ** 2, 0);
  const degreesOfFreedom = logs.length - 2;
  const t = Math.abs(slope) / Math.sqrt(residual / degreesOfFreedom / spread);
  return 2 * studentTail(t, degreesOfFreedom) < driftPValue;
}
