import { constantPacer, type Pacer } from '../load/pacing.js';
import { RandomStream } from '../load/random.js';
import type { Pace } from './seat.js';

const never = Number.POSITIVE_INFINITY;

interface Alarm {
  readonly atUs: number;
  readonly ring: () => void;
}

interface Entry {
  readonly pacer: Pacer;
  readonly act: (dueUs: number) => void;
  /** The next call to make, and when it is due in run time. */
  n: number;
  dueUs: number;
}

/** When a bot is to be woken: its sleeps, and its open-loop calls, whose times follow from the plan alone as those of `every` do. */
export class Timers {
  readonly #seed: number;
  readonly #index: number;
  readonly #beginUs: () => number;
  readonly #alarms: Alarm[] = [];
  readonly #entries: Entry[] = [];
  /** How many entries there ever were: each has a random phase of its own. */
  #made = 0;
  #playingFromUs = never;

  /** `index`: the client's number. `beginUs`: when the run began, once it has. */
  constructor(seed: number, index: number, beginUs: () => number) {
    this.#seed = seed;
    this.#index = index;
    this.#beginUs = beginUs;
  }

  /** Calls `ring` once, at `atUs`. */
  at(atUs: number, ring: () => void): void {
    this.#alarms.push({ atUs, ring });
  }

  /** Calls `act` whenever it is due, from `nowUs` or the begin of play on; returns what ends that. */
  every(pace: Pace, act: (dueUs: number) => void, nowUs: number): () => void {
    const intervalMs = typeof pace === 'number' ? pace : 1000 / pace.rate;
    if (!(intervalMs > 0 && intervalMs < never)) {
      throw new RangeError('every takes milliseconds above 0, or { rate } with a rate a second above 0');
    }
    const phase = RandomStream.of(this.#seed, 'phase', this.#index, this.#made++).next();
    const entry: Entry = { pacer: constantPacer({ kind: 'constant', intervalMs }, phase), act, n: 0, dueUs: never };
    this.#entries.push(entry);
    if (this.#playingFromUs !== never) this.#startEntry(entry, Math.max(nowUs, this.#playingFromUs));
    return () => {
      const place = this.#entries.indexOf(entry);
      if (place !== -1) this.#entries.splice(place, 1);
    };
  }

  /** Open-loop calls are due from `atUs` on. */
  play(atUs: number): void {
    this.#playingFromUs = atUs;
    for (const entry of this.#entries) this.#startEntry(entry, atUs);
  }

  nextUs(untilUs: number): number {
    let nextUs = this.#nextDueUs(untilUs);
    for (const { atUs } of this.#alarms) nextUs = Math.min(nextUs, atUs);
    return nextUs;
  }

  /** Rings what is due, and makes of each open-loop call one that is: a long backlog must not hold up what comes in. */
  wake(nowUs: number, untilUs: number): void {
    for (const alarm of this.#alarms.filter(({ atUs }) => atUs <= nowUs)) {
      this.#alarms.splice(this.#alarms.indexOf(alarm), 1);
      alarm.ring();
    }
    this.#callOne(nowUs, untilUs);
  }

  /** Makes all open-loop calls that were due by `nowUs`. */
  finish(nowUs: number, untilUs: number): void {
    while (this.#nextDueUs(untilUs) <= nowUs) this.#callOne(nowUs, untilUs);
  }

  /** Nothing is due any more. */
  stop(): void {
    this.#alarms.length = 0;
    this.#entries.length = 0;
  }

  #startEntry(entry: Entry, fromUs: number): void {
    const beginUs = this.#beginUs();
    entry.n = entry.pacer.firstFrom(fromUs - beginUs);
    entry.dueUs = beginUs + entry.pacer.dueUs(entry.n);
  }

  #nextDueUs(untilUs: number): number {
    let nextUs = never;
    for (const { dueUs } of this.#entries) nextUs = Math.min(nextUs, dueUs);
    return nextUs < untilUs ? nextUs : never;
  }

  #callOne(nowUs: number, untilUs: number): void {
    // A copy: what is called may begin another, or end one.
    for (const entry of [...this.#entries]) {
      const { dueUs } = entry;
      if (dueUs > nowUs || dueUs >= untilUs) continue;
      entry.dueUs = this.#beginUs() + entry.pacer.dueUs(++entry.n);
      entry.act(dueUs);
    }
  }
}
