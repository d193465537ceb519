import type { MetricName } from '../metrics/catalog.js';
import { formatRate } from '../metrics/format.js';
import type { Report } from './report.js';
import type { TrendFigures, TrendReport } from './scope.js';

/** A time that a run measured, with the name that every table gives it. Values are in milliseconds. */
export interface TimeRow<Trend extends TrendFigures = TrendReport> {
  readonly name: string;
  readonly trend: Trend;
}

const names = {
  broadcast_time: 'broadcast time',
  response_time: 'response time',
  service_time: 'service time',
  send_lag: 'send lag',
} as const;

/** Broadcast, response and service time and how late sends were, over the measured window, what matters most first. */
export function timeRows({ totals, durations }: Report): TimeRow[] {
  return (Object.keys(names) as (keyof typeof names)[]).flatMap((metric) =>
    (totals.measured.trends[metric]?.merged ?? []).map((trend) => ({
      name: names[metric] + loopOf(trend, durations.measuredMs),
      trend,
    })),
  );
}

/** What the run is about: broadcast time where there is any, else open-loop response time, else closed-loop service time. */
export function headTrend({ totals }: Report): { metric: MetricName; trend: TrendReport } | undefined {
  const find = (metric: MetricName, arrival?: 'open' | 'closed') => {
    const trend = totals.measured.trends[metric]?.merged.find(({ tags }) => tags.arrival === arrival);
    return trend && { metric, trend };
  };
  return find('broadcast_time') ?? find('response_time', 'open') ?? find('service_time', 'closed');
}

/** A closed loop slows down with the server: its percentiles say nothing without the rate that it reached. */
function loopOf({ tags, count }: TrendFigures, ms: number): string {
  if (tags.arrival === undefined) return '';
  return tags.arrival === 'open' ? ', open loop' : `, closed ${rateOf(count, ms)}`;
}

/** Clients connect before the measured window as a rule. */
export function connectRows({ totals }: Report): TimeRow[] {
  return (totals.wholeRun.trends.connect_time?.merged ?? []).map((trend) => ({
    name: 'connect time, whole run',
    trend,
  }));
}

/** What each step measured. The rate of a closed one stands first: a long name is cut, and its time without its rate would be worth nothing. */
export function stepRows(report: Report): TimeRow[] {
  const ms = report.durations.measuredMs;
  return primaryTrends(report, 'series').map((trend) => {
    const { packet = '', step = '', arrival } = trend.tags;
    const rate = arrival === 'closed' ? `${rateOf(trend.count, ms)} ` : '';
    return { name: `${rate}${packet} ${step}`, trend };
  });
}

/** Response time of what is open, service time of what is closed. */
export function primaryTrends(report: Report, part: 'merged' | 'series'): TrendReport[];
export function primaryTrends(report: Report, part: 'byPacket' | 'byClient'): TrendFigures[];
export function primaryTrends(
  { totals }: Report,
  part: 'merged' | 'series' | 'byPacket' | 'byClient',
): readonly TrendFigures[] {
  const { response_time: response, service_time: service } = totals.measured.trends;
  return [
    ...(response?.[part] ?? []).filter(({ tags }) => tags.arrival === 'open'),
    ...(service?.[part] ?? []).filter(({ tags }) => tags.arrival === 'closed'),
  ];
}

function rateOf(count: number, ms: number): string {
  return formatRate(ms > 0 ? (count * 1000) / ms : 0);
}
