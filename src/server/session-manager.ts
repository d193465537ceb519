import type { DisconnectReason, Session } from '../core/index.js';
import type { ServerCounters } from './counters.js';

/** The sessions that are connected, in every mode. */
export class SessionManager {
  readonly #counters: ServerCounters;
  readonly #sessions = new Set<Session>();
  #lastId = 0;
  #onEmpty: (() => void) | undefined;

  constructor(counters: ServerCounters) {
    this.#counters = counters;
  }

  /** Takes in a session that has just connected. Returns its id; ids count from 1 and are not used again. */
  add(session: Session): number {
    this.#sessions.add(session);
    this.#counters.sessionBegan();
    return ++this.#lastId;
  }

  remove(session: Session, reason: DisconnectReason): void {
    this.#sessions.delete(session);
    this.#counters.sessionEnded(reason);
    if (this.#sessions.size === 0) this.#onEmpty?.();
  }

  /** Ends every session, each after what is queued for it; resolves when none is left. */
  endAll(): Promise<void> {
    if (this.#sessions.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      for (const session of this.#sessions) session.end();
    });
  }
}
