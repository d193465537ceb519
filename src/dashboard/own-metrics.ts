import { formatCount, formatRate } from '../metrics/format.js';
import type { Totals } from '../metrics/totals.js';
import { latencyFigures } from './distributions.js';
import { countsBy, trendOf, valuesOf } from './read-totals.js';

/** What bots count or measure under a name of their own. */
export interface OwnMetric {
  readonly name: string;
  readonly figures: readonly { readonly label: string; readonly value: string }[];
}

/** Counters first, then times, then other values; each in the order in which it came up. */
export function ownMetricsOf(totals: Totals): OwnMetric[] {
  return [...counters(totals), ...trends(totals, 'bot_time'), ...trends(totals, 'bot_trend')];
}

function counters(totals: Totals): OwnMetric[] {
  return [...countsBy(totals, 'bot_counter', 'name')].map(([name, count]) => ({
    name,
    figures: [
      { label: 'count', value: formatCount(count) },
      { label: 'now', value: formatRate(totals.latest('bot_counter', { name })) },
    ],
  }));
}

function trends(totals: Totals, metric: 'bot_time' | 'bot_trend'): OwnMetric[] {
  return valuesOf(totals, metric, 'name').flatMap((name) => {
    const trend = trendOf(totals, metric, { name })?.trend;
    if (trend === undefined) return [];
    const figures = metric === 'bot_time' ? latencyFigures(trend) : plainFigures(trend.percentile.bind(trend));
    return { name, figures };
  });
}

function plainFigures(percentile: (percentile: number) => { readonly value: number }): OwnMetric['figures'] {
  return [50, 95, 99, 100].map((p) => ({
    label: p === 100 ? 'max' : `p${p}`,
    value: formatCount(percentile(p).value),
  }));
}
