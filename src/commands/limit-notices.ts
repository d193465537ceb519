import type { LimitName } from '../control/server-messages.js';
import { systemClock, type TimerHandle } from '../core/index.js';
import { countsByName } from './counts-by-name.js';

/** Lines at this distance at least: who meets a limit is rarely alone. */
const everyMs = 5_000;

/** Says which limits the server's clients meet: the first at once, those that follow in one line together. */
export class LimitNotices {
  readonly #print: (line: string) => void;
  #met: Partial<Record<LimitName, number>> = {};
  #timer: TimerHandle | undefined;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  add(limit: LimitName): void {
    this.#met[limit] = (this.#met[limit] ?? 0) + 1;
    if (this.#timer === undefined) this.#say();
  }

  /** Says what is still unsaid. */
  close(): void {
    this.#timer?.cancel();
    this.#say();
    this.#timer?.cancel();
  }

  #say(): void {
    this.#timer = undefined;
    const text = countsByName(this.#met);
    if (text === '') return;
    this.#met = {};
    this.#print(`dropped at a limit: ${text}`);
    this.#timer = systemClock.setTimer(everyMs, () => this.#say());
  }
}
