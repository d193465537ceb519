import type { Clock, TimerHandle } from '../../core/index.js';

/** Lets one in at a time, at even distances: the others wait. Where a turn comes late, those after it do not. */
export class AcceptGate {
  readonly #clock: Clock;
  readonly #intervalUs: number;
  readonly #onHeld: () => void;
  #waiting: (() => void)[] = [];
  /** When the next may come in. */
  #dueUs = Number.NEGATIVE_INFINITY;
  #timer: TimerHandle | undefined;

  /** `onHeld` hears of each that has to wait. */
  constructor(perSec: number, clock: Clock, onHeld: () => void) {
    this.#clock = clock;
    this.#intervalUs = 1e6 / perSec;
    this.#onHeld = onHeld;
  }

  /** Calls `accept` once it is its turn. */
  pass(accept: () => void): void {
    const nowUs = this.#clock.nowUs();
    if (this.#waiting.length === 0 && nowUs >= this.#dueUs) {
      this.#dueUs = nowUs + this.#intervalUs;
      accept();
      return;
    }
    this.#waiting.push(accept);
    this.#onHeld();
    if (this.#waiting.length === 1) this.#waitForNext(nowUs);
  }

  close(): void {
    this.#timer?.cancel();
    this.#waiting = [];
  }

  #waitForNext(nowUs: number): void {
    this.#timer = this.#clock.setTimer((this.#dueUs - nowUs) / 1000, () => this.#letIn());
  }

  /** Several may be due, or none yet: timers count whole milliseconds. */
  #letIn(): void {
    const nowUs = this.#clock.nowUs();
    while (this.#waiting.length > 0 && nowUs >= this.#dueUs) {
      this.#dueUs += this.#intervalUs;
      this.#waiting.shift()!();
    }
    if (this.#waiting.length > 0) this.#waitForNext(nowUs);
  }
}
