import type { Clock } from '../core/index.js';

/** Reading may hold a turn of the event loop for so long … */
const budgetUs = 50_000;
/** … which is looked at whenever so much has been read: no clock is read for a packet. */
const lookEveryBytes = 64 * 1024;

/** Something that is read from, and can be made to wait. */
export interface Reader {
  pause(): void;
  resume(): void;
}

export interface ReadBudgetOptions {
  readonly clock: Clock;
  /** Run time now, in microseconds. */
  readonly nowUs: () => number;
  /** The run time at which this turn's first receive began; negative before it. */
  readonly receivedUs: () => number;
}

/**
 * Keeps a flood from holding the event loop. One poll of libuv reads up to 32 times from each socket that has something: of a thousand
 * flooded ones that is gigabytes, during which no timer fires, nothing is sent, and nobody outside hears that the worker lives. Who still
 * brings much when a turn has used up its time is held back, and read on in a later turn, in the order in which they were held.
 */
export class ReadBudget {
  readonly #options: ReadBudgetOptions;
  /** Since when each is held, in run time. */
  readonly #held = new Map<Reader, number>();
  /** Bytes read since the last look. */
  #bytes = 0;
  /** Looks within this turn's time, and whether there was one beyond it. */
  #looks = 0;
  #isUsedUp = false;
  /** How many are let go on at a time: as many as fitted into the turn before. */
  #places = 1;
  #resumedSinceUs = Number.POSITIVE_INFINITY;

  constructor(options: ReadBudgetOptions) {
    this.#options = options;
  }

  /** What is read now may have waited since then, where its reader was held until this turn; infinite where nobody was. */
  get heldSinceUs(): number {
    return this.#resumedSinceUs;
  }

  /** `reader` has brought so many bytes, all of which have been seen to. */
  onRead(reader: Reader, bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < lookEveryBytes) return;
    this.#bytes = 0;
    const { nowUs, receivedUs } = this.#options;
    const readUs = nowUs() - receivedUs();
    if (readUs <= budgetUs) {
      this.#looks++;
      return;
    }
    this.#isUsedUp = true;
    reader.pause();
    if (this.#held.size === 0) this.#goOnNextTurn();
    this.#held.set(reader, nowUs());
  }

  #goOnNextTurn(): void {
    // Runs right behind the poll: who is resumed here is read in the next.
    this.#options.clock.setImmediate(() => this.#goOn());
  }

  #goOn(): void {
    this.#places = this.#isUsedUp ? Math.max(1, this.#looks) : this.#places * 2;
    this.#looks = 0;
    this.#isUsedUp = false;
    const next = [...this.#held].slice(0, this.#places);
    this.#resumedSinceUs = next[0]?.[1] ?? Number.POSITIVE_INFINITY;
    for (const [reader] of next) {
      this.#held.delete(reader);
      reader.resume();
    }
    if (next.length > 0) this.#goOnNextTurn();
  }
}
