import type { MetricName } from '../metrics/catalog.js';
import { formatRate } from '../metrics/format.js';
import { isOwnTime, timeNameOf } from '../metrics/windows.js';
import type { Report } from './report.js';
import type { TrendFigures, TrendReport } from './scope.js';

/** Figures of a time with the name that every table gives it. Values are in milliseconds. */
export interface TimeRow {
  readonly name: string;
  readonly trend: TrendFigures;
}

/** A time of the measured window, with its histogram. */
export interface MeasuredTime extends TimeRow {
  readonly metric: MetricName;
  readonly trend: TrendReport;
}

const metrics = ['broadcast_time', 'response_time', 'service_time', 'send_lag'] as const;

/** Broadcast, response and service time and how late sends were, over the measured window, what matters most first. */
export function timeRows({ totals, durations }: Report): MeasuredTime[] {
  return metrics.flatMap((metric) =>
    (totals.measured.trends[metric]?.merged ?? []).map((trend) => ({
      metric,
      name: timeNameOf(metric) + loopOf(trend, durations.measuredMs),
      trend,
    })),
  );
}

/** What the run is about: broadcast time where there is any, else open-loop response time, else closed-loop service time. */
export function headTime(report: Report): MeasuredTime | undefined {
  return timeRows(report).find(({ metric, trend }) => isOwnTime({ metric, tags: trend.tags }));
}

/** Connects and the handshakes that are a part of them. Clients connect before the measured window as a rule. */
export function connectRows({ totals }: Report): TimeRow[] {
  const rows = { connect_time: 'connect time, whole run', tls_handshake_time: 'TLS handshake, whole run' } as const;
  return (Object.keys(rows) as (keyof typeof rows)[]).flatMap((metric) =>
    (totals.wholeRun.trends[metric]?.merged ?? []).map((trend) => ({ name: rows[metric], trend })),
  );
}

/** What each step measured. The rate of a closed one stands first: a long name is cut, and its time without its rate would be worth nothing. */
export function stepRows({ totals, durations }: Report): TimeRow[] {
  return (['response_time', 'service_time'] as const).flatMap((metric) =>
    (totals.measured.trends[metric]?.series ?? [])
      .filter((trend) => isOwnTime({ metric, tags: trend.tags }))
      .map((trend) => {
        const { packet = '', step = '', arrival } = trend.tags;
        const rate = arrival === 'closed' ? `${rateOf(trend, durations.measuredMs)} ` : '';
        return { name: `${rate}${packet} ${step}`, trend };
      }),
  );
}

/** Broadcast, response and service time of each packet, or of each kind of clients. */
export function groupRows({ totals, durations }: Report, tag: 'packet' | 'client'): TimeRow[] {
  return metrics.flatMap((metric) =>
    (totals.measured.trends[metric]?.[tag === 'packet' ? 'byPacket' : 'byClient'] ?? [])
      .filter((trend) => isOwnTime({ metric, tags: trend.tags }))
      .map((trend) => ({
        name: `${trend.tags[tag]}: ${timeNameOf(metric)}${loopOf(trend, durations.measuredMs)}`,
        trend,
      })),
  );
}

/** How many answers never came, among the response times of what is open and the service times of what is closed. */
export function unansweredIn(report: Report): number {
  return timeRows(report)
    .filter(({ metric, trend }) => metric !== 'broadcast_time' && isOwnTime({ metric, tags: trend.tags }))
    .reduce((sum, { trend }) => sum + trend.unanswered, 0);
}

/** A closed loop slows down with the server: its percentiles say nothing without the rate that it reached. */
function loopOf(trend: TrendFigures, ms: number): string {
  if (trend.tags.arrival === undefined) return '';
  return trend.tags.arrival === 'open' ? ', open loop' : `, closed ${rateOf(trend, ms)}`;
}

function rateOf({ count }: TrendFigures, ms: number): string {
  return formatRate(ms > 0 ? (count * 1000) / ms : 0);
}
