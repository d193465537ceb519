import type { Clock, TimerHandle } from '../../src/core/index.js';

interface Task {
  readonly dueUs: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told to advance. */
export class ManualClock implements Clock {
  readonly #turnUs: number;
  #nowUs = 0;
  readonly #tasks = new Set<Task>();

  /** `turnUs`: how much time a turn of the event loop takes, so that polling with setImmediate gets somewhere. */
  constructor({ turnUs = 0 } = {}) {
    this.#turnUs = turnUs;
  }

  nowUs(): number {
    return this.#nowUs;
  }

  sinceUs(originUs: number): number {
    return Math.floor(this.nowUs() - originUs);
  }

  get waiting(): number {
    return this.#tasks.size;
  }

  setTimer(delayMs: number, run: () => void): TimerHandle {
    const task = { dueUs: this.#nowUs + delayMs * 1000, run };
    this.#tasks.add(task);
    return { cancel: () => this.#tasks.delete(task) };
  }

  setImmediate(run: () => void): TimerHandle {
    return this.setTimer(this.#turnUs / 1000, run);
  }

  /** When the next task falls due; infinite where none waits. */
  get nextDueUs(): number {
    return Math.min(...[...this.#tasks].map(({ dueUs }) => dueUs));
  }

  /** Lets time pass in the middle of a task, as something that holds the event loop does: what falls due meanwhile comes late. */
  block(ms: number): void {
    this.#nowUs += ms * 1000;
  }

  /** Runs all that falls due within `ms` milliseconds, in order. */
  advance(ms: number): void {
    this.advanceTo(this.#nowUs + ms * 1000);
  }

  /** Runs all that falls due until `untilUs`, in order. */
  advanceTo(untilUs: number): void {
    for (;;) {
      const due = [...this.#tasks].filter((task) => task.dueUs <= untilUs).sort((a, b) => a.dueUs - b.dueUs)[0];
      if (due === undefined) break;
      this.#tasks.delete(due);
      this.#nowUs = Math.max(this.#nowUs, due.dueUs);
      due.run();
    }
    this.#nowUs = Math.max(this.#nowUs, untilUs);
  }
}
