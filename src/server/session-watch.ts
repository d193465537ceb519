import type { Clock, DisconnectReason, TimerHandle } from '../core/index.js';
import type { ServerLimits } from './limits.js';
import type { SessionManager } from './session-manager.js';

/** Whole numbers of each are a second. */
const lookPeriodsMs = [1000, 500, 200, 100, 50, 20, 10] as const;
const shortestPeriodMs = 10;
/** A session that is idle is found so late at most: by this part of the time that it may be, and by so much. */
const latenessShare = 1 / 5;
const latenessMs = 1000;

export const idleTimeout: DisconnectReason = { cause: 'local', code: 'idle-timeout' };
export const packetRateExceeded: DisconnectReason = { cause: 'local', code: 'max-packet-rate' };

/** What a session hears at a look. */
export interface Look {
  /**
   * How much longer a session has been idle that already was at the look before, in microseconds. One period at most: while the server was
   * busy, packets waited to be read.
   */
  readonly sinceLastUs: number;
  /** The packets that a session may bring are counted from 0 again. */
  readonly beginsSecond: boolean;
}

/**
 * Looks at every session again and again, once a second where the idle timeout is not short: one timer and a flag in each session, where a
 * timer for each would be armed anew with every packet. So who is idle is found less than two looks late, and never too early; and the seconds
 * in which packets are counted are the same for all.
 */
export class SessionWatch {
  readonly idleTimeoutUs: number;
  readonly #sessions: SessionManager;
  readonly #clock: Clock;
  readonly #packetsPerSec: number;
  readonly #periodMs: number;
  #timer: TimerHandle | undefined;
  #lookedAtUs: number;
  #secondBeganUs: number;
  #looksInSecond = 0;
  #packetBudget: number;

  constructor(
    { idleTimeoutMs, maxPacketsPerSec }: Pick<ServerLimits, 'idleTimeoutMs' | 'maxPacketsPerSec'>,
    sessions: SessionManager,
    clock: Clock,
  ) {
    this.#sessions = sessions;
    this.#clock = clock;
    this.#packetsPerSec = maxPacketsPerSec;
    this.#packetBudget = maxPacketsPerSec;
    this.idleTimeoutUs = idleTimeoutMs * 1000;
    this.#periodMs = lookPeriodFor(idleTimeoutMs);
    this.#lookedAtUs = clock.nowUs();
    this.#secondBeganUs = this.#lookedAtUs;
  }

  /** How many packets a session may bring in the second under way. */
  get packetBudget(): number {
    return this.#packetBudget;
  }

  start(): void {
    this.#timer = this.#clock.setTimer(this.#periodMs, () => {
      this.#look();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #look(): void {
    const nowUs = this.#clock.nowUs();
    const sinceLastUs = Math.min(nowUs - this.#lookedAtUs, this.#periodMs * 1000);
    this.#lookedAtUs = nowUs;
    this.#sessions.lookAtAll({ sinceLastUs, beginsSecond: this.#beginSecond(nowUs) });
  }

  /** After a server was busy for three seconds, it finds what came in three. False where the second is not over. */
  #beginSecond(nowUs: number): boolean {
    const seconds = (nowUs - this.#secondBeganUs) / 1e6;
    this.#looksInSecond++;
    if (this.#looksInSecond * this.#periodMs < 1000 && seconds < 1) return false;
    this.#packetBudget = this.#packetsPerSec * Math.max(1, seconds);
    this.#secondBeganUs = nowUs;
    this.#looksInSecond = 0;
    return true;
  }
}

/** The longest period that finds idle sessions as soon as it must; the shortest, which is up to 20 ms late, where none does. */
function lookPeriodFor(idleTimeoutMs: number): number {
  const allowedMs = Math.min(idleTimeoutMs * latenessShare, latenessMs);
  return lookPeriodsMs.find((periodMs) => latestMs(idleTimeoutMs, periodMs) <= allowedMs) ?? shortestPeriodMs;
}

/** How late a session may be found: it is idle from the look behind its last packet on, and until the first look at which its time is over. */
function latestMs(idleTimeoutMs: number, periodMs: number): number {
  const restMs = idleTimeoutMs % periodMs || periodMs;
  return periodMs + (periodMs - restMs);
}
