import type { Bot } from './bot.js';
import type { Seat } from './seat.js';

/** A bot was made without the seat that it is made with. */
export class MissingSeat extends TypeError {
  constructor() {
    super('a bot’s constructor hands on what it is given: constructor(seat) { super(seat); }');
  }
}

/** The base class stops there: it was reached, and nothing behind `super(seat)` is to run. */
class TrialPassed extends Error {}

const trialSeat = Object.freeze({}) as Seat;

/** Looks at what the base class was handed. @throws MissingSeat */
export function checkSeat(seat: Seat | undefined): void {
  if (seat === trialSeat) throw new TrialPassed();
  if (typeof seat?.send !== 'function') throw new MissingSeat();
}

/**
 * Whether a class hands on its seat: the error that each client would die of, or null. Of its code runs what stands in its constructor
 * before `super`, and no more; what that throws is no matter here, as no seat for a client was there.
 */
export function trySeat(BotClass: new (seat: Seat) => Bot): MissingSeat | null {
  try {
    new BotClass(trialSeat);
  } catch (error) {
    if (error instanceof MissingSeat) return error;
  }
  return null;
}
