import type { ClientSchedule, Stage } from './stages.js';

/** 0 warm-up, 1 measured, 2 ramp-down. */
export type PhaseNumber = 0 | 1 | 2;

/** What a timeline is made from; all in milliseconds of plan time. */
export interface TimelineShape {
  readonly totalMs: number;
  readonly warmupMs: number;
  /** Where the final descent to no clients begins; `totalMs` where there is none. */
  readonly rampDownMs: number;
  /** Where plan time stands still until the barrier opens; null where there is no barrier. */
  readonly barrierMs: number | null;
}

/**
 * Plan time and run time. They are one until the barrier of `begin: together`; there plan time stands still until every client has
 * finished its start list, and goes on from then. Run time is in microseconds since the run's start.
 *
 * ```
 * plan  0 ──── ramp ────┤barrier        ├──── hold ────┤ramp-down├ total
 * run   0 ──────────────┤── waiting ────┤begin ────────┤─────────┤ end
 * phase ├── warm-up, until barrier + warm-up ───┤ measured ┤ ramp-down
 * ```
 * Without a warm-up, measuring starts at 0; with one and a barrier, the warm-up counts from the barrier.
 */
export class Timeline {
  readonly #shape: TimelineShape;
  #heldUs: number;
  #stoppedUs = Number.POSITIVE_INFINITY;
  /** The borders of the phases. Kept, because every packet's phase is asked for, and they move twice in a run. */
  #warmupEndUs = 0;
  #rampDownUs = 0;

  constructor(shape: TimelineShape) {
    this.#shape = shape;
    this.#heldUs = shape.barrierMs === null ? 0 : Number.POSITIVE_INFINITY;
    this.#placeBorders();
  }

  /** Opens the barrier at a run time; earlier than the barrier itself counts as the barrier. Once only: later calls do nothing. */
  open(runUs: number): void {
    const { barrierMs } = this.#shape;
    if (barrierMs !== null && !this.opened) this.#heldUs = Math.max(0, runUs - barrierMs * 1000);
    this.#placeBorders();
  }

  /** The run is stopped before its time: nothing is due any more, and what comes now is no longer measured. */
  stop(runUs: number): void {
    this.#stoppedUs = Math.min(this.#stoppedUs, runUs);
    this.#placeBorders();
  }

  get opened(): boolean {
    return this.#heldUs !== Number.POSITIVE_INFINITY;
  }

  /** When `loop` and `every` may start at the earliest: 0 without a barrier, infinite until it opens. */
  get beginUs(): number {
    const { barrierMs } = this.#shape;
    return barrierMs === null ? 0 : barrierMs * 1000 + this.#heldUs;
  }

  /** The run time of a plan time; infinite beyond a barrier that has not opened. */
  toRunUs(planMs: number): number {
    const { barrierMs } = this.#shape;
    const planUs = planMs * 1000;
    return barrierMs === null || planMs <= barrierMs ? planUs : planUs + this.#heldUs;
  }

  /** The plan time of a run time, in milliseconds; it stands at the barrier while that is closed. */
  toPlanMs(runUs: number): number {
    const { barrierMs } = this.#shape;
    if (barrierMs === null || runUs <= barrierMs * 1000) return runUs / 1000;
    return Math.max(barrierMs, (runUs - this.#heldUs) / 1000);
  }

  get warmupEndUs(): number {
    return this.#warmupEndUs;
  }

  get rampDownUs(): number {
    return this.#rampDownUs;
  }

  /** When sends stop and the drain begins. */
  get endUs(): number {
    return Math.min(this.#stoppedUs, this.toRunUs(this.#shape.totalMs));
  }

  /** When a client that the plan lets leave at `planMs` leaves: infinite for those who stay to the end, and leave with the run. */
  leaveUs(planMs: number): number {
    return planMs >= this.#shape.totalMs ? Number.POSITIVE_INFINITY : this.toRunUs(planMs);
  }

  /** The phase of a due time, or of an arrival. */
  phaseAt(runUs: number): PhaseNumber {
    if (runUs < this.#warmupEndUs) return 0;
    return runUs < this.#rampDownUs ? 1 : 2;
  }

  #placeBorders(): void {
    const { warmupMs, rampDownMs } = this.#shape;
    this.#warmupEndUs = warmupMs === 0 ? 0 : this.beginUs + warmupMs * 1000;
    this.#rampDownUs = Math.min(this.#stoppedUs, this.toRunUs(rampDownMs));
  }
}

/** A stage of the load; in milliseconds since the run's start, infinite beyond a barrier that has not opened. */
export interface PlayedStage {
  readonly fromMs: number;
  readonly toMs: number;
  /** How many clients are to be connected at its end. */
  readonly target: number;
}

/** The stages as the run plays them: the one after a barrier is longer by the wait there. */
export function stagesInRun(stages: readonly Stage[], timeline: Timeline): PlayedStage[] {
  let planMs = 0;
  return stages.map(({ durationMs, target }) => {
    const fromMs = timeline.toRunUs(planMs) / 1000;
    planMs += durationMs;
    return { fromMs, toMs: timeline.toRunUs(planMs) / 1000, target };
  });
}

/** The timeline of a load whose clients come and go as `schedule` says; its barrier is where they are most for the first time. */
export function timelineOf(
  { totalMs, rampDownMs, firstPeakMs }: ClientSchedule,
  { warmupMs, begin }: { readonly warmupMs: number; readonly begin: 'each' | 'together' },
): Timeline {
  return new Timeline({ totalMs, rampDownMs, warmupMs, barrierMs: begin === 'together' ? firstPeakMs : null });
}
