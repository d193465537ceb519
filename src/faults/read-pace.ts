import type { Clock, TimerHandle } from '../core/index.js';

/** A timer that is late is made up for as far as this; a time in which nothing came is not. */
const mostLateUs = 20_000;

/** Tells a reader of so many bytes a second when to rest: until what it has read would have been read at its pace. */
export class ReadPace {
  readonly #clock: Clock;
  readonly #onRested: () => void;
  #bytesPerSec = Number.POSITIVE_INFINITY;
  /** When all bytes so far would have been read; carried on from chunk to chunk, so that what timers are early or late does not add up. */
  #doneAtUs = 0;
  #rest: TimerHandle | undefined;

  /** `onRested`: it may read again. */
  constructor(clock: Clock, onRested: () => void) {
    this.#clock = clock;
    this.#onRested = onRested;
  }

  get isResting(): boolean {
    return this.#rest !== undefined;
  }

  /** Infinite: as fast as bytes come, and at once. Who is at rest owes the rest of its bytes at the new pace. */
  change(bytesPerSec: number): void {
    if (bytesPerSec === this.#bytesPerSec) return;
    const nowUs = this.#clock.nowUs();
    const owedUs = this.#doneAtUs - nowUs;
    this.#doneAtUs = owedUs > 0 ? nowUs + (owedUs * this.#bytesPerSec) / bytesPerSec : nowUs;
    this.#bytesPerSec = bytesPerSec;
    this.#restFrom(nowUs);
  }

  onRead(bytes: number): void {
    if (this.#bytesPerSec === Number.POSITIVE_INFINITY) return;
    const nowUs = this.#clock.nowUs();
    this.#doneAtUs = Math.max(this.#doneAtUs, nowUs - mostLateUs) + (bytes * 1e6) / this.#bytesPerSec;
    this.#restFrom(nowUs);
  }

  stop(): void {
    this.#rest?.cancel();
    this.#rest = undefined;
  }

  #restFrom(nowUs: number): void {
    this.stop();
    if (this.#doneAtUs <= nowUs) return;
    this.#rest = this.#clock.setTimer((this.#doneAtUs - nowUs) / 1000, () => {
      this.#rest = undefined;
      this.#onRested();
    });
  }
}
