import type { FaultyKinds } from './apart.js';
import { type Phase, recordedUnits, type SeriesId } from './catalog.js';
import { BucketCounts, MergedTrend } from './histogram.js';
import { slotOf } from './snapshot-codec.js';
import { lengthOf, type Span, unionOf } from './spans.js';
import type { TrendSummary } from './totals.js';
import { alwaysKept, broadcast } from './windows.js';

/** As much of a kind of clients as says whether, and when, it plays faults. Times are milliseconds of the run; null: to the end. */
interface KindOfClients {
  readonly name: string;
  readonly faults: readonly { readonly fromMs: number; readonly untilMs: number | null }[];
}

/** Which kinds of a plan stand apart for their faults, and at which times of the run any of those is played. */
export interface FaultWindows {
  readonly faulty: FaultyKinds;
  /** In order, with gaps between them; the last is infinite where faults are played to the end. */
  readonly windows: readonly Span[];
}

/** Null where no kind has faults, or every kind has: then nobody is there to be told apart. */
export function faultWindowsOf(kinds: readonly KindOfClients[]): FaultWindows | null {
  const faulty = kinds.filter(({ faults }) => faults.length > 0);
  if (faulty.length === 0 || faulty.length === kinds.length) return null;
  const faults = faulty.flatMap((kind) => kind.faults);
  return {
    faulty: new Set(faulty.map(({ name }) => name)),
    windows: unionOf(faults.map(({ fromMs, untilMs }) => ({ fromMs, toMs: untilMs ?? Number.POSITIVE_INFINITY }))),
  };
}

/** Before the first fault was played, while any was, and all other times, between faults and after the last. */
export const periodNames = ['before', 'during', 'after'] as const;
export type PeriodName = (typeof periodNames)[number];

/** What clients without faults met in one of these times, as far as it was measured. */
export interface NeighbourPeriod {
  readonly name: PeriodName;
  /** When it began and when it was over. */
  readonly fromMs: number;
  readonly toMs: number;
  /** What of that belongs to it, in order; the rest is another period's, or nothing was measured. */
  readonly spans: readonly Span[];
  /** How long these are together. */
  readonly durationMs: number;
  /** As the metric `errors` counts them. */
  readonly attempts: number;
  readonly failed: number;
  /** Connections that ended, and not as planned. */
  readonly disconnects: number;
  /** How many of these, and of the failed attempts, a worker that was lost took with it. */
  readonly lostWithWorkers: number;
  /** One of the selections that every window keeps; undefined where nothing was recorded. Values belong to when they came. */
  trend(selection: (typeof alwaysKept)[number]): TrendSummary | undefined;
}

const measured: Phase = 1;

/** One period under way. */
export class PeriodTally implements NeighbourPeriod {
  readonly name: PeriodName;
  spans: readonly Span[] = [];
  attempts = 0;
  failed = 0;
  disconnects = 0;
  lostWithWorkers = 0;
  readonly #trends = new Map<number, readonly [answered: BucketCounts, unanswered: BucketCounts]>();

  constructor(name: PeriodName) {
    this.name = name;
  }

  addInterval(fromMs: number, toMs: number): void {
    this.spans = unionOf([...this.spans, { fromMs, toMs }]);
  }

  get fromMs(): number {
    return this.spans[0]?.fromMs ?? 0;
  }

  get toMs(): number {
    return this.spans.at(-1)?.toMs ?? 0;
  }

  get durationMs(): number {
    return lengthOf(this.spans);
  }

  /** A copy of a broadcast that never came, and for how long it was waited for; `phase`: that of its sender's due time. */
  addMissingCopies(phase: Phase, bucket: number, count: number): void {
    if (phase === measured) this.#trend(broadcast)[1].add(bucket, count);
  }

  /** `slot`: which of the series’ the amount is in. */
  count({ metric, tags }: SeriesId, slot: number, amount: number): void {
    if (metric === 'errors' && slot === slotOf(measured, 0)) this.failed += amount;
    else if (metric === 'errors' && slot === slotOf(measured, 1)) this.attempts += amount;
    else if (metric === 'disconnects' && slot === slotOf(measured, 0) && tags.cause !== 'planned') {
      this.disconnects += amount;
      if (tags.cause === 'worker') this.lostWithWorkers += amount;
    }
  }

  /** Where the values of these selections go, by their number; nowhere where they are not measured, or not kept here. */
  buckets(selections: readonly number[], slot: number): BucketCounts[] {
    const part = ([0, 1] as const).find((candidate) => slot === slotOf(measured, candidate));
    if (part === undefined) return [];
    return selections.filter((number) => number < alwaysKept.length).map((number) => this.#trend(number)[part]);
  }

  trend(selection: (typeof alwaysKept)[number]): TrendSummary | undefined {
    const [answered, unanswered] = this.#trends.get(alwaysKept.indexOf(selection)) ?? [];
    if (answered === undefined || unanswered === undefined) return undefined;
    return new MergedTrend(answered, unanswered, recordedUnits(selection.metric));
  }

  #trend(selection: number): readonly [BucketCounts, BucketCounts] {
    const known = this.#trends.get(selection);
    if (known !== undefined) return known;
    const trend = [new BucketCounts(), new BucketCounts()] as const;
    this.#trends.set(selection, trend);
    return trend;
  }
}

/** The periods of a run, as far as there were any. */
export class NeighbourTally {
  readonly #windows: readonly Span[];
  readonly #periods: readonly PeriodTally[] = periodNames.map((name) => new PeriodTally(name));

  constructor(windows: readonly Span[]) {
    this.#windows = windows;
  }

  /** The period that holds the middle of an interval, so that a timer's jitter does not move it. */
  periodAt(fromMs: number, toMs: number): PeriodTally {
    const middleMs = (fromMs + toMs) / 2;
    if (this.#windows.every((window) => middleMs < window.fromMs)) return this.#periods[0]!;
    const isPlayed = this.#windows.some((window) => middleMs >= window.fromMs && middleMs < window.toMs);
    return this.#periods[isPlayed ? 1 : 2]!;
  }

  /** Those of which something was measured, in order. */
  get periods(): readonly NeighbourPeriod[] {
    return this.#periods.filter(({ durationMs }) => durationMs > 0);
  }
}
