import { type FaultyKinds, namesClients, standsApart } from './apart.js';
import { catalog, type MetricName, type SeriesId, seriesKey, type TagName, type Tags } from './catalog.js';
import { phasesIn, SeriesTotals } from './series-totals.js';
import type { Snapshot } from './snapshot.js';
import { type Part, slotOf } from './snapshot-codec.js';
import type { Scope } from './totals.js';

/** All series of a run, found by what they are of, by their metric, and by the numbers that workers give them. */
export class SeriesBook {
  readonly faulty: FaultyKinds;
  readonly #windowsOf: (id: SeriesId, apart: boolean) => readonly number[];
  readonly #byKey = new Map<string, SeriesTotals>();
  readonly #byMetric = new Map<MetricName, SeriesTotals[]>();
  /** Of each worker, its series in its own numbering. */
  readonly #numbered = new Map<number, SeriesTotals[]>();

  /** `faulty`: the kinds of clients whose series stand apart. `windowsOf`: which histograms of a row a series belongs to. */
  constructor(faulty: FaultyKinds, windowsOf: (id: SeriesId, apart: boolean) => readonly number[]) {
    this.faulty = faulty;
    this.#windowsOf = windowsOf;
  }

  /** Begins the series where there is none yet. */
  seriesOf(id: SeriesId): SeriesTotals {
    const key = seriesKey(id);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const apart = standsApart(id, this.faulty);
    const series = new SeriesTotals(id, key, apart, this.#windowsOf(id, apart));
    this.#byKey.set(key, series);
    const ofMetric = this.#byMetric.get(id.metric);
    if (ofMetric === undefined) this.#byMetric.set(id.metric, [series]);
    else ofMetric.push(series);
    return series;
  }

  /** Undefined where nothing was recorded. */
  find(id: SeriesId): SeriesTotals | undefined {
    return this.#byKey.get(seriesKey(id));
  }

  /** Gives the snapshot's new series their numbers; answers with all of the worker's. */
  number({ worker, newSeries }: Snapshot): readonly SeriesTotals[] {
    const numbered = this.#numbered.get(worker) ?? [];
    this.#numbered.set(worker, numbered);
    for (const id of newSeries) numbered.push(this.seriesOf(id));
    return numbered;
  }

  /** In the order in which they were first seen. */
  ofMetric(metric: MetricName): readonly SeriesTotals[] {
    return this.#byMetric.get(metric) ?? [];
  }

  /** In the catalog's order, then by tags; of one metric, or of all. */
  listed(metric?: MetricName): readonly SeriesId[] {
    const metrics = metric === undefined ? (Object.keys(catalog) as MetricName[]) : [metric];
    return metrics.flatMap((name) =>
      this.ofMetric(name)
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .map((series) => series.id),
    );
  }

  /** Those that a sum over these tags is made of. */
  matching(metric: MetricName, tags: Tags): readonly SeriesTotals[] {
    const wanted = Object.entries(tags) as [TagName, string][];
    const named = namesClients(tags);
    return this.ofMetric(metric).filter(
      ({ id, apart }) => (named || !apart) && wanted.every(([tag, value]) => id.tags[tag] === value),
    );
  }

  sum(metric: MetricName, tags: Tags, scope: Scope, part: Part): number {
    let sum = 0;
    for (const series of this.matching(metric, tags)) {
      for (const phase of phasesIn[scope]) sum += series.sums[slotOf(phase, part)]!;
    }
    return sum;
  }
}
