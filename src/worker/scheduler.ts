import type { Clock, TimerHandle } from '../core/index.js';
import type { Pacing } from '../load/pacing.js';
import { WakeHeap } from './wake-heap.js';

/** Something that wants to be woken at a time of its own. */
export interface Sleeper {
  /** Belongs to the scheduler, which numbers its sleepers: −1 for one that it does not know yet. */
  ticket: number;
  /** Does what is due at `nowUs` and says when to wake it next; infinite where nothing waits. */
  wake(nowUs: number): number;
}

/** A slice of work ends after this long, so that replies which arrived meanwhile are stamped soon … */
const leastSliceUs = 500;
/** … or after this share of the time that receiving took since the last one was cut off: else sends would starve behind receives. */
const shareOfReceiving = 0.5;
/** Above this many wake-ups a second, polling between timers would take a core for itself. */
const pollableWakeupsPerSecond = 200;

/**
 * One scheduler for all clients of a worker: a heap of wake-up times and a single timer for the earliest.
 *
 * Node's timers tick in milliseconds. The timer is therefore set to the millisecond *before* the wake-up and the rest is polled with
 * setImmediate, while wake-ups are rare; when they are frequent, sleepers that fall into one tick are woken together, up to a
 * millisecond late, which the allowance of the response time covers. With `precise` pacing the rest is always polled, whatever that costs.
 */
export class Scheduler {
  readonly #clock: Clock;
  readonly #epochUs: () => number;
  readonly #precise: boolean;
  readonly #heap = new WakeHeap();
  /** By ticket. */
  readonly #sleepers: Sleeper[] = [];
  readonly #onSlice: (nowUs: number) => void;
  #timer: TimerHandle | null = null;
  #timerAtUs = Number.POSITIVE_INFINITY;
  #inSlice = false;
  /** The sleeper that is being woken, and the earliest time that it asked for meanwhile. */
  #wokenTicket = -1;
  #wokenNextUs = Number.POSITIVE_INFINITY;
  /** When the last slice ended with more to do; infinite where it had done all. */
  #cutOffUs = Number.POSITIVE_INFINITY;
  #stopped = false;
  #windowStartUs = 0;
  #wakeupsInWindow = 0;
  #frequent = false;

  /** `epochUs` is run time 0 on the clock: times handed in and out are run times. */
  constructor(clock: Clock, epochUs: () => number, pacing: Pacing, onSlice: (nowUs: number) => void = () => {}) {
    this.#onSlice = onSlice;
    this.#clock = clock;
    this.#precise = pacing === 'precise';
    this.#epochUs = epochUs;
  }

  nowUs(): number {
    return this.#clock.sinceUs(this.#epochUs());
  }

  /** Wakes `sleeper` at `atUs`, or at the time it already waits for where that is earlier. */
  wakeAt(sleeper: Sleeper, atUs: number): void {
    if (sleeper.ticket < 0) sleeper.ticket = this.#sleepers.push(sleeper) - 1;
    if (sleeper.ticket === this.#wokenTicket) {
      // It is put in its new place once, when it is done.
      if (atUs < this.#wokenNextUs) this.#wokenNextUs = atUs;
      return;
    }
    if (atUs >= this.#heap.timeOf(sleeper.ticket)) return;
    this.#heap.set(sleeper.ticket, atUs);
    if (!this.#inSlice && this.#heap.firstId === sleeper.ticket) this.#arm();
  }

  /** When somebody is to be woken next; infinite where nobody waits. */
  get nextWakeUs(): number {
    return this.#heap.firstUs;
  }

  /** Wakes nobody any more. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(): void {
    const firstUs = this.#heap.firstUs;
    if (this.#stopped || firstUs >= this.#timerAtUs) return;
    this.#timer?.cancel();
    this.#timerAtUs = firstUs;
    const delayMs = (firstUs - this.nowUs()) / 1000;
    // Rounded down while wake-ups are rare, so that the last part of a millisecond can be polled; else up, so that none is early.
    const wholeMs = this.#frequent ? Math.ceil(delayMs) : Math.floor(delayMs);
    this.#timer = wholeMs >= 1 ? this.#clock.setTimer(wholeMs, this.#onTimer) : this.#clock.setImmediate(this.#onTimer);
  }

  readonly #onTimer = (): void => {
    this.#timer = null;
    this.#timerAtUs = Number.POSITIVE_INFINITY;
    if (this.#stopped) return;
    this.#inSlice = true;
    const startUs = this.nowUs();
    this.#onSlice(startUs);
    let nowUs = startUs;
    const endUs = startUs + Math.max(leastSliceUs, (startUs - this.#cutOffUs) * shareOfReceiving);
    let woken = 0;
    try {
      while (this.#heap.firstUs <= startUs && nowUs <= endUs) {
        this.#wakeFirst(nowUs);
        woken++;
        nowUs = this.nowUs();
      }
    } finally {
      this.#inSlice = false;
      this.#cutOffUs = this.#heap.firstUs <= startUs ? nowUs : Number.POSITIVE_INFINITY;
      if (woken > 0) this.#countWakeup(nowUs);
      this.#arm();
    }
  };

  #wakeFirst(nowUs: number): void {
    const ticket = this.#heap.firstId;
    this.#wokenTicket = ticket;
    this.#wokenNextUs = Number.POSITIVE_INFINITY;
    let nextUs = Number.POSITIVE_INFINITY;
    try {
      nextUs = this.#sleepers[ticket]!.wake(nowUs);
    } finally {
      this.#wokenTicket = -1;
      this.#heap.set(ticket, Math.min(nextUs, this.#wokenNextUs));
    }
  }

  #countWakeup(nowUs: number): void {
    this.#wakeupsInWindow++;
    const windowUs = nowUs - this.#windowStartUs;
    if (windowUs < 100_000) return;
    this.#frequent = !this.#precise && (this.#wakeupsInWindow * 1e6) / windowUs > pollableWakeupsPerSecond;
    this.#windowStartUs = nowUs;
    this.#wakeupsInWindow = 0;
  }
}
