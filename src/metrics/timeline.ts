import { highestIn } from './buckets.js';
import type { MetricName, SeriesId } from './catalog.js';
import { BucketCounts } from './histogram.js';
import type { TimelineRow } from './totals.js';

/** Beyond this many rows neighbours are merged, so that a run of any length has a bounded report. */
const mostRows = 240;

/** The metrics of which a row shows the sum (of rates: the hits), each with its column. */
const columns = {
  packets_sent: 'packetsSent',
  packets_received: 'packetsReceived',
  data_sent: 'bytesSent',
  data_received: 'bytesReceived',
  errors: 'errors',
} as const satisfies Partial<Record<MetricName, keyof TimelineRow>>;

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
  };
  readonly openResponse = new BucketCounts();
  readonly closedService = new BucketCounts();
  /** The latest number of connected clients, by worker. */
  readonly connected = new Map<number, number>();
  /** The row as last read; whoever changes the slot forgets it. */
  row: TimelineRow | undefined;

  add({ metric }: SeriesId, amount: number): void {
    const column = columnOf.get(metric);
    if (column !== undefined) this.sums[column] += amount;
  }

  /** Where the answered values of a series go; undefined where the row does not show them. */
  times({ metric, tags }: SeriesId): BucketCounts | undefined {
    if (metric === 'response_time' && tags.arrival === 'open') return this.openResponse;
    if (metric === 'service_time' && tags.arrival === 'closed') return this.closedService;
    return undefined;
  }

  /** Adds the slot that follows this one. */
  addNext(next: Slot): void {
    for (const column of columnOf.values()) this.sums[column] += next.sums[column];
    this.openResponse.addAll(next.openResponse);
    this.closedService.addAll(next.closedService);
    for (const [worker, connected] of next.connected) this.connected.set(worker, connected);
    this.row = undefined;
  }
}

/**
 * The time line of a run: a row per second, then per two, four, … seconds. Interval snapshots belong to the row that holds their
 * middle, so that a timer's jitter does not move them; where nothing was reported there is no row.
 */
export class TimelineBuilder {
  #slots = new Map<number, Slot>();
  #widthMs = 1000;
  #endMs = 0;

  /** The slot of an interval (in milliseconds since the run's start), to be added to before the next call. */
  slotFor(fromMs: number, toMs: number): Slot {
    this.#endMs = Math.max(this.#endMs, toMs);
    // Row i is (i × width, (i + 1) × width]: an empty interval at a border belongs to what it ends.
    const middleMs = (fromMs + toMs) / 2;
    const index = () => Math.max(0, Math.ceil(middleMs / this.#widthMs) - 1);
    if (!this.#slots.has(index())) this.#slots.set(index(), new Slot());
    while (this.#slots.size > mostRows) this.#mergeNeighbours();
    const slot = this.#slots.get(index())!;
    slot.row = undefined;
    return slot;
  }

  rows(): readonly TimelineRow[] {
    const indices = [...this.#slots.keys()].sort((a, b) => a - b);
    return indices.map((index) => {
      const slot = this.#slots.get(index)!;
      const atMs = index * this.#widthMs;
      const widthMs = Math.min(this.#widthMs, this.#endMs - atMs);
      if (slot.row?.widthMs !== widthMs) slot.row = rowOf(slot, atMs, widthMs);
      return slot.row;
    });
  }

  #mergeNeighbours(): void {
    const merged = new Map<number, Slot>();
    for (const [index, slot] of [...this.#slots].sort(([a], [b]) => a - b)) {
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
  const open = slot.openResponse.sorted();
  const times = open.total > 0 ? open : slot.closedService.sorted();
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
    p50Ms: percentileMs(50),
    p95Ms: percentileMs(95),
    p99Ms: percentileMs(99),
  };
}
