/**
 * Turns what the user asks for, by signal or by key, into the two ways to end a run: first gracefully, then at once. The second
 * request of any kind is the second.
 */
export class SignalDesk {
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  readonly #onSignal = (): void => this.ask(this.#stop.signal.aborted ? 'abort' : 'stop');

  constructor() {
    for (const signal of signals) process.on(signal, this.#onSignal);
  }

  /** Aborted once the run is to stop gracefully. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** Aborted once the run is to end at once. */
  get abort(): AbortSignal {
    return this.#abort.signal;
  }

  ask(intent: 'stop' | 'abort'): void {
    if (intent === 'stop') this.#stop.abort();
    else this.#abort.abort();
  }

  /** Gives the signals their usual effect again. */
  close(): void {
    for (const signal of signals) process.off(signal, this.#onSignal);
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
