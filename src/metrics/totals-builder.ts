import type { FaultyKinds } from './apart.js';
import { AuditSeconds, readsLate, type SecondsAudit } from './audit-seconds.js';
import { bucketOf } from './buckets.js';
import { type MetricName, type Phase, recordedUnits, type SeriesId, type Tags } from './catalog.js';
import { Extent } from './extent.js';
import { BucketCounts, MergedTrend } from './histogram.js';
import { addAmount, type Moment } from './moment.js';
import { type FaultWindows, type NeighbourPeriod, NeighbourTally } from './neighbours.js';
import { ReachMerger, type ReachTotal } from './reach.js';
import { SeriesBook } from './series-book.js';
import { isNothing, measuredPhase, mergedTrend, phasesIn } from './series-totals.js';
import type { Snapshot, WorkerState } from './snapshot.js';
import { partOf, readAmounts, readBuckets, slotOf } from './snapshot-codec.js';
import type { Span } from './spans.js';
import { Standstills, standstillIn } from './standstills.js';
import { TimelineBuilder } from './timeline.js';
import type {
  Scope,
  SeriesPhase,
  TimelineRow,
  Totals,
  TrendSummary,
  WindowCounts,
  WindowHistograms,
} from './totals.js';
import { addUsage, type WorkerUsage } from './usage.js';
import { type Selection, selectionsFor, selects } from './windows.js';
import { countInSnapshot, type SnapshotCounts, type WorkerActivity, WorkerTally } from './worker-activity.js';

export interface TotalsOptions {
  readonly workers?: number;
  readonly thresholds?: readonly SeriesId[];
  readonly faults?: FaultWindows | null;
}

/**
 * Merges snapshots. A worker's snapshots are added in the order it made them, those of different workers in any: sums do not depend on
 * it. Adding costs what the snapshot carries.
 */
export class TotalsBuilder implements Totals {
  readonly workers: (WorkerState | undefined)[] = [];
  readonly usage: (WorkerUsage | undefined)[] = [];
  readonly standstills = new Standstills();
  clamped = 0;
  readonly #book: SeriesBook;
  /** Of each worker, the phase of its latest snapshot. */
  readonly #phases = new Map<number, Phase>();
  /** Of each worker, the clients connected at the end of its latest snapshot of the measured phase. */
  readonly #measuredConnected = new Map<number, number>();
  readonly #measured = new Extent();
  readonly #wholeRun = new Extent();
  readonly #selections: readonly Selection[];
  readonly #timeline: TimelineBuilder;
  readonly #auditSeconds = new AuditSeconds();
  readonly #reach: ReachMerger;
  readonly #tallies: (WorkerTally | undefined)[] = [];
  readonly #neighbours: NeighbourTally | null;
  #newestSecond = 0;

  /**
   * `workers`: how many will report; the reach of a broadcast is known once all of them have. `thresholds`: what they hold is kept
   * window by window. `faults`: who plays them, and when; null where nobody does.
   */
  constructor({ workers = 0, thresholds = [], faults = null }: TotalsOptions = {}) {
    this.#neighbours = faults && new NeighbourTally(faults.windows);
    this.#reach = new ReachMerger(workers);
    this.#selections = selectionsFor(thresholds);
    this.#timeline = new TimelineBuilder(this.#selections);
    this.#book = new SeriesBook(faults?.faulty ?? new Set(), (id, apart) => this.#timeline.selectionsOf(id, apart));
  }

  /** `coordinatorBytes`: the resident memory of the process that calls, where it wants that kept beside the workers'. */
  add(snapshot: Snapshot, coordinatorBytes?: number): void {
    const { worker, phase, fromUs, toUs, state } = snapshot;
    const numbered = this.#book.number(snapshot);
    const second = Math.max(0, Math.ceil((fromUs + toUs) / 2e6) - 1);
    // A worker whose event loop is held up reports several seconds at once.
    const seconds = Math.max(1, Math.round((toUs - fromUs) / 1e6));
    const last = seconds === 1 ? second : Math.max(0, Math.round(toUs / 1e6) - 1);
    const moment: Moment = { ...this.#placeOf(fromUs / 1000, toUs / 1000), last, seconds };
    const { slot, period } = moment;
    const counts: SnapshotCounts = { packetsSent: 0, packetsReceived: 0, audited: 0, contaminated: 0 };
    readAmounts(snapshot.counters, (number, at, amount) => {
      const series = numbered[number]!;
      addAmount(series, at, amount, moment);
      if (partOf(at) === 0 && !series.apart) countInSnapshot(counts, series.id, at, amount);
    });
    this.#newestSecond = Math.max(this.#newestSecond, last);
    this.#tally(worker).add(last, snapshot, counts, seconds);
    this.#auditSeconds.add(second, counts.audited, counts.contaminated);
    const standstill = standstillIn(snapshot);
    if (standstill !== null) this.standstills.add(standstill);
    else if (phase === measuredPhase && counts.packetsReceived > 0 && readsLate(state)) {
      this.#auditSeconds.addLate(Math.floor(fromUs / 1e6), last);
    }
    readBuckets(snapshot.trends, (number, at) => {
      const series = numbered[number]!;
      const buckets = series.buckets[at]!;
      const ofPeriod = period === undefined || series.apart ? [] : period.buckets(series.windows, at);
      if (partOf(at) === 1) {
        return (bucket, count) => {
          buckets.add(bucket, count);
          for (const window of series.windows) slot.addUnanswered(window, count);
          for (const histogram of ofPeriod) histogram.add(bucket, count);
        };
      }
      const also = [...series.windows.map((window) => slot.histogram(window)), ...ofPeriod];
      return (bucket, count) => {
        buckets.add(bucket, count);
        for (const histogram of also) histogram.add(bucket, count);
      };
    });
    this.#reach.add(snapshot, (total) => this.#addReach(total, moment));
    slot.connected.set(worker, state.connected);
    slot.addMostConnected(worker, state.mostConnected);
    slot.addWorkerMemory(worker, state.rssBytes);
    if (coordinatorBytes !== undefined) slot.addCoordinatorMemory(coordinatorBytes);
    this.workers[worker] = state;
    this.#phases.set(worker, phase);
    this.usage[worker] = addUsage(this.usage[worker], snapshot);
    this.clamped += snapshot.clamped;
    this.#wholeRun.add(fromUs, toUs);
    if (phase === measuredPhase) {
      period?.addInterval(fromUs / 1000, toUs / 1000);
      this.#measured.add(fromUs, toUs);
      this.#measuredConnected.set(worker, state.connected);
    }
  }

  counter(metric: MetricName, tags: Tags = {}, scope: Scope = 'measured'): number {
    return this.#book.sum(metric, tags, scope, 0);
  }

  latest(metric: MetricName, tags: Tags = {}): number {
    return this.#book.matching(metric, tags).reduce((sum, { latest }) => sum + latest.of(this.#settledSecond), 0);
  }

  rate(metric: MetricName, tags: Tags = {}, scope: Scope = 'measured'): { hits: number; total: number } {
    return { hits: this.#book.sum(metric, tags, scope, 0), total: this.#book.sum(metric, tags, scope, 1) };
  }

  connected(scope: Scope = 'measured'): number | undefined {
    const values =
      scope === 'measured'
        ? [...this.#measuredConnected.values()]
        : this.workers.flatMap((state) => state?.connected ?? []);
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
  }

  get mostConnected(): number {
    return this.#timeline.mostConnected;
  }

  trend(metric: MetricName, tags: Tags = {}, scope: Scope = 'measured'): TrendSummary | undefined {
    return mergedTrend(metric, this.#book.matching(metric, tags), scope);
  }

  seriesTrend(id: SeriesId, scope: Scope = 'measured'): TrendSummary | undefined {
    const series = this.#book.find(id);
    return series && mergedTrend(id.metric, [series], scope);
  }

  series(metric?: MetricName): readonly SeriesId[] {
    return this.#book.listed(metric);
  }

  seriesPhases(metric: MetricName): readonly SeriesPhase[] {
    return this.#book
      .ofMetric(metric)
      .flatMap((series) => phasesIn.wholeRun.map((phase) => series.during(phase)))
      .filter((took) => took.phase === measuredPhase || !isNothing(took));
  }

  get timeline(): readonly TimelineRow[] {
    return this.#timeline.rows();
  }

  timelineHistograms(): readonly WindowHistograms[] {
    return this.#timeline.histograms();
  }

  timelineUnanswered(): readonly WindowCounts[] {
    return this.#timeline.unanswered();
  }

  trendIn(wanted: SeriesId, ...spans: readonly Span[]): TrendSummary | undefined {
    const selection = this.#selections.findIndex((kept) => selects(wanted, kept));
    if (selection === -1) return undefined;
    const values = this.#timeline.valuesIn(selection, spans);
    const trend = new MergedTrend(values, new BucketCounts(), recordedUnits(wanted.metric));
    return trend.count > 0 ? trend : undefined;
  }

  timelineCounts(wanted: SeriesId, bounds: readonly number[]): readonly (readonly number[])[] {
    const selection = this.#selections.findIndex((kept) => selects(wanted, kept));
    if (selection === -1) return [];
    const units = recordedUnits(wanted.metric);
    return this.#timeline.countsBetween(
      selection,
      bounds.map((bound) => bound * units),
    );
  }

  get activity(): readonly (WorkerActivity | undefined)[] {
    return this.#tallies.map((tally) => tally?.activityIn(this.#settledSecond));
  }

  get auditedSeconds(): SecondsAudit {
    return this.#auditSeconds.read();
  }

  get measuredFromMs(): number {
    return this.#measured.fromMs;
  }

  get measuredMs(): number {
    return this.#measured.ms;
  }

  get wholeRunMs(): number {
    return this.#wholeRun.ms;
  }

  get faulty(): FaultyKinds {
    return this.#book.faulty;
  }

  get neighbourPeriods(): readonly NeighbourPeriod[] {
    return this.#neighbours?.periods ?? [];
  }

  /**
   * The worker is gone: the clients that it had connected are lost, each a failed attempt, and what it had not reported of broadcasts is not
   * waited for. All of it counts in the latest moment that was told of. Of one that never reported nobody knows who was connected: all its
   * `clients` are lost, in the phase that the run is in.
   * @returns how many count as lost.
   */
  lose(worker: number, unheard: { readonly clients: number; readonly phase: Phase }): number {
    const { endMs } = this.#timeline;
    const moment: Moment = { ...this.#placeOf(endMs, endMs), last: this.#newestSecond, seconds: 1 };
    this.#reach.lose(worker, (total) => this.#addReach(total, moment));
    const state = this.workers[worker];
    const phase = this.#phases.get(worker);
    if (state === undefined || phase === undefined) {
      this.#addLost(unheard.clients, unheard.phase, moment);
      return unheard.clients;
    }
    const { connected, connecting, expected, lost } = state;
    this.#addLost(connected, phase, moment);
    if (phase === measuredPhase) this.#measuredConnected.set(worker, 0);
    const allLost = lost + connected + connecting + expected;
    this.workers[worker] = { ...state, connected: 0, connecting: 0, expected: 0, lost: allLost };
    return connected;
  }

  /** Of which kinds they were is not known. */
  #addLost(connections: number, phase: Phase, moment: Moment): void {
    if (connections === 0) return;
    const lost = this.#book.seriesOf({ metric: 'disconnects', tags: { cause: 'worker' } });
    const errors = this.#book.seriesOf({ metric: 'errors', tags: {} });
    addAmount(lost, slotOf(phase, 0), connections, moment);
    addAmount(errors, slotOf(phase, 0), connections, moment);
    addAmount(errors, slotOf(phase, 1), connections, moment);
  }

  /** A missing copy is an unanswered broadcast; which client's it was is not known. */
  #addReach({ packet, phase, expected, received, timeoutUs }: ReachTotal, moment: Moment): void {
    const reach = this.#book.seriesOf({ metric: 'broadcast_reach', tags: { packet } });
    addAmount(reach, slotOf(phase, 0), received, moment);
    addAmount(reach, slotOf(phase, 1), expected, moment);
    const missing = expected - received;
    if (missing <= 0) return;
    const { buckets, windows } = this.#book.seriesOf({ metric: 'broadcast_time', tags: { packet } });
    buckets[slotOf(phase, 1)]!.add(bucketOf(timeoutUs), missing);
    for (const window of windows) moment.slot.addUnanswered(window, missing);
    moment.period?.addMissingCopies(phase, bucketOf(timeoutUs), missing);
  }

  #placeOf(fromMs: number, toMs: number): Pick<Moment, 'slot' | 'period'> {
    return { slot: this.#timeline.slotFor(fromMs, toMs), period: this.#neighbours?.periodAt(fromMs, toMs) };
  }

  /** Of the newest second, some workers may not have told yet. */
  get #settledSecond(): number {
    return Math.max(0, this.#newestSecond - 1);
  }

  #tally(worker: number): WorkerTally {
    const tally = this.#tallies[worker] ?? new WorkerTally();
    this.#tallies[worker] = tally;
    return tally;
  }
}
