import { warn } from './warn.js';

/**
 * Runs jobs one after the other, in the order of their pushes, never one inside another: the serial execution of a room.
 * Whoever pushes to an idle queue runs what is in it, until it is empty.
 */
export class JobQueue {
  readonly #jobs: (() => void)[] = [];
  readonly #onError: (error: unknown) => void;
  #flushing = false;

  /** `onError` hears of each job that threw; without it Node prints a warning. The jobs behind it run all the same. */
  constructor(options: { onError?: (error: unknown) => void } = {}) {
    this.#onError = options.onError ?? warn;
  }

  /** Runs `job` at once where the queue is idle, else behind the jobs that wait. */
  push(job: () => void): void {
    this.#jobs.push(job);
    if (!this.#flushing) this.#flush();
  }

  #flush(): void {
    this.#flushing = true;
    for (let next = 0; next < this.#jobs.length; next++) {
      try {
        this.#jobs[next]!();
      } catch (error) {
        this.#onError(error);
      }
    }
    this.#jobs.length = 0;
    this.#flushing = false;
  }
}
