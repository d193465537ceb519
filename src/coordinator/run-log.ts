import { decideOutcome, type Outcome } from '../exit-codes.js';
import type { SteeringMark } from './helm.js';
import type { RunEvent } from './run-result.js';

/** What happened in a run, and what its outcome is decided by. */
export class RunLog {
  readonly #events: RunEvent[] = [];
  readonly #outcomes = new Set<Outcome>();
  readonly #nowUs: () => number;

  /** `nowUs`: the run time; negative right before the start. */
  constructor(nowUs: () => number) {
    this.#nowUs = nowUs;
  }

  /** In order; it grows on. */
  get events(): readonly RunEvent[] {
    return this.#events;
  }

  /** Of all that could be said of the run, what weighs most. */
  get outcome(): Outcome {
    return decideOutcome(this.#outcomes);
  }

  note(kind: RunEvent['kind'], message: string, atUs = this.#nowUs()): void {
    this.#events.push({ atMs: Math.max(0, atUs / 1000), kind, message });
  }

  /** Notes a step by hand. A mark that has grown by a step takes its own place, also where something else has happened since. */
  mark({ atUs, steps, message }: SteeringMark): void {
    const known = steps > 1 ? this.#events.findLastIndex(({ kind }) => kind === 'steered') : -1;
    if (known === -1) this.note('steered', message, atUs);
    else this.#events[known] = { ...this.#events[known]!, message };
  }

  /** The run cannot end better than so. */
  reckonWith(outcome: Outcome): void {
    this.#outcomes.add(outcome);
  }
}
