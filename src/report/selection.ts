import { namesClients } from '../metrics/apart.js';
import { type MetricName, type SeriesId, seriesKey, type Tags } from '../metrics/catalog.js';
import { BucketCounts, decodeHistogram } from '../metrics/histogram.js';
import { selects } from '../metrics/windows.js';
import { nearest } from '../nearest.js';
import { summed } from './faults.js';
import type { Report } from './report.js';

/** Values in recorded units, and how long was waited for those that never came. */
export interface SelectedValues {
  readonly answered: BucketCounts;
  readonly unanswered: BucketCounts;
}

/** Of the measured window, all series that a selection takes in one; whoever names no `arrival` gets open and closed values in one. */
export function selectedValues(report: Report, selection: SeriesId): SelectedValues {
  const answered = new BucketCounts();
  const unanswered = new BucketCounts();
  const all = report.totals.measured.trends[selection.metric]?.series ?? [];
  // As in the windows: who asks for nobody by name means those without faults.
  const series = namesClients(selection.tags) ? all : summed(selection.metric, all, report);
  for (const { tags, histogram, unansweredHistogram } of series) {
    if (!selects(selection, { metric: selection.metric, tags })) continue;
    answered.addAll(decodeHistogram(histogram));
    if (unansweredHistogram !== null) unanswered.addAll(decodeHistogram(unansweredHistogram));
  }
  return { answered, unanswered };
}

/** For those who asked for values that a report does not have: the nearest that it has, or all, named by as many tags as they gave. */
export function recordedHint({ totals }: Report, wanted: SeriesId): string {
  const { trends } = totals.measured;
  const { metric } = wanted;
  const named = trends[metric]?.series.map(({ tags }) =>
    seriesKey({ metric, tags: pick(tags, Object.keys(wanted.tags)) }),
  );
  const recorded = [...new Set(named ?? (Object.keys(trends) as MetricName[]))];
  const close = nearest(seriesKey(wanted), recorded);
  return close === undefined ? `It has ${recorded.join(', ') || 'no times at all'}.` : `Did you mean \`${close}\`?`;
}

function pick(tags: Tags, names: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => names.includes(name)));
}
