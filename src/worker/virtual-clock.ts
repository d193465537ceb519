import type { Clock, TimerHandle } from '../core/index.js';

/** What a turn of the event loop takes in virtual time. */
const turnUs = 10;

interface Task {
  readonly dueUs: number;
  readonly run: () => void;
}

/** A clock of its own, on which hours pass as fast as the work in them can be done. */
export class VirtualClock implements Clock {
  readonly #tasks = new Set<Task>();
  #nowUs = 0;

  nowUs(): number {
    return this.#nowUs;
  }

  sinceUs(originUs: number): number {
    return Math.floor(this.#nowUs - originUs);
  }

  setTimer(delayMs: number, run: () => void): TimerHandle {
    return this.#add(delayMs * 1000, run);
  }

  setImmediate(run: () => void): TimerHandle {
    return this.#add(turnUs, run);
  }

  /** Runs what is due next, all of it; false where nothing waits any more. */
  turn(): boolean {
    let nextUs = Number.POSITIVE_INFINITY;
    for (const { dueUs } of this.#tasks) nextUs = Math.min(nextUs, dueUs);
    this.#nowUs = Math.max(this.#nowUs, nextUs);
    for (const task of this.#tasks) {
      if (task.dueUs <= nextUs && this.#tasks.delete(task)) task.run();
    }
    return nextUs !== Number.POSITIVE_INFINITY;
  }

  #add(afterUs: number, run: () => void): TimerHandle {
    const task = { dueUs: this.#nowUs + afterUs, run };
    this.#tasks.add(task);
    return { cancel: () => this.#tasks.delete(task) };
  }
}
