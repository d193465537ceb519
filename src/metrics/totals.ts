import type { FaultyKinds } from './apart.js';
import type { SecondsAudit } from './audit-seconds.js';
import type { MetricName, Phase, SeriesId, Tags } from './catalog.js';
import type { BucketCounts } from './histogram.js';
import type { NeighbourPeriod } from './neighbours.js';
import type { WorkerState } from './snapshot.js';
import type { Span } from './spans.js';
import type { Standstills } from './standstills.js';
import type { WorkerUsage } from './usage.js';
import type { WorkerActivity } from './worker-activity.js';

/** Over the measured window (values by their due time), or over the whole run. */
export type Scope = 'measured' | 'wholeRun';

/** A percentile over answered and unanswered values; where it falls among the unanswered it is only a lower bound. */
export interface Quantile {
  /** In the metric's unit: milliseconds for trends of time. */
  readonly value: number;
  readonly atLeast: boolean;
}

/** A merged histogram, in the metric's unit. `min` to `stdDev` are of the answered values. */
export interface TrendSummary {
  readonly count: number;
  readonly unanswered: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stdDev: number;
  /** Over answered and unanswered values; 0 gives the least. There is at least one. */
  percentile(percentile: number): Quantile;
  /** The mean over answered and unanswered values: a lower bound where there are unanswered ones. */
  average(): Quantile;
  /** Counts of answered values at or below each of the given ascending bounds (in the metric's unit), not cumulative; one more for the rest. */
  countsBetween(bounds: readonly number[]): number[];
  /** The answered values as an HDR V2 compressed histogram, base64 (`HISTFAAAA…`), in recorded units (µs or packets). */
  encode(): string;
  /** How long the unanswered were waited for, in the same form; null where there are none. */
  encodeUnanswered(): string | null;
}

/** What one series took in during one phase, all workers together. */
export interface SeriesPhase {
  readonly id: SeriesId;
  readonly phase: Phase;
  /** A counter's amount, or a rate's hits. */
  readonly amount: number;
  /** A rate's total. */
  readonly total: number;
  /** A trend's values, in recorded units (µs, packets, bytes), and how long no answer had come for the others. */
  readonly answered: BucketCounts;
  readonly unanswered: BucketCounts;
}

/** One interval of the time line, all workers together. Amounts are per second of the row's own width. */
export interface TimelineRow {
  readonly atMs: number;
  readonly widthMs: number;
  readonly connected: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Failed attempts, as the metric `errors` counts them. */
  readonly errors: number;
  /** Of the audited values that arrived in this interval, those of which the generator may be a noticeable part, 0 to 1; null where there were none. */
  readonly contaminatedShare: number | null;
  /** Of the open-loop response times that arrived in this interval, or, where none did, of the closed-loop service times; else null. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Absent in reports of a version that did not keep it. */
  readonly memory?: RowMemory;
}

/** Resident memory during one interval, in bytes: the most that was read, once a second. */
export interface RowMemory {
  /** All workers together. */
  readonly workersBytes: number;
  /** The process that merges and shows; null where none of its readings fell into the interval. */
  readonly coordinatorBytes: number | null;
}

/** The answered values of one row: HDR V2 compressed histograms in base64, by what they are of (`response_time{arrival:"open"}`). */
export type WindowHistograms = Readonly<Record<string, string>>;

/** How many values of one row were never answered, by what they are of. They count where they were given up: by a timeout, or at a connection's end. */
export type WindowCounts = Readonly<Record<string, number>>;

/**
 * All snapshots merged. Reading never changes it; derived numbers are computed when asked for. What clients with faults brought upon
 * themselves (`standsApart`) is in no sum but those that name these clients.
 */
export interface Totals {
  /** Sum over all series of the metric whose tags include `tags`. */
  counter(metric: MetricName, tags?: Tags, scope?: Scope): number;
  /** What a counter counted in the latest second that every worker has told of: a rate per second, however wide the rows have grown. */
  latest(metric: MetricName, tags?: Tags): number;
  /** Hits and total of a rate. */
  rate(metric: MetricName, tags?: Tags, scope?: Scope): { readonly hits: number; readonly total: number };
  /** The gauge `clients`: the latest value within the scope, all workers together; undefined where none was reported. */
  connected(scope?: Scope): number | undefined;
  /** The most clients connected at once in the whole run: exact with one worker, with several an upper bound. */
  readonly mostConnected: number;
  /** Merged over all series that match (select `arrival` where the metric carries it); undefined where nothing was recorded. */
  trend(metric: MetricName, tags?: Tags, scope?: Scope): TrendSummary | undefined;
  /** Of one series alone: unlike `trend`, of one with few tags without those that have more. Undefined where nothing was recorded. */
  seriesTrend(series: SeriesId, scope?: Scope): TrendSummary | undefined;
  /** Every series seen, in the catalog's order, then by tags. */
  series(metric?: MetricName): readonly SeriesId[];
  /**
   * What the series of a metric took in, apart by phase, in the order in which they were first seen: the measured phase of each, and of the
   * other phases those in which it took something in. Unlike `counter` and `trend`, a series of few tags is not a sum of those of more.
   */
  seriesPhases(metric: MetricName): readonly SeriesPhase[];
  readonly timeline: readonly TimelineRow[];
  /** Of each row of the time line, its histograms. Encoding them takes time: for the end of a run. */
  timelineHistograms(): readonly WindowHistograms[];
  /** Of each row of the time line, what its histograms leave out. */
  timelineUnanswered(): readonly WindowCounts[];
  /**
   * The answered values that arrived in these times, each from its beginning to before its end, as far as rows tell them apart, of what rows
   * keep a histogram of: open response, open and closed service and broadcast time. Undefined where there are none.
   */
  trendIn(selection: SeriesId, ...spans: readonly Span[]): TrendSummary | undefined;
  /**
   * Of each row of the time line, how many answered values lie at or below each of the ascending bounds (in the metric's unit), not
   * cumulative; one more for the rest. Of what rows keep a histogram of; empty for anything else.
   */
  timelineCounts(selection: SeriesId, bounds: readonly number[]): readonly (readonly number[])[];
  /** The audit of the measured values, second by second. */
  readonly auditedSeconds: SecondsAudit;
  /** When nothing could be measured. */
  readonly standstills: Pick<Standstills, 'totalMs' | 'count' | 'longest'>;
  /** The latest state of each worker, by its number. */
  readonly workers: readonly (WorkerState | undefined)[];
  /** What each worker used over the whole run so far, by its number. */
  readonly usage: readonly (WorkerUsage | undefined)[];
  /** What each worker does now, by its number. */
  readonly activity: readonly (WorkerActivity | undefined)[];
  /** Milliseconds of the measured window so far, and of the whole run so far. */
  readonly measuredMs: number;
  readonly wholeRunMs: number;
  /** The run time at which the measured window began; 0 where it has not. */
  readonly measuredFromMs: number;
  readonly clamped: number;
  /** The kinds of clients that stand apart for their faults. */
  readonly faulty: FaultyKinds;
  /** What all others met before, while and after these played them; empty where nobody stands apart. */
  readonly neighbourPeriods: readonly NeighbourPeriod[];
}
