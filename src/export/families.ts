import {
  catalog,
  type MetricDefinition,
  type MetricName,
  type MetricNameOf,
  type Unit as MetricUnit,
  phases,
  type TagName,
} from '../metrics/catalog.js';
import { BucketCounts, type Distribution } from '../metrics/histogram.js';
import type { SeriesPhase, Totals } from '../metrics/totals.js';

/** A unit as UCUM writes it (ucum.org), which is what OpenTelemetry asks for; empty where there is none. */
export type Unit = 's' | 'By' | '{packet}' | '{client}' | '';

/** What is exported of a run at one instant: families of points, in the base units of both formats. */
export type Family =
  | (Description & { readonly kind: 'counter' | 'gauge'; readonly points: readonly Point<number>[] })
  | (Description & { readonly kind: 'histogram'; readonly points: readonly Point<Values>[] });

interface Description {
  /** Without prefix and unit, which each format writes in its own way. */
  readonly name: string;
  readonly unit: Unit;
  readonly sentence: string;
}

export interface Point<Value> {
  readonly labels: Labels;
  readonly value: Value;
}

export type Labels = Readonly<Partial<Record<TagName | 'phase' | typeof overflowLabel, string>>>;

/** A trend's values in recorded units. */
export interface Values {
  readonly answered: Distribution;
  /** How long no answer had come, of the values that have none. */
  readonly unanswered: Distribution;
  /** How many recorded units make one of the family's: 1,000,000 µs in a second. */
  readonly perUnit: number;
}

/** What OpenTelemetry's SDK calls the series of all that came after its limit, in the spelling that both formats keep. */
export const overflowLabel = 'otel_metric_overflow';

/** Bots and servers may find new names for ever; whoever stores what we export pays for each. */
const mostSeries = 1000;

/** The two counters that a rate becomes: a ratio could not be summed over labels or time. */
const rateCounters: Readonly<Record<MetricNameOf<'rate'>, { readonly hits: Counter; readonly total: Counter }>> = {
  broadcast_reach: {
    hits: ['broadcast_copies_received', 'Copies of broadcasts that came to clients that they were expected at.'],
    total: ['broadcast_copies_expected', 'Copies of broadcasts that were expected.'],
  },
  checks: {
    hits: ['checks_passed', 'Checks that held.'],
    total: ['checks', 'Checks that were made.'],
  },
  errors: {
    hits: [
      'errors',
      'Attempts that failed: by connect failures, drops, timeouts, lost replies, or what broke by itself.',
    ],
    total: ['attempts', 'Connects, due sends and waits, and what broke by itself.'],
  },
};

type Counter = readonly [name: string, sentence: string];

const units: Readonly<Record<MetricUnit, { readonly unit: Unit; readonly perUnit: number }>> = {
  ms: { unit: 's', perUnit: 1_000_000 },
  bytes: { unit: 'By', perUnit: 1 },
  packets: { unit: '{packet}', perUnit: 1 },
  clients: { unit: '{client}', perUnit: 1 },
  count: { unit: '', perUnit: 1 },
  ratio: { unit: '', perUnit: 1 },
};

/** Every metric of which there is anything, in the catalog's order, over the whole run. Costs what there are series: for once a second, not more. */
export function familiesOf(totals: Totals): readonly Family[] {
  return (Object.keys(catalog) as MetricName[]).flatMap((metric) => familiesFrom(metric, totals));
}

function familiesFrom(metric: MetricName, totals: Totals): readonly Family[] {
  const { kind, unit: shownUnit, sentence }: MetricDefinition = catalog[metric];
  const { unit, perUnit } = units[shownUnit];
  if (kind === 'gauge') {
    const value = totals.connected('wholeRun');
    return value === undefined ? [] : [{ name: metric, unit, sentence, kind, points: [{ labels: {}, value }] }];
  }
  const taken = limited(totals.seriesPhases(metric));
  if (taken.length === 0) return [];
  const counter = (name: string, text: string, read: (took: Taken) => number): Family => ({
    name,
    unit,
    sentence: text,
    kind: 'counter',
    points: taken.map((took) => ({ labels: took.labels, value: read(took) })),
  });
  if (kind === 'counter') return [counter(metric, sentence, ({ amount }) => amount)];
  if (kind === 'rate') {
    const { hits, total } = rateCounters[metric as MetricNameOf<'rate'>];
    return [counter(...hits, (took) => took.amount), counter(...total, (took) => took.total)];
  }
  const points = taken
    .filter(({ answered, unanswered }) => !(answered.isEmpty && unanswered.isEmpty))
    .map(({ labels, answered, unanswered }) => ({
      labels,
      value: { answered: answered.sorted(), unanswered: unanswered.sorted(), perUnit },
    }));
  return points.length === 0 ? [] : [{ name: metric, unit, sentence, kind: 'histogram', points }];
}

interface Taken extends Omit<SeriesPhase, 'id' | 'phase'> {
  readonly labels: Labels;
}

/** The series that were there first, each by itself, and the sum of all others, phase by phase: no series ever changes sides. */
function limited(all: readonly SeriesPhase[]): readonly Taken[] {
  const kept = new Set<SeriesPhase['id']>();
  const taken: Taken[] = [];
  const rest: SeriesPhase[] = [];
  for (const took of all) {
    if (kept.size < mostSeries) kept.add(took.id);
    if (kept.has(took.id)) taken.push({ ...took, labels: { ...took.id.tags, phase: phases[took.phase] } });
    else rest.push(took);
  }
  phases.forEach((phase, number) => {
    const others = rest.filter((took) => took.phase === number);
    if (others.length > 0) taken.push({ ...sumOf(others), labels: { phase, [overflowLabel]: 'true' } });
  });
  return taken;
}

function sumOf(all: readonly SeriesPhase[]): Omit<Taken, 'labels'> {
  const answered = new BucketCounts();
  const unanswered = new BucketCounts();
  let [amount, total] = [0, 0];
  for (const took of all) {
    amount += took.amount;
    total += took.total;
    answered.addAll(took.answered);
    unanswered.addAll(took.unanswered);
  }
  return { amount, total, answered, unanswered };
}
