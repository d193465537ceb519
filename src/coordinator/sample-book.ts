import type { ErrorSample } from '../control/messages.js';

/** One kind of failure over the whole run; `message` is that of the first. */
export interface KeptSample extends ErrorSample {
  /** Milliseconds since the run's start, as exact as reports are frequent. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly lastMessage: string;
}

/** More kinds than this are counted together: bots may find new words for ever. */
const mostKinds = 500;
const otherKinds = 'other';

/** Keeps of each kind of failure the first and the last case, and counts the rest. */
export class SampleBook {
  readonly #samples = new Map<string, KeptSample>();

  add({ kind, message, count }: ErrorSample, atMs: number): void {
    const key = this.#samples.has(kind) || this.#samples.size < mostKinds ? kind : otherKinds;
    const { message: first, firstMs, count: before } = this.#samples.get(key) ?? { message, firstMs: atMs, count: 0 };
    const kept = { kind: key, message: first, count: before + count, firstMs, lastMs: atMs, lastMessage: message };
    this.#samples.set(key, kept);
  }

  /** In the order of their first cases; it grows on. */
  get kinds(): Iterable<KeptSample> {
    return { [Symbol.iterator]: () => this.#samples.values() };
  }

  /** The most frequent first. */
  mostFrequent(): ErrorSample[] {
    return [...this.#samples.values()]
      .map(({ kind, message, count }) => ({ kind, message, count }))
      .sort((a, b) => b.count - a.count);
  }
}
