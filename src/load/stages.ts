/** From the target of the stage before (0 for the first) to `target` connected clients, in a straight line over `durationMs`. */
export interface Stage {
  readonly durationMs: number;
  readonly target: number;
}

/** One time that a client is to be connected, in milliseconds since the run's start: from `joinMs` until just before `leaveMs`. */
export interface Stay {
  readonly joinMs: number;
  readonly leaveMs: number;
}

/** A stage with its place in the run. */
export interface StageSpan {
  /** Counts from 0. */
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly direction: 'up' | 'hold' | 'down';
}

/** A straight line through numbers of clients; one without a length is a jump. */
export interface Line {
  readonly startMs: number;
  readonly endMs: number;
  readonly from: number;
  readonly to: number;
}

interface Leg extends StageSpan, Line {}

/**
 * Who is to be connected when. With x(t) the straight lines through the targets, client k (from 0)
 *
 * - joins at the infimum of the times at which x(t) > k: in a ramp from 0 to n over d at d·k/n, so the first joins at once, and a
 *   ramp is n ÷ d connects per second;
 * - leaves when x(t) has come down to k: the last in is the first out.
 *
 * Whoever is there at the end of the last stage leaves then. Stays that touch are one: where x(t) only touches k, nobody reconnects.
 */
export class ClientSchedule {
  /** The end of the last stage. */
  readonly totalMs: number;
  /** The highest target. */
  readonly peak: number;
  /** The end of the first run of rising stages (0 where none rises): when everyone of the first ramp has been asked to join. */
  readonly firstPeakMs: number;
  /** The start of the falling stages that end the run (holds at 0 among them); `totalMs` where it does not end so. */
  readonly rampDownMs: number;
  /** The fastest that clients are added by a ramp; infinite where none takes any time. */
  readonly connectsPerMs: number;
  readonly #legs: readonly Leg[];

  constructor(stages: readonly Stage[]) {
    this.#legs = legsOf(stages);
    this.totalMs = this.#legs.at(-1)?.endMs ?? 0;
    this.peak = Math.max(0, ...stages.map((stage) => stage.target));
    this.firstPeakMs = endOfFirstRise(this.#legs);
    this.rampDownMs = startOfLastFall(this.#legs, this.totalMs);
    this.connectsPerMs = steepestRise(this.#legs);
  }

  /** Through the targets, in order of time. */
  get lines(): readonly Line[] {
    return this.#legs;
  }

  /** How many clients are to be connected at `ms`; 0 before the start and from the end on. */
  targetAt(ms: number): number {
    if (ms < 0 || ms >= this.totalMs) return 0;
    const leg = this.#legAt(ms)!;
    const x = leg.from + ((leg.to - leg.from) * (ms - leg.startMs)) / (leg.endMs - leg.startMs);
    return leg.direction === 'up' ? Math.min(Math.floor(x) + 1, leg.to) : Math.ceil(x);
  }

  /** The area under the lines: how many milliseconds all clients together are to be connected from `fromMs` to `toMs`. */
  clientMsBetween(fromMs: number, toMs: number): number {
    return areaUnder(this.#legs, fromMs, toMs);
  }

  /** When client `index` is to be connected, in order of time; none where the target never exceeds its number. */
  stays(index: number): readonly Stay[] {
    return staysAlong(this.#legs, index);
  }

  /** The stage under way at `ms`; the first before the start, the last from the end on. Undefined only where there is no stage. */
  stageAt(ms: number): StageSpan | undefined {
    return this.#legAt(ms) ?? this.#legs.at(-1);
  }

  /** The first that ends later: undefined from the end on. */
  #legAt(ms: number): Leg | undefined {
    return this.#legs.find((leg) => ms < leg.endMs);
  }
}

function legsOf(stages: readonly Stage[]): Leg[] {
  let from = 0;
  let startMs = 0;
  return stages.map(({ durationMs, target }, index) => {
    const direction = target > from ? 'up' : target < from ? 'down' : 'hold';
    const leg: Leg = { index, startMs, endMs: startMs + durationMs, direction, from, to: target };
    from = target;
    startMs = leg.endMs;
    return leg;
  });
}

/** When client `index` is to be connected where the lines say how many are; whoever is there at their end leaves then. */
export function staysAlong(lines: readonly Line[], index: number): readonly Stay[] {
  const stays: Stay[] = [];
  let joinMs: number | undefined;
  for (const line of lines) {
    if (joinMs === undefined && line.to > index) joinMs = crossingMs(line, index);
    else if (joinMs !== undefined && line.to <= index) {
      addStay(stays, joinMs, crossingMs(line, index));
      joinMs = undefined;
    }
  }
  const endMs = lines.at(-1)?.endMs;
  if (joinMs !== undefined && endMs !== undefined) addStay(stays, joinMs, endMs);
  return stays;
}

/** The area under the lines from `fromMs` to `toMs`. */
export function areaUnder(lines: readonly Line[], fromMs: number, toMs: number): number {
  let sum = 0;
  for (const line of lines) {
    const start = Math.max(line.startMs, fromMs);
    const end = Math.min(line.endMs, toMs);
    if (end > start) sum += ((valueOn(line, start) + valueOn(line, end)) / 2) * (end - start);
  }
  return sum;
}

/** The line's value at `ms`, which lies between its ends; there it is exact. */
export function valueOn({ startMs, endMs, from, to }: Line, ms: number): number {
  return ms === endMs ? to : from + ((to - from) * (ms - startMs)) / (endMs - startMs);
}

/** When the line passes `count`, which lies between its ends. */
function crossingMs(line: Line, count: number): number {
  return line.startMs + ((line.endMs - line.startMs) * (count - line.from)) / (line.to - line.from);
}

function addStay(stays: Stay[], joinMs: number, leaveMs: number): void {
  const before = stays.at(-1);
  if (before?.leaveMs === joinMs) stays[stays.length - 1] = { joinMs: before.joinMs, leaveMs };
  else if (joinMs < leaveMs) stays.push({ joinMs, leaveMs });
}

function endOfFirstRise(legs: readonly Leg[]): number {
  const first = legs.findIndex((leg) => leg.direction === 'up');
  if (first === -1) return 0;
  const after = legs.slice(first).find((leg) => leg.direction !== 'up');
  return after?.startMs ?? legs.at(-1)!.endMs;
}

function steepestRise(legs: readonly Leg[]): number {
  const slopes = legs.map(({ startMs, endMs, from, to }) => (endMs > startMs ? (to - from) / (endMs - startMs) : 0));
  const steepest = Math.max(0, ...slopes);
  return steepest > 0 ? steepest : Number.POSITIVE_INFINITY;
}

function startOfLastFall(legs: readonly Leg[], totalMs: number): number {
  const lastOther = legs.findLastIndex((leg) => leg.direction !== 'down' && leg.to > 0);
  return legs[lastOther + 1]?.startMs ?? totalMs;
}
