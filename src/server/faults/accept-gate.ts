import type { Clock, TimerHandle } from '../../core/index.js';

/** Lets one in at a time, at even distances: the others wait. */
export class AcceptGate {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #onHeld: () => void;
  #waiting: (() => void)[] = [];
  #timer: TimerHandle | undefined;

  /** `onHeld` hears of each that has to wait. */
  constructor(perSec: number, clock: Clock, onHeld: () => void) {
    this.#clock = clock;
    this.#intervalMs = 1000 / perSec;
    this.#onHeld = onHeld;
  }

  /** Calls `accept` once it is its turn. */
  pass(accept: () => void): void {
    if (this.#timer === undefined) {
      this.#letIn(accept);
    } else {
      this.#waiting.push(accept);
      this.#onHeld();
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#waiting = [];
  }

  #letIn(accept: () => void): void {
    this.#timer = this.#clock.setTimer(this.#intervalMs, () => {
      this.#timer = undefined;
      const next = this.#waiting.shift();
      if (next !== undefined) this.#letIn(next);
    });
    accept();
  }
}
