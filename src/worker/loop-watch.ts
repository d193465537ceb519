import type { Clock, TimerHandle } from '../core/index.js';

/** An idle loop is looked at this often, so that it is known until when it was idle. */
const heartbeatMs = 10;
/** Timers of an idle loop may come late by one tick; later than that, the process was kept from running. */
const tickUs = 1000;

export interface LoopWatchOptions {
  readonly clock: Clock;
  /** Run time now, in microseconds. */
  readonly nowUs: () => number;
  /** The run time at which the scheduler is to wake somebody next; infinite where nobody waits. */
  readonly nextWakeUs: () => number;
}

/**
 * Knows how long what is received now may have waited for this process: since the loop last looked and found nothing.
 *
 *     timers → poll (receives) → check (setImmediate) → timers → poll …
 *
 * What a poll brings came after the poll before it. The first receive of a turn tells when that turn's poll was (where there was none, the
 * first work of the turn does, or an earlier time), and a setImmediate, which runs right behind the poll, ends the turn. A turn in which
 * nothing was done is the last: the loop then sleeps until something comes, and sleep adds nothing. But a sleep never outlasts the
 * next timer; where it did, the process was stopped, or starved, or something else held the loop, at the latest since that timer was due.
 *
 * Costs a comparison for each receive, and for each turn in which there was something to do a setImmediate and a reading of the clock.
 */
export class LoopWatch {
  /** What is received in this turn may have waited since this run time. */
  waitingSinceUs = 0;
  /** The latest that the heartbeat was since the last `takeDelayMaxUs`. */
  #delayMaxUs = 0;
  readonly #clock: Clock;
  readonly #nowUs: () => number;
  readonly #nextWakeUs: () => number;
  /** True from the first thing that is done after a sleep until a turn in which nothing was. */
  #awake = false;
  /** The first thing done in this turn; negative before it. */
  #workedUs = -1;
  /** The first receive of this turn; negative before it. */
  #receivedUs = -1;
  #heartbeatDueUs = Number.POSITIVE_INFINITY;
  #heartbeat: TimerHandle | null = null;
  #turnEnd: TimerHandle | null = null;

  constructor({ clock, nowUs, nextWakeUs }: LoopWatchOptions) {
    this.#clock = clock;
    this.#nowUs = nowUs;
    this.#nextWakeUs = nextWakeUs;
  }

  start(): void {
    this.#armHeartbeat(this.#nowUs());
  }

  stop(): void {
    this.#heartbeat?.cancel();
    this.#turnEnd?.cancel();
    this.#heartbeatDueUs = Number.POSITIVE_INFINITY;
  }

  /** Whether something was received in this turn. */
  get received(): boolean {
    return this.#receivedUs >= 0;
  }

  /** When the turn's first receive began; negative before it. */
  get receivedUs(): number {
    return this.#receivedUs;
  }

  /** The turn's first receive begins. */
  onReceive(nowUs: number): void {
    this.onWork(nowUs);
    this.#receivedUs = nowUs;
  }

  /** Anything else begins that keeps the loop from polling: a slice of the scheduler's, a connection made. */
  onWork(nowUs: number): void {
    if (this.#workedUs < 0) this.#workedUs = nowUs;
    if (this.#awake) return;
    this.#awake = true;
    this.waitingSinceUs = Math.min(nowUs, Math.min(this.#nextWakeUs(), this.#heartbeatDueUs) + tickUs);
    this.#armTurnEnd();
  }

  /** The longest that the loop was late since this was last asked, in microseconds. */
  takeDelayMaxUs(): number {
    const delayUs = this.#delayMaxUs;
    this.#delayMaxUs = 0;
    return delayUs;
  }

  #armTurnEnd(): void {
    this.#turnEnd = this.#clock.setImmediate(() => this.#onTurnEnd());
  }

  #onTurnEnd(): void {
    this.#awake = this.#workedUs >= 0;
    if (!this.#awake) return;
    this.waitingSinceUs = this.#receivedUs >= 0 ? this.#receivedUs : this.#workedUs;
    this.#receivedUs = -1;
    this.#workedUs = -1;
    this.#armTurnEnd();
  }

  #armHeartbeat(nowUs: number): void {
    this.#heartbeatDueUs = nowUs + heartbeatMs * 1000;
    this.#heartbeat = this.#clock.setTimer(heartbeatMs, () => this.#onHeartbeat());
  }

  #onHeartbeat(): void {
    const nowUs = this.#nowUs();
    this.#delayMaxUs = Math.max(this.#delayMaxUs, nowUs - this.#heartbeatDueUs);
    this.onWork(nowUs);
    this.#armHeartbeat(nowUs);
  }
}
