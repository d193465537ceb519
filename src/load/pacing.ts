import type { RandomStream } from './random.js';

/**
 * When sends are due. A pacer is pure: it is asked for a time, not for a wait, because who waits forgets when the send was meant to
 * be. Times are microseconds since the client began, and never fall with n.
 */
export interface Pacer {
  /** When send `n`, from 0, is due. */
  dueUs(n: number): number;
}

/** One send every `intervalUs`, the first at `phaseUs`. Each time is computed afresh, so that nothing adds up. */
export function constantPacer(intervalUs: number, phaseUs: number): Pacer {
  return { dueUs: (n) => phaseUs + n * intervalUs };
}

/** A phase for a constant pacer, uniform in [0, `intervalUs`), so that clients that begin together do not send in step. */
export function drawPhaseUs(intervalUs: number, random: RandomStream): number {
  return random.next() * intervalUs;
}
