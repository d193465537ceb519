import type { ErrorSample } from '../control/messages.js';

/** More kinds than this in one interval are counted together: an error with a changing name must not fill the channel. */
const maxKinds = 50;
const otherKinds = 'other';

/** Keeps one case of each kind of failure between two snapshots, and counts the rest. */
export class SampleBox {
  readonly #samples = new Map<string, { message: string; count: number }>();

  /** `message`: a function where its words take work, which is then done only for the case that is kept. */
  add(kind: string, message: string | (() => string)): void {
    const known = this.#samples.get(kind);
    if (known !== undefined) known.count++;
    else if (this.#samples.size < maxKinds || kind === otherKinds)
      this.#samples.set(kind, { message: wordsOf(message), count: 1 });
    else this.add(otherKinds, message);
  }

  take(): ErrorSample[] {
    const samples = [...this.#samples].map(([kind, { message, count }]) => ({ kind, message, count }));
    this.#samples.clear();
    return samples;
  }
}

function wordsOf(message: string | (() => string)): string {
  return typeof message === 'string' ? message : message();
}
