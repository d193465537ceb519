import type { RandomStream } from './random.js';
import type { RateCurve } from './rate.js';

/**
 * When sends are due. A pacer is pure: it is asked for a time, not for a wait, because who waits forgets when the send was meant to
 * be. Times are microseconds since sending began, and never fall with n; infinite where the rate never comes to send n.
 */
export interface Pacer {
  /** When send `n`, from 0, is due. */
  dueUs(n: number): number;
  /** The first send that is due at `us` or later. */
  firstFrom(us: number): number;
}

/**
 * Sends at even distances: send n is due when the cumulative rate passes n + `phase`, where 0 ≤ `phase` < 1. Each time is computed
 * afresh, so that nothing adds up. Phases drawn uniformly keep clients that begin together from sending in step.
 */
export function constantPacer(curve: RateCurve, phase: number): Pacer {
  const dueUs = (n: number): number => curve.passesAtUs(n + phase);
  return {
    dueUs,
    firstFrom(us) {
      let n = Math.max(0, Math.ceil(curve.sendsUntil(us) - phase));
      // The curve and its inverse are exact but for rounding, which can make one send's difference.
      while (n > 0 && dueUs(n - 1) >= us) n--;
      while (dueUs(n) < us) n++;
      return n;
    },
  };
}

/**
 * Poisson arrivals, by time rescaling: send n is due when the cumulative rate passes the sum of n + 1 exponentials of mean 1. With a rate
 * that changes it is the Poisson process of that intensity (Çinlar, 1975). `stream` makes the stream of the draws, from its
 * beginning; the sum so far is kept, so asking in order costs one draw a send.
 */
export function poissonPacer(curve: RateCurve, stream: () => RandomStream): Pacer {
  let draws = stream();
  let drawn = -1;
  let sum = 0;
  const dueUs = (n: number): number => {
    if (n < drawn) {
      draws = stream();
      drawn = -1;
      sum = 0;
    }
    for (; drawn < n; drawn++) sum -= Math.log(1 - draws.next());
    return curve.passesAtUs(sum);
  };
  return {
    dueUs,
    firstFrom(us) {
      let n = drawn >= 0 && curve.passesAtUs(sum) < us ? drawn : 0;
      while (dueUs(n) < us) n++;
      return n;
    },
  };
}

/** So late a send may be before response time counts it: the tick of a timer, which is not the server’s doing. */
const timerTickUs = 1000;

/** How the scheduler keeps time: `normal` sleeps to the timer's tick where wake-ups are many, `precise` polls always. */
export type Pacing = 'normal' | 'precise';

/** Response time runs from `min(send, due + allowance)`. It depends on the pacing alone, never on how busy the loop was. */
export function allowanceUs(pacing: Pacing): number {
  return pacing === 'precise' ? 0 : timerTickUs;
}
