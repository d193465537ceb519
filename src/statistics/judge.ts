import type { Effect } from './effect.js';
import { studentQuantile, studentTail } from './student-t.js';

export type Verdict = 'better' | 'worse' | 'same' | 'cannot tell';

/** What is asked of an effect. Changes are natural logarithms of a ratio. */
export interface Question {
  /** 1: greater is worse, as of times. −1: smaller is. */
  readonly worseSign: 1 | -1;
  /** Changes up to this are of no interest; not negative. */
  readonly tolerance: number;
  /** What two runs of one build may differ by; not negative. */
  readonly noise: number;
}

export interface Answer {
  readonly verdict: Verdict;
  /** The two-sided interval of the logarithm of the ratio. */
  readonly from: number;
  readonly to: number;
  /** The smallest change for the worse that these data would have shown nine times in ten, as a logarithm. */
  readonly smallest: number;
}

/** How often the smallest change that could have shown would have been found. */
const power = 0.9;

/**
 * Worse (or better): the whole interval lies beyond the noise, and the change itself beyond the tolerance. Same: the interval lies within the tolerance. `level`: the
 * probability, both sides together, that the interval misses the truth.
 */
export function judge(effect: Effect, { worseSign, tolerance, noise }: Question, level: number): Answer {
  const { logRatio, standardError, degreesOfFreedom } = effect;
  const reach = studentQuantile(level / 2, degreesOfFreedom) * standardError;
  const luck = studentQuantile(1 - power, degreesOfFreedom) * standardError;
  const beyond = (sign: number) => sign * logRatio - reach > noise && sign * logRatio > tolerance;
  return {
    verdict: beyond(worseSign)
      ? 'worse'
      : beyond(-worseSign)
        ? 'better'
        : Math.abs(logRatio) + reach <= tolerance
          ? 'same'
          : 'cannot tell',
    from: logRatio - reach,
    to: logRatio + reach,
    smallest: worseSign * (Math.max(noise + reach, tolerance) + luck),
  };
}

/** The one-sided p-value of "no worse than the noise". */
export function worsePValue({ logRatio, standardError, degreesOfFreedom }: Effect, question: Question): number {
  const excess = question.worseSign * logRatio - question.noise;
  if (standardError === 0) return excess > 0 ? 0 : 1;
  return studentTail(excess / standardError, degreesOfFreedom);
}
