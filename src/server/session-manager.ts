import type { DisconnectReason } from '../core/index.js';
import type { ServerCounters } from './counters.js';
import type { Look } from './session-watch.js';

/** A session as the server looks after it. */
export interface ServedSession {
  /** Sends what is queued, then closes. */
  end(): void;
  /** Comes again and again: ends the session where it has been idle for too long. */
  onLook(look: Look): void;
}

/** The sessions that are connected, in every mode. */
export class SessionManager {
  readonly #counters: ServerCounters;
  readonly #sessions = new Set<ServedSession>();
  #lastId = 0;
  #onEmpty: (() => void) | undefined;

  constructor(counters: ServerCounters) {
    this.#counters = counters;
  }

  /** Takes in a session that has just connected. Returns its id; ids count from 1 and are not used again. */
  add(session: ServedSession): number {
    this.#sessions.add(session);
    this.#counters.sessionBegan();
    return ++this.#lastId;
  }

  remove(session: ServedSession, reason: DisconnectReason): void {
    this.#sessions.delete(session);
    this.#counters.sessionEnded(reason);
    if (this.#sessions.size === 0) this.#onEmpty?.();
  }

  lookAtAll(look: Look): void {
    for (const session of this.#sessions) session.onLook(look);
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
