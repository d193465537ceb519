import type { Clock, TimerHandle } from '../../../src/core/index.js';
import type { RandomStream } from '../../../src/load/random.js';

/** One thing that is to happen. */
interface Event {
  /** When it is to happen, and when it first was to: they differ where its process stood still meanwhile. */
  atUs: number;
  readonly dueUs: number;
  /** Drawn: of what is due at one time, any may be first. */
  readonly tie: number;
  readonly label: string;
  /** Null once it is cancelled. */
  run: (() => void) | null;
  readonly process: Process | null;
}

/** No event needs to know the time so often. */
const mostReadings = 1_000_000;

/** All that is still to happen in a simulated world, in order of time; what is due together happens in an order that the seed draws. */
export class Schedule {
  readonly #random: RandomStream;
  /** A binary heap. */
  readonly #events: Event[] = [];
  /** How many events have happened. */
  steps = 0;
  nowUs = 0;
  #readings = 0;

  constructor(random: RandomStream) {
    this.#random = random;
  }

  /** Lets `run` happen `afterUs` from now: in `process`, or in the network where that is null. */
  add(afterUs: number, label: string, run: () => void, process: Process | null = null): Event {
    const atUs = this.nowUs + Math.max(0, afterUs);
    const event: Event = { atUs, dueUs: atUs, tie: this.#random.next(), label, run, process };
    this.#push(event);
    return event;
  }

  /** Announces the next event, and lets it happen; false where nothing is to happen any more. */
  step(announce: (label: string) => void): boolean {
    for (;;) {
      const event = this.#pop();
      if (event === undefined) return false;
      const { run, process, label } = event;
      if (run === null) continue;
      this.nowUs = Math.max(this.nowUs, event.atUs);
      if (process !== null && process.frozenUntilUs > this.nowUs) {
        event.atUs = process.frozenUntilUs;
        this.#push(event);
        continue;
      }
      this.steps++;
      this.#readings = 0;
      event.run = null;
      announce(process === null ? label : `${process.name}: ${label}`);
      run();
      return true;
    }
  }

  /** The time, for a process. Within one event it stands still: who asks again and again waits for what will not come. */
  read(): number {
    if (++this.#readings > mostReadings) throw new Error('a callback does not end');
    return this.nowUs;
  }

  #push(event: Event): void {
    const heap = this.#events;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(event, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#events;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++;
      if (!isBefore(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Event, b: Event): boolean {
  if (a.atUs !== b.atUs) return a.atUs < b.atUs;
  return a.dueUs === b.dueUs ? a.tie < b.tie : a.dueUs < b.dueUs;
}

/** A process of the simulated world: its clock, and the event loop in which its callbacks run. While it is frozen none does. */
export class Process implements Clock {
  readonly name: string;
  frozenUntilUs = 0;
  readonly #schedule: Schedule;
  readonly #random: RandomStream;
  readonly #timers = new Set<Event>();

  constructor(name: string, schedule: Schedule, random: RandomStream) {
    this.name = name;
    this.#schedule = schedule;
    this.#random = random;
  }

  nowUs(): number {
    return this.#schedule.read();
  }

  sinceUs(originUs: number): number {
    return Math.floor(this.#schedule.read() - originUs);
  }

  /** As Node's timers: never early, often a part of a millisecond late. */
  setTimer(delayMs: number, task: () => void): TimerHandle {
    const lateUs = this.#random.next() < 0.3 ? this.#random.int(0, 1000) : this.#random.int(0, 20);
    return this.#wait(delayMs * 1000 + lateUs, 'timer', task);
  }

  /** A turn of the event loop takes 20 to 100 µs. */
  setImmediate(task: () => void): TimerHandle {
    return this.#wait(this.#random.int(20, 100), 'immediate', task);
  }

  /** Something from outside, which the event loop takes up in a callback of its own. */
  post(label: string, run: () => void, afterUs = 0): void {
    this.#schedule.add(afterUs, label, run, this);
  }

  /** The process stands still for so long: what becomes due meanwhile comes late. */
  freeze(forMs: number): void {
    this.frozenUntilUs = this.#schedule.nowUs + forMs * 1000;
  }

  /** Timers and immediates that have neither run nor been cancelled. */
  get waiting(): number {
    return this.#timers.size;
  }

  #wait(afterUs: number, label: string, task: () => void): TimerHandle {
    const run = (): void => {
      this.#timers.delete(event);
      task();
    };
    const event = this.#schedule.add(afterUs, label, run, this);
    this.#timers.add(event);
    return {
      cancel: () => {
        this.#timers.delete(event);
        event.run = null;
      },
    };
  }
}
