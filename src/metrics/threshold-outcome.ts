import { nearest } from '../nearest.js';
import { catalog, type MetricDefinition, type Tags, type Unit } from './catalog.js';
import type { Threshold, ThresholdOperator } from './thresholds.js';
import type { Quantile, Scope, Totals, TrendSummary } from './totals.js';

/** How a threshold stands. */
export interface ThresholdOutcome {
  /** `undecided`: the value is only known to be at least so much, and that does not settle it. */
  readonly ok: boolean | 'undecided';
  /** What was held against the limit, in the metric's unit; null where nothing was measured. */
  readonly value: number | null;
  /** `value` is only a lower bound, because of unanswered packets. */
  readonly atLeast: boolean;
  /** What was found, and where it is not as wanted, that too: `p(99) is 123.4 ms, not <100`. */
  readonly sentence: string;
}

/**
 * Holds a threshold against the measured window.
 *
 * - A counter of which nothing was counted is 0, unless it is a bot's and no bot made one of that name: then it fails as below. A gauge is
 *   its latest value in the window.
 * - A rate is hits ÷ total, at most 1.
 * - A trend's `min`, `med`, `max` and `p(N)` are percentiles 0, 50, 100 and N over answered and unanswered values. At or above
 *   the smallest unanswered value they are lower bounds, as `avg` is wherever there is an unanswered value. A lower bound settles `<`
 *   only by breaking it and `>` only by keeping it; else the threshold is undecided.
 * - Open and closed values are never merged: a metric of both is held against each, and the worse outcome counts.
 * - A rate, gauge or trend without a value fails: a check that checked nothing must not turn a build green. (k6 lets it pass.)
 */
export function evaluateThreshold(threshold: Threshold, totals: Totals): ThresholdOutcome {
  const { tags: carried }: MetricDefinition = catalog[threshold.metric];
  if (!carried.includes('arrival') || threshold.tags.arrival !== undefined) {
    return outcomeOf(threshold, totals, threshold.tags);
  }
  const outcomes = (['open', 'closed'] as const).flatMap((arrival) => {
    const outcome = outcomeOf(threshold, totals, { ...threshold.tags, arrival });
    return outcome.value === null ? [] : [{ ...outcome, sentence: `${arrival}: ${outcome.sentence}` }];
  });
  if (outcomes.length < 2) return outcomeOf(threshold, totals, threshold.tags);
  return outcomes.find(({ ok }) => ok === false) ?? outcomes.find(({ ok }) => ok === 'undecided') ?? outcomes[0]!;
}

/** Whether a failed threshold is to end the run now: it asked for that, its delay is over, and what failed it was measured. */
export function shouldAbort(threshold: Threshold, outcome: ThresholdOutcome, totals: Totals): boolean {
  const due = threshold.abortOnFail && totals.measuredMs > 0 && totals.measuredMs >= threshold.delayAbortEvalMs;
  return due && outcome.ok === false && outcome.value !== null;
}

function outcomeOf(threshold: Threshold, totals: Totals, tags: Tags): ThresholdOutcome {
  const { operator, limit } = threshold;
  const found = measuredValue(threshold, totals, tags, 'measured');
  if (found === undefined) {
    const elsewhere = measuredValue(threshold, totals, tags, 'wholeRun') !== undefined;
    const sentence = elsewhere ? 'nothing was measured outside warm-up and ramp-down' : absent(threshold, totals);
    return { ok: false, value: null, atLeast: false, sentence };
  }
  const { value, atLeast } = found;
  const ok = atLeast ? holdsFrom(value, operator, limit) : holds(value, operator, limit);
  const is = `${nameOf(threshold)} is ${atLeast ? 'at least ' : ''}${shown(threshold, value)}`;
  const wanted = `${operator}${limit}`;
  const sentence =
    ok === true ? is : ok === false ? `${is}, not ${wanted}` : `${is}; whether it is ${wanted} cannot be told`;
  return { ok, value, atLeast, sentence: `${sentence}${besides(threshold, totals, tags, value)}` };
}

/** What a counter counted outside the window counts for no threshold, and stands in the tables of the whole run: `; 5120 in the whole run`. */
function besides(threshold: Threshold, totals: Totals, tags: Tags, inWindow: number): string {
  if (threshold.aggregation.kind !== 'count') return '';
  const whole = measuredValue(threshold, totals, tags, 'wholeRun')?.value ?? inWindow;
  return whole === inWindow ? '' : `; ${shown(threshold, whole)} in the whole run`;
}

function measuredValue(threshold: Threshold, totals: Totals, tags: Tags, scope: Scope): Quantile | undefined {
  const { metric } = threshold;
  const exactly = (value: number) => ({ value, atLeast: false });
  switch (catalog[metric].kind) {
    case 'counter': {
      if (unheardOf(threshold, totals) !== undefined) return undefined;
      const sum = totals.counter(metric, tags, scope);
      if (threshold.aggregation.kind === 'count') return exactly(sum);
      const ms = scope === 'measured' ? totals.measuredMs : totals.wholeRunMs;
      return exactly(ms > 0 ? (sum * 1000) / ms : 0);
    }
    case 'rate': {
      const { hits, total } = totals.rate(metric, tags, scope);
      const outOf = Math.max(hits, total);
      return outOf > 0 ? exactly(hits / outOf) : undefined;
    }
    case 'gauge': {
      const value = totals.connected(scope);
      return value === undefined ? undefined : exactly(value);
    }
    case 'trend': {
      const trend = totals.trend(metric, tags, scope);
      return trend === undefined ? undefined : trendValue(threshold, trend);
    }
  }
}

/** The name that a bot or a check was to have, and that none had: only the run tells which there are. */
function unheardOf(
  { metric, tags }: Threshold,
  totals: Totals,
): { name: string; known: readonly string[] } | undefined {
  const tag = tags.name === undefined ? 'check' : 'name';
  const name = tags[tag];
  if (name === undefined) return undefined;
  const known = [...new Set(totals.series(metric).flatMap((series) => series.tags[tag] ?? []))];
  return known.includes(name) ? undefined : { name, known };
}

function absent(threshold: Threshold, totals: Totals): string {
  const unknown = unheardOf(threshold, totals);
  if (unknown === undefined) return 'nothing was measured';
  const { name, known } = unknown;
  const near = nearest(name, known);
  return `nothing was called \`${name}\`${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
}

function trendValue({ aggregation }: Threshold, trend: TrendSummary): Quantile {
  switch (aggregation.kind) {
    case 'avg':
      return trend.average();
    case 'min':
      return trend.percentile(0);
    case 'max':
      return trend.percentile(100);
    case 'percentile':
      return trend.percentile(aggregation.percentile);
    default:
      return trend.percentile(50);
  }
}

function holds(value: number, operator: ThresholdOperator, limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}

/** Whether the comparison holds, or fails, for every value from `least` upwards. */
function holdsFrom(least: number, operator: ThresholdOperator, limit: number): boolean | 'undecided' {
  switch (operator) {
    case '<':
      return least >= limit ? false : 'undecided';
    case '<=':
    case '==':
      return least > limit ? false : 'undecided';
    case '>':
    case '!=':
      return least > limit ? true : 'undecided';
    case '>=':
      return least >= limit ? true : 'undecided';
  }
}

function nameOf({ aggregation }: Threshold): string {
  return aggregation.kind === 'percentile' ? `p(${aggregation.percentile})` : aggregation.kind;
}

const unitSuffixes: Readonly<Record<Unit, string>> = {
  ms: ' ms',
  packets: ' packets',
  bytes: ' bytes',
  clients: ' clients',
  count: '',
  ratio: '',
};

/** Exact enough that a value never looks like the limit that it misses. */
function shown({ metric, aggregation }: Threshold, value: number): string {
  const { kind, unit } = catalog[metric];
  const perSecond = kind === 'counter' && aggregation.kind === 'rate' ? '/s' : '';
  return `${Number.isInteger(value) ? value : Number(value.toPrecision(6))}${unitSuffixes[unit]}${perSecond}`;
}
