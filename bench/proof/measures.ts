import type { MetricName } from '../../src/metrics/catalog.js';
import type { TrendReport } from '../../src/report/scope.js';
import type { RunOutcome } from './processes.js';

/** A number that a run gives, and the bounds, both included, within which the median of the rounds has to lie. */
export interface Measure {
  readonly what: string;
  readonly of: (outcome: RunOutcome) => number;
  readonly from: number;
  readonly to: number;
  readonly show: (value: number) => string;
}

type Report = RunOutcome['report'];
type Bounds = readonly [from: number, to: number];

/** Within 5 %. */
export function about(value: number): Bounds {
  return [0.95 * value, 1.05 * value];
}

export function ms(what: string, of: Measure['of'], [from, to]: Bounds): Measure {
  return { what, of, from, to, show: (value) => `${value.toFixed(1)} ms` };
}

/** A percentile of the response time of the open loop. */
export function responseTime(percentile: 'p50' | 'p95' | 'p99', bounds: Bounds): Measure {
  const of: Measure['of'] = ({ report }) => trend(report, 'response_time', 'open')[percentile].value;
  return ms(`open loop, response time ${percentile}`, of, bounds);
}

/** Counts balance exactly. */
export function count(what: string, of: Measure['of'], expected: number): Measure {
  return { what, of, from: expected, to: expected, show: (value) => String(Math.round(value * 1e6) / 1e6) };
}

export function percent(what: string, of: Measure['of'], [from, to]: Bounds): Measure {
  return { what, of, from, to, show: (value) => `${(100 * value).toFixed(3)} %` };
}

/** What swarm measured, as a share of what the server recorded. */
export function asRecorded(metric: 'service_time' | 'response_time', percentile: 50 | 90 | 99): Measure {
  const [from, to] = about(1);
  return {
    what: `${metric} p${percentile} ÷ the server’s own`,
    of: ({ report, server }) =>
      trend(report, metric, 'open')[`p${percentile}`].value / percentileOf(server.delaysMs, percentile),
    from,
    to,
    show: (value) => value.toFixed(3),
  };
}

/**
 * Kolmogorov's distance between the gaps of the arrivals and an exponential distribution of `perSecond`, times the root of their number:
 * a Poisson process exceeds 1.63 once in a hundred seeds.
 */
export function poissonDistance(perSecond: number): Measure {
  return {
    what: 'Kolmogorov’s distance of the gaps from exponential, × √n',
    of: ({ server: { arrivalsMs } }) => {
      const gapsMs = arrivalsMs.slice(1).map((ms, i) => ms - arrivalsMs[i]!);
      const n = gapsMs.length;
      const distances = gapsMs
        .toSorted((a, b) => a - b)
        .map((gapMs, i) => {
          const expected = 1 - Math.exp((-gapMs * perSecond) / 1000);
          return Math.max(Math.abs(expected - i / n), Math.abs(expected - (i + 1) / n));
        });
      return Math.max(...distances) * Math.sqrt(n);
    },
    from: 0,
    to: 1.63,
    show: (value) => value.toFixed(2),
  };
}

/** The greatest difference between the times at which the k-th request came in one run and in its twin. */
export function furthestApart(bounds: Bounds): Measure {
  return ms(
    'greatest difference of the k-th arrivals',
    ({ server, twin }) =>
      Math.max(...server.arrivalsMs.map((arrivalMs, k) => Math.abs(arrivalMs - twin!.server.arrivalsMs[k]!))),
    bounds,
  );
}

/** The percentile lies among the unanswered: at least the timeout, and said to be a bound. */
export function lowerBound(percentile: 'p95' | 'p999', timeoutMs: number): Measure {
  const name = percentile === 'p999' ? 'p99.9' : percentile;
  return {
    what: `open loop, response time ${name}, which is a lower bound`,
    of: ({ report }) => {
      const { value, atLeast } = trend(report, 'response_time', 'open')[percentile];
      return atLeast ? value : 0;
    },
    from: timeoutMs,
    to: 1.05 * timeoutMs,
    show: (value) => (value === 0 ? 'no bound' : `≥ ${value.toFixed(1)} ms`),
  };
}

const verdicts = ['ok', 'strained', 'saturated'] as const;

/** `worst`: what it may be at worst; by default what is expected. */
export function verdict(expected: (typeof verdicts)[number], worst = expected): Measure {
  return {
    what: 'generator',
    of: ({ report }) => verdicts.indexOf(report.generator.verdict),
    from: verdicts.indexOf(expected),
    to: verdicts.indexOf(worst),
    show: (value) => verdicts[value] ?? 'none',
  };
}

export function counter(report: Report, metric: MetricName): number {
  return report.totals.wholeRun.counters[metric]?.total ?? 0;
}

export function trend(report: Report, metric: MetricName, arrival: string): TrendReport {
  return mergedTrend(report, 'measured', metric, arrival);
}

export function whole(report: Report, metric: MetricName, arrival: string): TrendReport {
  return mergedTrend(report, 'wholeRun', metric, arrival);
}

function mergedTrend(report: Report, scope: 'measured' | 'wholeRun', metric: MetricName, arrival: string): TrendReport {
  const found = report.totals[scope].trends[metric]?.merged.find(({ tags }) => tags.arrival === arrival);
  if (found === undefined) throw new Error(`the report has no ${metric} of ${arrival} arrivals`);
  return found;
}

export function reach(report: Report): number {
  const { hits, total } = report.totals.wholeRun.rates.broadcast_reach ?? { hits: 0, total: 0 };
  return hits / total;
}

/** Answers that the server gave after the 400 ms for which clients wait. */
export function lateAnswers(delaysMs: readonly number[]): number {
  return delaysMs.filter((delayMs) => delayMs > 400).length;
}

/** The value of rank ⌈p ÷ 100 × n⌉ of n values. */
function percentileOf(values: readonly number[], percentile: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil((percentile * values.length) / 100) - 1]!;
}
