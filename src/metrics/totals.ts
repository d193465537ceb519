import type { MetricName, SeriesId, Tags } from './catalog.js';
import type { WorkerState } from './snapshot.js';

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
  percentile(percentile: number): Quantile;
  /** Counts of answered values at or below each of the given ascending bounds (in the metric's unit), not cumulative; one more for the rest. */
  countsBetween(bounds: readonly number[]): number[];
  /** The answered values as an HDR V2 compressed histogram, base64 (`HISTFAAAA…`), in recorded units (µs or packets). */
  encode(): string;
}

/** One interval of the time line, all workers together. Rates are per second of the interval's own width. */
export interface TimelineRow {
  readonly atMs: number;
  readonly widthMs: number;
  readonly connected: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly errors: number;
  /** Of the open-loop response times and closed-loop service times that arrived in this interval; null where none did. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** All snapshots merged. Reading never changes it; derived numbers are computed when asked for. */
export interface Totals {
  /** Sum over all series of the metric whose tags include `tags`. */
  counter(metric: MetricName, tags?: Tags, scope?: Scope): number;
  /** Hits and total of a rate. */
  rate(metric: MetricName, tags?: Tags, scope?: Scope): { readonly hits: number; readonly total: number };
  /** Merged over all series that match; undefined where nothing was recorded. */
  trend(metric: MetricName, tags?: Tags, scope?: Scope): TrendSummary | undefined;
  /** Every series seen, in order of metric, then tags. */
  series(metric?: MetricName): readonly SeriesId[];
  readonly timeline: readonly TimelineRow[];
  /** The latest state of each worker, by its number. */
  readonly workers: readonly (WorkerState | undefined)[];
  /** Milliseconds of the measured window so far, and of the whole run so far. */
  readonly measuredMs: number;
  readonly wholeRunMs: number;
  readonly clamped: number;
}
