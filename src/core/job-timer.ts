import { type Clock, systemClock, type TimerHandle } from './clock.js';
import { warn } from './warn.js';

/** Jobs that are due later, such as a room's flush. */
export class JobTimer {
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #pending = new Set<TimerHandle>();

  /** `onError` hears of each job that threw; without it Node prints a warning. */
  constructor(options: { clock?: Clock; onError?: (error: unknown) => void } = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#onError = options.onError ?? warn;
  }

  /** Runs `job` once, `tickAfterMs` milliseconds from now or later; 0 by default. */
  push(tickAfterMs: number, job: () => void): TimerHandle {
    const timer = this.#clock.setTimer(tickAfterMs, () => {
      this.#pending.delete(handle);
      try {
        job();
      } catch (error) {
        this.#onError(error);
      }
    });
    const handle: TimerHandle = {
      cancel: () => {
        this.#pending.delete(handle);
        timer.cancel();
      },
    };
    this.#pending.add(handle);
    return handle;
  }

  /** Cancels every job that still waits. */
  clear(): void {
    for (const handle of this.#pending) handle.cancel();
  }
}
