import { catalog, type MetricDefinition, type MetricName, type SeriesId, type TagName } from './catalog.js';

/** The values that a window of the time line keeps a histogram of: all series of the metric whose tags include these. */
export type Selection = SeriesId;

/** What every run's windows keep, in this order. */
export const alwaysKept = [
  { metric: 'response_time', tags: { arrival: 'open' } },
  { metric: 'service_time', tags: { arrival: 'open' } },
  { metric: 'service_time', tags: { arrival: 'closed' } },
  { metric: 'broadcast_time', tags: {} },
] as const satisfies readonly Selection[];

/** The places of the first selections among `selectionsFor`. */
export const openResponse = 0;
export const closedService = 2;
export const broadcast = 3;

/** The times that say how somebody was served; the service time of an open loop is none, being a part of its response time. */
export const ownTimes = [alwaysKept[openResponse], alwaysKept[broadcast], alwaysKept[closedService]] as const;

/** Whether the values of a series, or of a sum over these tags, are of such a time. */
export function isOwnTime(series: SeriesId): boolean {
  return ownTimes.some((time) => selects(time, series));
}

/** `response time` */
export function timeNameOf(metric: MetricName): string {
  return metric.replaceAll('_', ' ');
}

/** What the windows of a run keep: the times, and every trend that a threshold names. Open and closed values are kept apart. */
export function selectionsFor(thresholds: readonly Selection[]): readonly Selection[] {
  const named = thresholds.filter(({ metric }) => catalog[metric].kind === 'trend').flatMap(byArrival);
  const selections: Selection[] = [...alwaysKept];
  for (const selection of named) if (!selections.some((known) => isSame(known, selection))) selections.push(selection);
  return selections;
}

export function selects({ metric, tags }: Selection, series: SeriesId): boolean {
  return metric === series.metric && tagsOf({ metric, tags }).every(([tag, value]) => series.tags[tag] === value);
}

/** A selection as it is kept: open and closed values of a metric apart, those of both where it names none. */
export function byArrival({ metric, tags }: Selection): Selection[] {
  const { tags: carried }: MetricDefinition = catalog[metric];
  if (!carried.includes('arrival') || tags.arrival !== undefined) return [{ metric, tags }];
  // A closed loop has no response time.
  const arrivals = metric === 'response_time' ? (['open'] as const) : (['open', 'closed'] as const);
  return arrivals.map((arrival) => ({ metric, tags: { ...tags, arrival } }));
}

function isSame(a: Selection, b: Selection): boolean {
  return tagsOf(a).length === tagsOf(b).length && selects(a, b);
}

function tagsOf({ tags }: Selection): [TagName, string][] {
  return Object.entries(tags) as [TagName, string][];
}
