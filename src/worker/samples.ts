import type { ErrorSample } from '../control/messages.js';

/** More kinds than this in one interval are counted together: an error with a changing name must not fill the channel. */
const maxKinds = 50;
const otherKinds = 'other';

/** Keeps one case of each kind of failure between two snapshots, and counts the rest. */
export class SampleBox {
  readonly #samples = new Map<string, { message: string; count: number }>();

  add(kind: string, message: string): void {
    const known = this.#samples.get(kind);
    if (known !== undefined) known.count++;
    else if (this.#samples.size < maxKinds) this.#samples.set(kind, { message, count: 1 });
    else this.add(otherKinds, message);
  }

  take(): ErrorSample[] {
    const samples = [...this.#samples].map(([kind, { message, count }]) => ({ kind, message, count }));
    this.#samples.clear();
    return samples;
  }
}
