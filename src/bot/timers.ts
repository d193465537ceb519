import { constantPacer, type Pacer } from '../load/pacing.js';
import { RandomStream } from '../load/random.js';
import type { Rate, RateCurve } from '../load/rate.js';
import type { RateFactor } from '../load/rate-factor.js';
import type { Pace } from './seat.js';

const never = Number.POSITIVE_INFINITY;

interface Alarm {
  atUs: number;
  /** Where it rings once somebody has waited long enough: from when, and for how long at the planned pace. */
  readonly wait: { readonly fromUs: number; readonly forUs: number } | null;
  readonly ring: () => void;
}

interface Entry {
  readonly pacer: Pacer;
  readonly act: (dueUs: number) => void;
  /** The next call to make, and when it is due in run time. */
  n: number;
  dueUs: number;
}

export interface TimersOptions {
  /** The plan's. */
  readonly seed: number;
  /** The client's number. */
  readonly index: number;
  /** When the run began, once it has. */
  readonly beginUs: () => number;
  readonly rateFactor: RateFactor;
  /** A rate as it is followed from the begin on. */
  readonly scaled: (rate: Rate) => RateCurve;
}

/** When a bot is to be woken: its sleeps, and its open-loop calls, whose times follow from the plan alone as those of `every` do. */
export class Timers {
  readonly #options: TimersOptions;
  readonly #alarms: Alarm[] = [];
  readonly #entries: Entry[] = [];
  /** How many entries there ever were: each has a random phase of its own. */
  #made = 0;
  #playingFromUs = never;

  constructor(options: TimersOptions) {
    this.#options = options;
  }

  /** Calls `ring` once, at `atUs`. */
  at(atUs: number, ring: () => void): void {
    this.#alarms.push({ atUs, wait: null, ring });
  }

  /** Calls `ring` once, when it has waited from `fromUs` on for `forUs` of the planned pace; returns when that is, as far as is known. */
  after(fromUs: number, forUs: number, ring: () => void): number {
    const atUs = this.#options.rateFactor.waitedUs(fromUs, forUs);
    this.#alarms.push({ atUs, wait: { fromUs, forUs }, ring });
    return atUs;
  }

  /** Calls `act` whenever it is due, from `nowUs` or the begin of play on; returns what ends that. */
  every(pace: Pace, act: (dueUs: number) => void, nowUs: number): () => void {
    const intervalMs = typeof pace === 'number' ? pace : 1000 / pace.rate;
    if (!(intervalMs > 0 && intervalMs < never)) {
      throw new RangeError('every takes milliseconds above 0, or { rate } with a rate a second above 0');
    }
    const { seed, index, scaled } = this.#options;
    const phase = RandomStream.of(seed, 'phase', index, this.#made++).next();
    const pacer = constantPacer(scaled({ kind: 'constant', intervalMs }), phase);
    const entry: Entry = { pacer, act, n: 0, dueUs: never };
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

  /** The rates have changed: what is not made yet is due at another time. */
  reschedule(): void {
    if (this.#playingFromUs !== never) {
      for (const entry of this.#entries) entry.dueUs = this.#options.beginUs() + entry.pacer.dueUs(entry.n);
    }
    for (const alarm of this.#alarms) {
      const { wait } = alarm;
      if (wait !== null) alarm.atUs = this.#options.rateFactor.waitedUs(wait.fromUs, wait.forUs);
    }
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
    this.callOne(nowUs, untilUs);
  }

  /** Makes of each open-loop call one that is due by `nowUs` and before `untilUs`: whether there was any. */
  callOne(nowUs: number, untilUs: number): boolean {
    let called = false;
    // A copy: what is called may begin another, or end one.
    for (const entry of [...this.#entries]) {
      const { dueUs } = entry;
      if (dueUs > nowUs || dueUs >= untilUs) continue;
      entry.dueUs = this.#options.beginUs() + entry.pacer.dueUs(++entry.n);
      entry.act(dueUs);
      called = true;
    }
    return called;
  }

  /** Nothing is due any more. */
  stop(): void {
    this.#alarms.length = 0;
    this.#entries.length = 0;
  }

  #startEntry(entry: Entry, fromUs: number): void {
    const beginUs = this.#options.beginUs();
    entry.n = entry.pacer.firstFrom(fromUs - beginUs);
    entry.dueUs = beginUs + entry.pacer.dueUs(entry.n);
  }

  #nextDueUs(untilUs: number): number {
    let nextUs = never;
    for (const { dueUs } of this.#entries) nextUs = Math.min(nextUs, dueUs);
    return nextUs < untilUs ? nextUs : never;
  }
}
