import type { MetricName } from '../metrics/catalog.js';
import { formatRate } from '../metrics/format.js';
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

const names = {
  broadcast_time: 'broadcast time',
  response_time: 'response time',
  service_time: 'service time',
  send_lag: 'send lag',
} as const;

const metrics = Object.keys(names) as (keyof typeof names)[];

/** Broadcast, response and service time and how late sends were, over the measured window, what matters most first. */
export function timeRows({ totals, durations }: Report): MeasuredTime[] {
  return metrics.flatMap((metric) =>
    (totals.measured.trends[metric]?.merged ?? []).map((trend) => ({
      metric,
      name: names[metric] + loopOf(trend, durations.measuredMs),
      trend,
    })),
  );
}

/** What the run is about: broadcast time where there is any, else open-loop response time, else closed-loop service time. */
export function headTime(report: Report): MeasuredTime | undefined {
  return timeRows(report).find(({ metric, trend }) => isOwn(metric, trend));
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
      .filter((trend) => isOwn(metric, trend))
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
      .filter((trend) => isOwn(metric, trend))
      .map((trend) => ({
        name: `${trend.tags[tag]}: ${names[metric]}${loopOf(trend, durations.measuredMs)}`,
        trend,
      })),
  );
}

/** How many answers never came, among the response times of what is open and the service times of what is closed. */
export function unansweredIn(report: Report): number {
  return timeRows(report)
    .filter(({ metric, trend }) => metric !== 'broadcast_time' && isOwn(metric, trend))
    .reduce((sum, { trend }) => sum + trend.unanswered, 0);
}

/** Not the service time of what is open, which is a part of its response time. */
function isOwn(metric: MetricName, { tags }: TrendFigures): boolean {
  if (metric === 'broadcast_time') return true;
  return (
    (metric === 'response_time' && tags.arrival === 'open') || (metric === 'service_time' && tags.arrival === 'closed')
  );
}

/** A closed loop slows down with the server: its percentiles say nothing without the rate that it reached. */
function loopOf(trend: TrendFigures, ms: number): string {
  if (trend.tags.arrival === undefined) return '';
  return trend.tags.arrival === 'open' ? ', open loop' : `, closed ${rateOf(trend, ms)}`;
}

function rateOf({ count }: TrendFigures, ms: number): string {
  return formatRate(ms > 0 ? (count * 1000) / ms : 0);
}
