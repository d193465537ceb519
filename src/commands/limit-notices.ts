import type { LimitName } from '../control/server-messages.js';
import { systemClock, type TimerHandle } from '../core/index.js';
import { countsByName } from './counts-by-name.js';

/** Lines at this distance at least: who meets a limit is rarely alone. */
const everyMs = 5_000;

/** Says which limits the server's clients meet: the first at once, those that follow in one line together. */
export class LimitNotices {
  readonly #print: (line: string) => void;
  #unsaid: Partial<Record<LimitName, number>> = {};
  #timer: TimerHandle | undefined;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  add(limit: LimitName): void {
    this.#unsaid[limit] = (this.#unsaid[limit] ?? 0) + 1;
    if (this.#timer === undefined) this.#sayAndWait();
  }

  /** Says what is still unsaid. */
  close(): void {
    this.#timer?.cancel();
    this.#say();
  }

  #sayAndWait(): void {
    this.#timer = this.#say() ? systemClock.setTimer(everyMs, () => this.#sayAndWait()) : undefined;
  }

  /** False where there is nothing to say. */
  #say(): boolean {
    const text = countsByName(this.#unsaid);
    if (text === '') return false;
    this.#unsaid = {};
    this.#print(`dropped at a limit: ${text}`);
    return true;
  }
}
