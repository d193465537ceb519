import { namesClients } from './apart.js';
import { highestIn } from './buckets.js';
import { type MetricName, type SeriesId, seriesKey } from './catalog.js';
import { BucketCounts, encodeHistogram } from './histogram.js';
import type { Span } from './spans.js';
import type { RowMemory, TimelineRow, WindowCounts, WindowHistograms } from './totals.js';
import { closedService, openResponse, type Selection, selects } from './windows.js';

/** Beyond this many rows neighbours are merged, so that a run of any length has a bounded report. */
const mostRows = 240;

/** The metrics of which a row is made from the sum (of rates: the hits), each with its name there. */
const columns = {
  packets_sent: 'packetsSent',
  packets_received: 'packetsReceived',
  data_sent: 'bytesSent',
  data_received: 'bytesReceived',
  errors: 'errors',
  audited_values: 'audited',
  contaminated_values: 'contaminated',
} as const satisfies Partial<Record<MetricName, string>>;

type Column = (typeof columns)[keyof typeof columns];

const columnOf: ReadonlyMap<string, Column> = new Map(Object.entries(columns));

/** One row under construction. */
export class Slot {
  readonly sums: Record<Column, number> = {
    packetsSent: 0,
    packetsReceived: 0,
    bytesSent: 0,
    bytesReceived: 0,
    errors: 0,
    audited: 0,
    contaminated: 0,
  };
  /** The answered values, by selection; made when the first comes. */
  readonly #histograms: (BucketCounts | undefined)[] = [];
  /** How many values were given up as unanswered, by selection. */
  readonly #unanswered: number[] = [];
  /** The latest number of connected clients, by worker. */
  readonly connected = new Map<number, number>();
  /** The most that were connected at once, by worker. */
  readonly #mostConnected = new Map<number, number>();
  /** The most memory, by worker. */
  readonly #workerMemory = new Map<number, number>();
  #coordinatorMemory: number | null = null;
  /** The row as last read; whoever changes the slot forgets it. */
  row: TimelineRow | undefined;

  add({ metric }: SeriesId, amount: number): void {
    const column = columnOf.get(metric);
    if (column !== undefined) this.sums[column] += amount;
  }

  addMostConnected(worker: number, count: number): void {
    this.#mostConnected.set(worker, Math.max(count, this.#mostConnected.get(worker) ?? 0));
  }

  addWorkerMemory(worker: number, bytes: number): void {
    this.#workerMemory.set(worker, Math.max(bytes, this.#workerMemory.get(worker) ?? 0));
  }

  addCoordinatorMemory(bytes: number): void {
    this.#coordinatorMemory = Math.max(bytes, this.#coordinatorMemory ?? 0);
  }

  get memory(): RowMemory {
    const workersBytes = [...this.#workerMemory.values()].reduce((sum, bytes) => sum + bytes, 0);
    return { workersBytes, coordinatorBytes: this.#coordinatorMemory };
  }

  /** As many as all workers together can have had connected at once: they need not have had theirs at the same moment. */
  get mostConnected(): number {
    return [...this.#mostConnected.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The answered values of the selection with this number. */
  histogram(selection: number): BucketCounts {
    let histogram = this.#histograms[selection];
    if (histogram === undefined) {
      histogram = new BucketCounts();
      this.#histograms[selection] = histogram;
    }
    return histogram;
  }

  addUnanswered(selection: number, count: number): void {
    this.#unanswered[selection] = this.unanswered(selection) + count;
  }

  /** How many values of the selection with this number were given up. */
  unanswered(selection: number): number {
    return this.#unanswered[selection] ?? 0;
  }

  pack(): void {
    for (const histogram of this.#histograms) histogram?.pack();
  }

  /** Adds the slot that follows this one. */
  addNext(next: Slot): void {
    for (const column of columnOf.values()) this.sums[column] += next.sums[column];
    next.#histograms.forEach((histogram, selection) => {
      if (histogram !== undefined) this.histogram(selection).addAll(histogram);
    });
    next.#unanswered.forEach((count, selection) => {
      this.addUnanswered(selection, count);
    });
    for (const [worker, connected] of next.connected) this.connected.set(worker, connected);
    for (const [worker, count] of next.#mostConnected) this.addMostConnected(worker, count);
    for (const [worker, bytes] of next.#workerMemory) this.addWorkerMemory(worker, bytes);
    if (next.#coordinatorMemory !== null) this.addCoordinatorMemory(next.#coordinatorMemory);
    this.row = undefined;
  }
}

/**
 * The time line of a run: a row per second, then per two, four, … seconds. Interval snapshots belong to the row that holds their
 * middle, so that a timer's jitter does not move them; where nothing was reported there is no row.
 */
export class TimelineBuilder {
  readonly #selections: readonly Selection[];
  #slots = new Map<number, Slot>();
  #widthMs = 1000;
  #endMs = 0;

  /** `selections`: what each row keeps a histogram of, as `selectionsFor` gives it. */
  constructor(selections: readonly Selection[]) {
    this.#selections = selections;
  }

  /** The numbers of the selections that a series belongs to; `apart`: only of those that ask for its clients by name. */
  selectionsOf(series: SeriesId, apart: boolean): number[] {
    return this.#selections.flatMap((selection, number) =>
      selects(selection, series) && (!apart || namesClients(selection.tags)) ? [number] : [],
    );
  }

  /** The slot of an interval (in milliseconds since the run's start), to be added to before the next call. */
  slotFor(fromMs: number, toMs: number): Slot {
    this.#endMs = Math.max(this.#endMs, toMs);
    // Row i is (i × width, (i + 1) × width]: an empty interval at a border belongs to what it ends.
    const middleMs = (fromMs + toMs) / 2;
    const index = () => Math.max(0, Math.ceil(middleMs / this.#widthMs) - 1);
    if (!this.#slots.has(index())) {
      this.#packBefore(index() - 1);
      this.#slots.set(index(), new Slot());
    }
    while (this.#slots.size > mostRows) this.#mergeNeighbours();
    const slot = this.#slots.get(index())!;
    slot.row = undefined;
    return slot;
  }

  /** The end of the latest interval; 0 before the first. */
  get endMs(): number {
    return this.#endMs;
  }

  rows(): readonly TimelineRow[] {
    return this.#ordered().map(([index, slot]) => {
      const atMs = index * this.#widthMs;
      const widthMs = Math.min(this.#widthMs, this.#endMs - atMs);
      if (slot.row?.widthMs !== widthMs) slot.row = rowOf(slot, atMs, widthMs);
      return slot.row;
    });
  }

  /** The most clients connected at once in any row: exact with one worker, with several an upper bound. */
  get mostConnected(): number {
    return Math.max(0, ...[...this.#slots.values()].map((slot) => slot.mostConnected));
  }

  /** Of each row, its histograms, those that have values. */
  histograms(): readonly WindowHistograms[] {
    const keys = this.#selections.map(seriesKey);
    return this.#ordered().map(([, slot]) => {
      const filled = keys.flatMap((key, selection) => {
        const distribution = slot.histogram(selection).sorted();
        return distribution.total > 0 ? [[key, encodeHistogram(distribution)] as const] : [];
      });
      return Object.fromEntries(filled);
    });
  }

  /** Of each row, how many values were given up, of what had any. */
  unanswered(): readonly WindowCounts[] {
    const keys = this.#selections.map(seriesKey);
    return this.#ordered().map(([, slot]) => {
      const counts = keys.map((key, selection) => [key, slot.unanswered(selection)] as const);
      return Object.fromEntries(counts.filter(([, count]) => count > 0));
    });
  }

  /** The values of a selection in the rows whose middle lies in one of the spans. */
  valuesIn(selection: number, spans: readonly Span[]): BucketCounts {
    const values = new BucketCounts();
    for (const [index, slot] of this.#slots) {
      const middleMs = (index + 0.5) * this.#widthMs;
      const isIn = spans.some(({ fromMs, toMs }) => middleMs >= fromMs && middleMs < toMs);
      if (isIn) values.addAll(slot.histogram(selection));
    }
    return values;
  }

  /** Of each row, how many values of a selection lie at or below each of the ascending bounds, and above those before it; one more for the rest. */
  countsBetween(selection: number, bounds: readonly number[]): number[][] {
    return this.#ordered().map(([, slot]) => slot.histogram(selection).sorted().countsBetween(bounds));
  }

  /** None while no time has passed, though something may count already: a worker that is lost before anybody has told of it. */
  #ordered(): [number, Slot][] {
    return this.#endMs === 0 ? [] : [...this.#slots].sort(([a], [b]) => a - b);
  }

  /** Workers report to the latest rows: those before them are complete. */
  #packBefore(index: number): void {
    for (const [at, slot] of this.#slots) if (at < index) slot.pack();
  }

  #mergeNeighbours(): void {
    const merged = new Map<number, Slot>();
    for (const [index, slot] of this.#ordered()) {
      const half = Math.floor(index / 2);
      const before = merged.get(half);
      if (before === undefined) merged.set(half, slot);
      else before.addNext(slot);
      slot.row = undefined;
    }
    this.#slots = merged;
    this.#widthMs *= 2;
  }
}

function rowOf(slot: Slot, atMs: number, widthMs: number): TimelineRow {
  const perSecond = widthMs > 0 ? 1000 / widthMs : 0;
  const open = slot.histogram(openResponse).sorted();
  const times = open.total > 0 ? open : slot.histogram(closedService).sorted();
  const percentileMs = (percentile: number) =>
    times.total > 0 ? highestIn(times.bucketAtPercentile(percentile)) / 1000 : null;
  let connected = 0;
  for (const count of slot.connected.values()) connected += count;
  return {
    atMs,
    widthMs,
    connected,
    packetsSent: slot.sums.packetsSent * perSecond,
    packetsReceived: slot.sums.packetsReceived * perSecond,
    bytesSent: slot.sums.bytesSent * perSecond,
    bytesReceived: slot.sums.bytesReceived * perSecond,
    errors: slot.sums.errors * perSecond,
    contaminatedShare: slot.sums.audited > 0 ? slot.sums.contaminated / slot.sums.audited : null,
    p50Ms: percentileMs(50),
    p95Ms: percentileMs(95),
    p99Ms: percentileMs(99),
    memory: slot.memory,
  };
}
