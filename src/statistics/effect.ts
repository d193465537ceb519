/** How much greater the current number is than the base, and how sure that is. */
export interface Effect {
  /** The natural logarithm of current ÷ base. */
  readonly logRatio: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** What the sections of a run say of one number, as logarithms: of the whole, and of each section. */
export interface SectionLogs {
  readonly whole: number;
  readonly sections: readonly number[];
}

/**
 * One run each: the ratio of the wholes, its error from how the sections of each run scatter (Welch). It knows noise within runs alone.
 *
 * Where a run is full of pauses, the percentile of the whole falls into the pauses or beside them by chance, which the scatter of six sections
 * need not show. Then the whole and the sections tell different ratios, and by as much the ratio is in doubt.
 */
export function sectionsEffect(base: SectionLogs, current: SectionLogs): Effect {
  const logRatio = current.whole - base.whole;
  const { standardError, degreesOfFreedom } = welch(base.sections, current.sections);
  const disagreement = logRatio - (mean(current.sections) - mean(base.sections));
  return { logRatio, standardError: Math.hypot(standardError, disagreement), degreesOfFreedom };
}

/**
 * Several runs on at least one side, each by its logarithm. Several on both: Welch's t. One run against several: a prediction interval,
 * for where one more run of the others' build would lie.
 */
export function runsEffect(base: readonly number[], current: readonly number[]): Effect {
  const logRatio = mean(current) - mean(base);
  if (base.length > 1 && current.length > 1) return { ...welch(base, current), logRatio };
  const several = base.length > 1 ? base : current;
  return {
    logRatio,
    standardError: Math.sqrt(variance(several) * (1 + 1 / several.length)),
    degreesOfFreedom: several.length - 1,
  };
}

/** Rounds: each pair by the logarithm of its ratio (paired t). What pairs share, such as a machine that grows slower, drops out. */
export function pairsEffect(logRatios: readonly number[]): Effect {
  return {
    logRatio: mean(logRatios),
    standardError: Math.sqrt(variance(logRatios) / logRatios.length),
    degreesOfFreedom: logRatios.length - 1,
  };
}

/** The error of a difference of two means with variances of their own, and Satterthwaite's degrees of freedom. */
function welch(a: readonly number[], b: readonly number[]): Omit<Effect, 'logRatio'> {
  const ofA = variance(a) / a.length;
  const ofB = variance(b) / b.length;
  const both = ofA + ofB;
  const degreesOfFreedom =
    both === 0 ? a.length + b.length - 2 : both ** 2 / (ofA ** 2 / (a.length - 1) + ofB ** 2 / (b.length - 1));
  return { standardError: Math.sqrt(both), degreesOfFreedom };
}

/** NaN of no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of an even number of values the middle between the two in the middle; NaN of no values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Of a sample: n − 1. */
function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
