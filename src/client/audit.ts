import type { Phase } from '../metrics/catalog.js';
import type { Counter, Recorder } from '../metrics/recorder.js';

/** What the generator may add without a word: less is a timer's tick and a turn of the loop … */
const negligibleUs = 2000;
/** … and so is less than this share of the value. */
const negligibleShare = 0.1;

/** Counts, for the clients of one kind, the measured values, and those of which the generator may be a noticeable part. */
export class Audit {
  readonly #audited: Counter;
  readonly #contaminated: Counter;

  constructor(recorder: Recorder, client: string) {
    this.#audited = recorder.counter('audited_values', { client });
    this.#contaminated = recorder.counter('contaminated_values', { client });
  }

  /** A value was measured, of which `addedUs` may be the generator's: lag beyond the allowance, and waiting to be received. */
  judge(valueUs: number, addedUs: number, phase: Phase): void {
    this.#audited.add(1, phase);
    if (addedUs > negligibleUs && addedUs > negligibleShare * valueUs) this.#contaminated.add(1, phase);
  }
}
