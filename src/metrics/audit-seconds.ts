import type { WorkerState } from './snapshot.js';

/** Reports of a second may come this many seconds late; what comes later is not counted here. */
const patienceSeconds = 10;
/** A second is bad when the contaminated share of its values reaches this … */
const badShare = 0.1;
/** … and so many bad ones in a row are too many. */
const tooManyInARow = 3;
/** An event loop that is late by this much holds a tenth of a second's packets back … */
const lateMs = 100;
/** … and one that is never idle, and late by so much, has more to read than it can. One that spins for exact pacing is not late. */
const busyLateMs = 20;
const busyShare = 0.95;

/** Whether a worker is behind with what comes. */
export function readsLate({ loopDelayMaxMs, loopUtilization }: WorkerState): boolean {
  return loopDelayMaxMs >= lateMs || (loopDelayMaxMs >= busyLateMs && loopUtilization >= busyShare);
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What stands out among the seconds of a run. Times are run times. */
export interface SecondsAudit {
  /** The second with the highest contaminated share; null where no value was contaminated. */
  readonly worst: { readonly atMs: number; readonly share: number } | null;
  /** The first bad seconds of which there were too many in a row; null where there never were. */
  readonly bad: Span | null;
  /** Likewise, of those without a value to judge by, in which what came was read late. */
  readonly late: Span | null;
}

interface Counts {
  audited: number;
  contaminated: number;
  late: boolean;
}

/** The seconds in a row that the last of their kind ends, the first of them and the one behind the last; and the first row that was too long. */
interface Row {
  readonly from: number;
  readonly to: number;
  readonly tooLong: Span | null;
}

/** Follows the seconds in order; a state is never changed. */
interface Followed {
  readonly worst: SecondsAudit['worst'];
  readonly bad: Row;
  readonly late: Row;
}

const noRow: Row = { from: 0, to: 0, tooLong: null };
const nothing: Followed = { worst: null, bad: noRow, late: noRow };

/** Looks at the audit second by second, in memory that does not grow with the run. */
export class AuditSeconds {
  readonly #open = new Map<number, Counts>();
  #settled = nothing;
  #settledBefore = 0;
  #newest = 0;

  /** Counts values of a second, numbered from the run's start. */
  add(second: number, audited: number, contaminated: number): void {
    const counts = this.#countsOf(second);
    if (counts === undefined) return;
    counts.audited += audited;
    counts.contaminated += contaminated;
  }

  /** What came in these seconds, the last included, was read late. */
  addLate(fromSecond: number, toSecond: number): void {
    for (let second = Math.max(fromSecond, this.#settledBefore); second <= toSecond; second++) {
      const counts = this.#countsOf(second);
      if (counts !== undefined) counts.late = true;
    }
  }

  read(): SecondsAudit {
    const { worst, bad, late } = this.#ordered(Number.POSITIVE_INFINITY).reduce(follow, this.#settled);
    return { worst, bad: bad.tooLong, late: late.tooLong };
  }

  /** Undefined where it is settled. */
  #countsOf(second: number): Counts | undefined {
    if (second < this.#settledBefore) return undefined;
    const counts = this.#open.get(second) ?? { audited: 0, contaminated: 0, late: false };
    this.#open.set(second, counts);
    this.#newest = Math.max(this.#newest, second);
    this.#settle();
    return counts;
  }

  #settle(): void {
    const before = this.#newest - patienceSeconds;
    if (before <= this.#settledBefore) return;
    const ripe = this.#ordered(before);
    this.#settled = ripe.reduce(follow, this.#settled);
    for (const [second] of ripe) this.#open.delete(second);
    this.#settledBefore = before;
  }

  #ordered(before: number): [number, Counts][] {
    return [...this.#open].filter(([second]) => second < before).sort(([a], [b]) => a - b);
  }
}

function follow({ worst, bad, late }: Followed, [second, counts]: [number, Counts]): Followed {
  const share = counts.audited > 0 ? counts.contaminated / counts.audited : 0;
  return {
    worst: share > (worst?.share ?? 0) ? { atMs: second * 1000, share } : worst,
    bad: share >= badShare ? lengthen(bad, second) : bad,
    late: counts.late && counts.audited === 0 ? lengthen(late, second) : late,
  };
}

function lengthen(row: Row, second: number): Row {
  const from = row.to === second ? row.from : second;
  const to = second + 1;
  const isFirst = row.tooLong === null || row.tooLong.fromMs === from * 1000;
  const tooLong = isFirst && to - from >= tooManyInARow ? { fromMs: from * 1000, toMs: to * 1000 } : row.tooLong;
  return { from, to, tooLong };
}
