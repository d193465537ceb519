import { bucketCount, bucketOf, highestValue } from './buckets.js';
import { type MetricNameOf, type Phase, type SeriesId, seriesKey, type Tags } from './catalog.js';
import type { Snapshot, WorkerState } from './snapshot.js';
import { DeltaWriter, slotOf, slotsPerSeries } from './snapshot-codec.js';

export interface Counter {
  /** `amount` is whole and at least 0; `phase` is the recorder's where it is not given. */
  add(amount: number, phase?: Phase): void;
}

/** Hits out of a total. The two may be told apart in time: an attempt counts when it is made, its failure hits when it is known. */
export interface Rate {
  /** One more hit; the total stays. */
  hit(phase?: Phase): void;
  /** One more in the total; the hits stay. */
  count(phase?: Phase): void;
}

export interface Trend {
  /** One answered value, in microseconds or packets, rounded to a whole number; `phase` is that of its due time. */
  record(value: number, phase?: Phase): void;
  /** One value that no answer ended, after `waited` microseconds since its due time: a lower bound. */
  recordUnanswered(waited: number, phase?: Phase): void;
}

/** What became of broadcasts, for the snapshot to carry. */
type Reach = Pick<Snapshot, 'reach' | 'reachClosedBefore'>;

const noReach: Reach = { reach: [], reachClosedBefore: Number.POSITIVE_INFINITY };

/**
 * What a worker measures, kept as sums and buckets until the next snapshot takes it. Handles are asked for once and kept: recording
 * through one costs a few nanoseconds and allocates nothing (a trend's buckets are allocated when a phase first uses them).
 */
export class Recorder {
  /** The phase of now, which the worker sets at the borders, after a snapshot. What is counted when it arrives belongs to it. */
  phase: Phase = 0;
  /** Values clamped to the range since the last snapshot; trends count them here. */
  clamped = 0;
  readonly #worker: number;
  readonly #counters = new Map<string, SeriesCounter>();
  readonly #rates = new Map<string, SeriesRate>();
  readonly #trends = new Map<string, SeriesTrend>();
  readonly #writer = new DeltaWriter();
  #newSeries: SeriesId[] = [];
  #seriesCount = 0;

  constructor(options: { readonly worker: number }) {
    this.#worker = options.worker;
  }

  /** The handle of a series; the same metric and tags give the same one. */
  counter(metric: MetricNameOf<'counter'>, tags: Tags = {}): Counter {
    const key = seriesKey({ metric, tags });
    return getOrAdd(this.#counters, key, () => new SeriesCounter(this, this.#number({ metric, tags })));
  }

  /** As `counter`, for a rate. */
  rate(metric: MetricNameOf<'rate'>, tags: Tags = {}): Rate {
    const key = seriesKey({ metric, tags });
    return getOrAdd(this.#rates, key, () => new SeriesRate(this, this.#number({ metric, tags })));
  }

  /** As `counter`, for a trend. */
  trend(metric: MetricNameOf<'trend'>, tags: Tags = {}): Trend {
    const key = seriesKey({ metric, tags });
    return getOrAdd(this.#trends, key, () => new SeriesTrend(this, this.#number({ metric, tags })));
  }

  /**
   * What was recorded since the last snapshot, and starts anew. The interval, in microseconds since the run's start, lies in the
   * current phase: at a border the worker first takes a snapshot, then sets `phase`.
   */
  snapshot(fromUs: number, toUs: number, state: WorkerState, reach: Reach = noReach): Snapshot {
    for (const series of this.#counters.values()) series.deltas.writeTo(this.#writer);
    for (const series of this.#rates.values()) series.deltas.writeTo(this.#writer);
    const counters = this.#writer.take();
    for (const series of this.#trends.values()) series.writeTo(this.#writer);
    const trends = this.#writer.take();
    const { clamped } = this;
    const newSeries = this.#newSeries;
    this.clamped = 0;
    this.#newSeries = [];
    return {
      worker: this.#worker,
      phase: this.phase,
      fromUs,
      toUs,
      newSeries,
      counters,
      trends,
      clamped,
      state,
      ...reach,
    };
  }

  #number(id: SeriesId): number {
    this.#newSeries.push(id);
    return this.#seriesCount++;
  }
}

function getOrAdd<T>(map: Map<string, T>, key: string, create: () => T): T {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}

/** The sums of one series since the last snapshot. */
class Deltas {
  readonly sums = new Float64Array(slotsPerSeries);
  readonly #series: number;

  constructor(series: number) {
    this.#series = series;
  }

  writeTo(writer: DeltaWriter): void {
    for (let slot = 0; slot < slotsPerSeries; slot++) {
      const sum = this.sums[slot]!;
      if (sum !== 0) writer.amount(this.#series * slotsPerSeries + slot, sum);
    }
    this.sums.fill(0);
  }
}

class SeriesCounter implements Counter {
  readonly deltas: Deltas;
  readonly #recorder: Recorder;
  readonly #sums: Float64Array;

  constructor(recorder: Recorder, series: number) {
    this.#recorder = recorder;
    this.deltas = new Deltas(series);
    this.#sums = this.deltas.sums;
  }

  add(amount: number, phase: Phase = this.#recorder.phase): void {
    this.#sums[slotOf(phase, 0)]! += amount;
  }
}

class SeriesRate implements Rate {
  readonly deltas: Deltas;
  readonly #recorder: Recorder;

  constructor(recorder: Recorder, series: number) {
    this.#recorder = recorder;
    this.deltas = new Deltas(series);
  }

  hit(phase: Phase = this.#recorder.phase): void {
    this.deltas.sums[slotOf(phase, 0)]! += 1;
  }

  count(phase: Phase = this.#recorder.phase): void {
    this.deltas.sums[slotOf(phase, 1)]! += 1;
  }
}

class SeriesTrend implements Trend {
  readonly #recorder: Recorder;
  readonly #series: number;
  readonly #slots: (BucketCounters | undefined)[] = Array.from({ length: slotsPerSeries }, () => undefined);

  constructor(recorder: Recorder, series: number) {
    this.#recorder = recorder;
    this.#series = series;
  }

  record(value: number, phase: Phase = this.#recorder.phase): void {
    this.#count(value, slotOf(phase, 0));
  }

  recordUnanswered(waited: number, phase: Phase = this.#recorder.phase): void {
    this.#count(waited, slotOf(phase, 1));
  }

  writeTo(writer: DeltaWriter): void {
    for (let slot = 0; slot < slotsPerSeries; slot++) {
      const counters = this.#slots[slot];
      if (counters?.touched) {
        writer.buckets(this.#series * slotsPerSeries + slot, (visit) => counters.drain(visit));
      }
    }
  }

  #count(value: number, slot: number): void {
    let inRange = value;
    if (!(value >= 0 && value <= highestValue)) {
      inRange = value > highestValue ? highestValue : 0;
      this.#recorder.clamped++;
    }
    const counters = this.#slots[slot] ?? this.#allocate(slot);
    counters.increment(bucketOf((inRange + 0.5) >>> 0));
  }

  #allocate(slot: number): BucketCounters {
    const counters = new BucketCounters();
    this.#slots[slot] = counters;
    return counters;
  }
}

/** 64 buckets make a block: an increment marks its block, and a drain looks at marked blocks only. */
const blockBits = 6;
const blockSize = 1 << blockBits;

class BucketCounters {
  touched = false;
  readonly #counts = new Uint32Array(bucketCount);
  readonly #blocks = new Uint8Array(bucketCount >>> blockBits);

  increment(bucket: number): void {
    this.#counts[bucket]!++;
    this.#blocks[bucket >>> blockBits] = 1;
    this.touched = true;
  }

  /** Visits each bucket that is not empty, in ascending order, and empties it. */
  drain(visit: (bucket: number, count: number) => void): void {
    for (let block = 0; block < this.#blocks.length; block++) {
      if (this.#blocks[block] === 0) continue;
      const start = block << blockBits;
      for (let bucket = start; bucket < start + blockSize; bucket++) {
        const count = this.#counts[bucket]!;
        if (count > 0) visit(bucket, count);
      }
      this.#counts.fill(0, start, start + blockSize);
      this.#blocks[block] = 0;
    }
    this.touched = false;
  }
}
