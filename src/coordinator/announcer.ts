import type { RunOptions, RunProgress } from './run-options.js';

/** Tells the caller of a run how it goes on, until that throws. */
export class Announcer {
  readonly #listener: RunOptions['onProgress'];
  readonly #onThrown: () => void;
  #thrown: { readonly error: unknown } | undefined;

  /** `onThrown`: `listener` threw, and is not called again. */
  constructor(listener: RunOptions['onProgress'], onThrown: () => void) {
    this.#listener = listener;
    this.#onThrown = onThrown;
  }

  /** Throws nothing: it is mostly called from where a worker is heard, and nobody there could catch it. */
  tell(progress: () => RunProgress): void {
    if (this.#thrown !== undefined) return;
    try {
      this.#listener?.(progress());
    } catch (error) {
      this.#thrown = { error };
      this.#onThrown();
    }
  }

  /** @throws What the listener threw, where it did. */
  rethrow(): void {
    if (this.#thrown !== undefined) throw this.#thrown.error;
  }
}
