import { uptime } from 'node:os';
import type { Clock } from '../core/index.js';
import { leastStandstillMs } from '../metrics/standstills.js';

/**
 * Finds out that the machine slept where its monotonic clock does not tell: Linux stops that clock meanwhile, so that nobody is late at
 * waking, and counts the time since it was booted on.
 */
export class SleepWatch {
  readonly #clock: Clock;
  readonly #uptimeMs: () => number;
  #aheadMs: number;

  /** `uptimeMs`: a clock that goes on while the machine sleeps. */
  constructor(clock: Clock, uptimeMs: () => number = () => uptime() * 1000) {
    this.#clock = clock;
    this.#uptimeMs = uptimeMs;
    this.#aheadMs = this.#readAheadMs();
  }

  /** How long the machine slept since this was last asked, in milliseconds; 0 for less than what counts as a standstill. */
  take(): number {
    const aheadMs = this.#readAheadMs();
    const sleptMs = aheadMs - this.#aheadMs;
    this.#aheadMs = aheadMs;
    return sleptMs >= leastStandstillMs ? sleptMs : 0;
  }

  #readAheadMs(): number {
    return this.#uptimeMs() - this.#clock.nowUs() / 1000;
  }
}
