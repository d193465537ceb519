/** Reports of a second may come this many seconds late; what comes later is not counted here. */
const patienceSeconds = 10;
/** A second is bad when the contaminated share of its values reaches this … */
const badShare = 0.1;
/** … and so many bad ones in a row are too many. */
const tooManyInARow = 3;

/** What stands out among the seconds of a run. Times are run times. */
export interface SecondsAudit {
  /** The second with the highest contaminated share; null where no value was contaminated. */
  readonly worst: { readonly atMs: number; readonly share: number } | null;
  /** The first bad seconds of which there were too many in a row; null where there never were. */
  readonly bad: { readonly fromMs: number; readonly toMs: number } | null;
}

interface Counts {
  audited: number;
  contaminated: number;
}

/** Follows the seconds in order; a state is never changed. */
interface Followed extends SecondsAudit {
  /** The bad seconds in a row that the last second looked at ends: the first of them, and the one behind the last. */
  readonly row: { readonly from: number; readonly to: number };
}

const nothing: Followed = { worst: null, bad: null, row: { from: 0, to: 0 } };

/** Looks at the audit second by second, in memory that does not grow with the run. */
export class AuditSeconds {
  readonly #open = new Map<number, Counts>();
  #settled = nothing;
  #settledBefore = 0;
  #newest = 0;

  /** Counts values of a second, numbered from the run's start. */
  add(second: number, audited: number, contaminated: number): void {
    if (second < this.#settledBefore) return;
    const counts = this.#open.get(second) ?? { audited: 0, contaminated: 0 };
    counts.audited += audited;
    counts.contaminated += contaminated;
    this.#open.set(second, counts);
    this.#newest = Math.max(this.#newest, second);
    this.#settle();
  }

  read(): SecondsAudit {
    const { worst, bad } = this.#ordered(Number.POSITIVE_INFINITY).reduce(follow, this.#settled);
    return { worst, bad };
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

function follow(state: Followed, [second, { audited, contaminated }]: [number, Counts]): Followed {
  const share = audited > 0 ? contaminated / audited : 0;
  const worst = share > (state.worst?.share ?? 0) ? { atMs: second * 1000, share } : state.worst;
  if (share < badShare) return { ...state, worst };
  const row = { from: state.row.to === second ? state.row.from : second, to: second + 1 };
  const known = state.bad;
  const found = { fromMs: row.from * 1000, toMs: row.to * 1000 };
  const isFirst = known === null || known.fromMs === found.fromMs;
  return { worst, bad: isFirst && row.to - row.from >= tooManyInARow ? found : known, row };
}
