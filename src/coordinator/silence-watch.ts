import type { Clock, TimerHandle } from '../core/index.js';

/** A process that is heard of again and again for as long as it lives, but while it waits. */
export interface Watched {
  /** It has said its last word, or its process is gone. */
  readonly over: boolean;
  /** It has nothing to say before it is told to go on: its silence counts from then. */
  readonly waiting: boolean;
}

export interface SilenceEvents<Process> {
  /** Once for each process that said nothing for as long as the limit. */
  onSilent(process: Process): void;
  /** This process itself stood still between two times of the clock, in microseconds. */
  onHeldUp(fromUs: number, toUs: number): void;
}

/** How often to look. */
const lookEveryMs = 1_000;
/** A look that comes later than this was itself held up: this process slept, or the machine did, and so nobody could be heard. */
const heldUpMs = 3_000;

/**
 * Finds processes that say nothing any more, though they are there: their event loop is stuck. The machine's sleep, or a coordinator that was
 * held up itself, is not taken for their silence.
 */
export class SilenceWatch<Process extends Watched> {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #events: SilenceEvents<Process>;
  readonly #lastHeardUs = new Map<Process, number>();
  #lookedUs: number;
  #timer: TimerHandle;

  /** `limitMs`: how long a process may say nothing. */
  constructor(processes: readonly Process[], clock: Clock, limitMs: number, events: SilenceEvents<Process>) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#events = events;
    this.#lookedUs = clock.nowUs();
    for (const process of processes) this.#lastHeardUs.set(process, this.#lookedUs);
    this.#timer = this.#lookSoon();
  }

  heard(process: Process): void {
    if (this.#lastHeardUs.has(process)) this.#lastHeardUs.set(process, this.#clock.nowUs());
  }

  stop(): void {
    this.#timer.cancel();
  }

  #lookSoon(): TimerHandle {
    return this.#clock.setTimer(lookEveryMs, () => {
      this.#timer = this.#lookSoon();
      this.#look();
    });
  }

  #look(): void {
    const nowUs = this.#clock.nowUs();
    const sinceUs = this.#lookedUs;
    const wasHeldUp = nowUs - sinceUs > heldUpMs * 1000;
    this.#lookedUs = nowUs;
    if (wasHeldUp) this.#events.onHeldUp(sinceUs, nowUs);
    for (const [process, heardUs] of this.#lastHeardUs) {
      if (process.over) this.#lastHeardUs.delete(process);
      else if (wasHeldUp || process.waiting) this.#lastHeardUs.set(process, nowUs);
      else if (nowUs - heardUs >= this.#limitMs * 1000) {
        this.#lastHeardUs.delete(process);
        this.#events.onSilent(process);
      }
    }
  }
}
