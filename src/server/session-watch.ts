import type { Clock, DisconnectReason, TimerHandle } from '../core/index.js';
import type { ServerLimits } from './limits.js';
import type { SessionManager } from './session-manager.js';

const lookEveryMs = 1000;

export const idleTimeout: DisconnectReason = { cause: 'local', code: 'idle-timeout' };
export const packetRateExceeded: DisconnectReason = { cause: 'local', code: 'max-packet-rate' };

/**
 * Looks at every session once a second: one timer and a count in each session, where a timer for each would be armed anew with
 * every packet. So a second is how exact these limits are.
 */
export class SessionWatch {
  readonly #sessions: SessionManager;
  readonly #clock: Clock;
  readonly #packetsPerSec: number;
  #timer: TimerHandle | undefined;
  #lookedAtUs: number;
  #packetBudget: number;
  /** After so many looks in a row that found a session idle, it has been for long enough. */
  readonly idleLooks: number;

  constructor(
    { idleTimeoutMs, maxPacketsPerSec }: Pick<ServerLimits, 'idleTimeoutMs' | 'maxPacketsPerSec'>,
    sessions: SessionManager,
    clock: Clock,
  ) {
    this.#sessions = sessions;
    this.#clock = clock;
    this.#packetsPerSec = maxPacketsPerSec;
    this.#packetBudget = maxPacketsPerSec;
    this.idleLooks = Math.ceil(idleTimeoutMs / lookEveryMs);
    this.#lookedAtUs = clock.nowUs();
  }

  /** How many packets a session may bring until the next look. */
  get packetBudget(): number {
    return this.#packetBudget;
  }

  start(): void {
    this.#timer = this.#clock.setTimer(lookEveryMs, () => {
      this.#look();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** After a server was busy for three seconds, it finds what came in three. */
  #look(): void {
    const nowUs = this.#clock.nowUs();
    this.#packetBudget = this.#packetsPerSec * Math.max(1, (nowUs - this.#lookedAtUs) / 1e6);
    this.#lookedAtUs = nowUs;
    this.#sessions.lookAtAll();
  }
}
