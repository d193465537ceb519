import type { Clock, TimerHandle } from '../core/index.js';
import type { Pacing } from '../load/pacing.js';

/** Something that wants to be woken at a time of its own. `heapIndex` belongs to the scheduler: −1 while it is not waiting. */
export interface Sleeper {
  wakeAtUs: number;
  heapIndex: number;
  /** Does what is due at `nowUs` and says when to wake it next; infinite where nothing waits. */
  wake(nowUs: number): number;
}

/** A slice of work ends after this long, so that replies which arrived meanwhile are stamped soon. */
const sliceUs = 500;
/** Above this many wake-ups a second, polling between timers would take a core for itself. */
const pollableWakeupsPerSecond = 200;

/**
 * One scheduler for all clients of a worker: a heap of sleepers by wake-up time and a single timer for the earliest.
 *
 * Node's timers tick in milliseconds. The timer is therefore set to the millisecond *before* the wake-up and the rest is polled with
 * setImmediate, while wake-ups are rare; when they are frequent, sleepers that fall into one tick are woken together, up to a
 * millisecond late, which the allowance of the response time covers. With `precise` pacing the rest is always polled, whatever that costs.
 */
export class Scheduler {
  readonly #clock: Clock;
  readonly #epochUs: () => number;
  readonly #precise: boolean;
  readonly #heap: Sleeper[] = [];
  readonly #onSlice: (nowUs: number) => void;
  #timer: TimerHandle | null = null;
  #timerAtUs = Number.POSITIVE_INFINITY;
  #inSlice = false;
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
    return this.#clock.nowUs() - this.#epochUs();
  }

  /** Wakes `sleeper` at `atUs`, or at the time it already waits for where that is earlier. */
  wakeAt(sleeper: Sleeper, atUs: number): void {
    if (sleeper.heapIndex >= 0) {
      if (atUs >= sleeper.wakeAtUs) return;
      sleeper.wakeAtUs = atUs;
      this.#siftUp(sleeper.heapIndex);
    } else {
      if (atUs === Number.POSITIVE_INFINITY) return;
      sleeper.wakeAtUs = atUs;
      sleeper.heapIndex = this.#heap.length;
      this.#heap.push(sleeper);
      this.#siftUp(sleeper.heapIndex);
    }
    if (!this.#inSlice && this.#heap[0] === sleeper) this.#arm();
  }

  /** When somebody is to be woken next; infinite where nobody waits. */
  get nextWakeUs(): number {
    return this.#heap[0]?.wakeAtUs ?? Number.POSITIVE_INFINITY;
  }

  /** Wakes nobody any more. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(): void {
    const first = this.#heap[0];
    if (first === undefined || this.#stopped || first.wakeAtUs >= this.#timerAtUs) return;
    this.#timer?.cancel();
    this.#timerAtUs = first.wakeAtUs;
    const delayMs = (first.wakeAtUs - this.nowUs()) / 1000;
    // Rounded down while wake-ups are rare, so that the last part of a millisecond can be polled; else up, so that none is early.
    const wholeMs = this.#frequent ? Math.ceil(delayMs) : Math.floor(delayMs);
    this.#timer =
      wholeMs >= 1
        ? this.#clock.setTimer(wholeMs, () => this.#onTimer())
        : this.#clock.setImmediate(() => this.#onTimer());
  }

  #onTimer(): void {
    this.#timer = null;
    this.#timerAtUs = Number.POSITIVE_INFINITY;
    if (this.#stopped) return;
    this.#inSlice = true;
    const startUs = this.nowUs();
    this.#onSlice(startUs);
    let nowUs = startUs;
    let woken = 0;
    try {
      for (let first = this.#heap[0]; first !== undefined && first.wakeAtUs <= startUs; first = this.#heap[0]) {
        this.#removeFirst();
        const nextUs = first.wake(nowUs);
        this.wakeAt(first, nextUs);
        woken++;
        nowUs = this.nowUs();
        if (nowUs - startUs > sliceUs) break;
      }
    } finally {
      this.#inSlice = false;
      if (woken > 0) this.#countWakeup(nowUs);
      this.#arm();
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

  #removeFirst(): void {
    const heap = this.#heap;
    const first = heap[0] as Sleeper;
    const last = heap.pop() as Sleeper;
    first.heapIndex = -1;
    if (last === first) return;
    last.heapIndex = 0;
    heap[0] = last;
    this.#siftDown(0);
  }

  #siftUp(from: number): void {
    const heap = this.#heap;
    const sleeper = heap[from] as Sleeper;
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as Sleeper;
      if (parent.wakeAtUs <= sleeper.wakeAtUs) break;
      heap[index] = parent;
      parent.heapIndex = index;
      index = parentIndex;
    }
    heap[index] = sleeper;
    sleeper.heapIndex = index;
  }

  #siftDown(from: number): void {
    const heap = this.#heap;
    const sleeper = heap[from] as Sleeper;
    let index = from;
    for (;;) {
      const leftIndex = 2 * index + 1;
      const left = heap[leftIndex];
      if (left === undefined) break;
      const right = heap[leftIndex + 1];
      const child = right !== undefined && right.wakeAtUs < left.wakeAtUs ? right : left;
      if (child.wakeAtUs >= sleeper.wakeAtUs) break;
      const childIndex = child.heapIndex;
      heap[index] = child;
      child.heapIndex = index;
      index = childIndex;
    }
    heap[index] = sleeper;
    sleeper.heapIndex = index;
  }
}
