import { areaUnder, type ClientSchedule, type Line, type Stay, staysAlong, valueOn } from './stages.js';

/** From `ms` of plan time on there are so many clients more than planned, or fewer; between two knots in a straight line. */
interface Knot {
  readonly ms: number;
  readonly by: number;
}

/**
 * Who is to be connected when, once somebody has added clients to a plan or removed some. Those that are fewer are the plan's last ones,
 * wherever its ramps stand, and leave at once; those that are more are numbered from the plan's peak on, and stay until its ramp-down
 * begins. Whoever comes, comes at the rate of the plan's steepest ramp.
 *
 * ```
 * plan        ╱────────────────╲          change(+2), change(−3)
 * by     0 ──────┐╱──┐             2
 *                    └─────────   −1
 * ```
 */
export class SteeredSchedule {
  readonly #plan: ClientSchedule;
  #knots: readonly Knot[] = [{ ms: 0, by: 0 }];

  constructor(plan: ClientSchedule) {
    this.#plan = plan;
  }

  /** How many more than planned there are to be, or fewer, when the last change is complete. */
  get by(): number {
    return this.#knots.at(-1)!.by;
  }

  /** When it is: everyone who was added has been asked to connect. */
  get completeMs(): number {
    return this.#knots.at(-1)!.ms;
  }

  /** From `atMs` on there are to be `by` clients more than planned, or fewer. Changes come in order of time. */
  change(atMs: number, by: number): void {
    const reached = this.#byAt(atMs);
    const kept = this.#knots.filter(({ ms }) => ms <= atMs);
    this.#knots = [...kept, { ms: atMs, by: reached }, ...this.#way(atMs, reached, by)];
  }

  /** When client `index`, the plan's or one beyond its peak, is to be connected, in order of time. */
  stays(index: number): readonly Stay[] {
    const { peak } = this.#plan;
    return index < peak ? staysAlong(this.#planned(), index) : staysAlong(this.#added(), index - peak);
  }

  /** How many milliseconds all clients together are to be connected from `fromMs` to `toMs`. */
  clientMsBetween(fromMs: number, toMs: number): number {
    return areaUnder(this.#planned(), fromMs, toMs) + areaUnder(this.#added(), fromMs, toMs);
  }

  #byAt(ms: number): number {
    const next = this.#knots.findIndex((knot) => knot.ms > ms);
    const before = this.#knots.at(next === -1 ? -1 : next - 1)!;
    const after = this.#knots[next];
    if (after === undefined) return before.by;
    return valueOn({ startMs: before.ms, endMs: after.ms, from: before.by, to: after.by }, ms);
  }

  /** Down at once, up at the connect rate; with a knot where the planned ones are complete. */
  #way(atMs: number, from: number, to: number): Knot[] {
    const at = (by: number): Knot => ({ ms: atMs + Math.max(0, by - from) / this.#plan.connectsPerMs, by });
    return from < 0 && to > 0 ? [at(0), at(to)] : [at(to)];
  }

  /** The plan's lines, less the clients that were removed. */
  #planned(): readonly Line[] {
    const { lines, totalMs } = this.#plan;
    const borders = [...lines.map(({ endMs }) => endMs), ...this.#knots.map(({ ms }) => ms)];
    return this.#along(borders, totalMs, (from, to) => {
      const line = lines.find(({ endMs }) => endMs >= to)!;
      const [byFrom, byTo] = this.#byBetween(from, to);
      return [valueOn(line, from) + Math.min(0, byFrom), valueOn(line, to) + Math.min(0, byTo)];
    });
  }

  /** The clients beyond the plan's. */
  #added(): readonly Line[] {
    const { rampDownMs } = this.#plan;
    const borders = this.#knots.map(({ ms }) => ms);
    return this.#along(borders, rampDownMs, (from, to) => {
      const [byFrom, byTo] = this.#byBetween(from, to);
      return [Math.max(0, byFrom), Math.max(0, byTo)];
    });
  }

  /** The values at both ends of a stretch without a knot inside. */
  #byBetween(fromMs: number, toMs: number): [number, number] {
    const from = this.#byAt(fromMs);
    const after = this.#knots.find(({ ms }) => ms >= toMs);
    return [from, after?.ms === toMs ? after.by : this.#byAt(toMs)];
  }

  /** Lines from border to border until `endMs`, and jumps between those that do not meet; `ends` gives the values of each. */
  #along(borders: readonly number[], endMs: number, ends: (from: number, to: number) => [number, number]): Line[] {
    const times = [...new Set([0, endMs, ...borders])].filter((ms) => ms <= endMs).sort((a, b) => a - b);
    const lines: Line[] = [];
    times.slice(1).forEach((to, i) => {
      const startMs = times[i]!;
      const [first, last] = ends(startMs, to);
      const before = lines.at(-1)?.to ?? 0;
      if (before !== first) lines.push({ startMs, endMs: startMs, from: before, to: first });
      lines.push({ startMs, endMs: to, from: first, to: last });
    });
    return lines;
  }
}

/**
 * The stays of a client that were to be `before` and are to be `after`, from `atMs` on: what has begun stays where it was in the list, and
 * a stay under way goes on where both have it.
 */
export function replannedStays(before: readonly Stay[], after: readonly Stay[], atMs: number): readonly Stay[] {
  const begun = before.filter(({ joinMs }) => joinMs <= atMs);
  const toCome = after
    .filter(({ leaveMs }) => leaveMs > atMs)
    .map(({ joinMs, leaveMs }) => ({ joinMs: Math.max(joinMs, atMs), leaveMs }));
  const current = begun.at(-1);
  if (current === undefined || current.leaveMs <= atMs) return [...begun, ...toCome];
  const goesOn = toCome[0]?.joinMs === atMs ? toCome.shift() : undefined;
  return [...begun.slice(0, -1), { ...current, leaveMs: goesOn?.leaveMs ?? atMs }, ...toCome];
}
