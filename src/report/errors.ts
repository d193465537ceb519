import type { MetricName, TagName } from '../metrics/catalog.js';
import { summed } from './faults.js';
import type { Report } from './report.js';

/** One kind of failure. */
export interface ErrorKind {
  /** As error samples name it, `connect_failures ECONNREFUSED`. */
  readonly kind: string;
  /** For people, `connect ECONNREFUSED`. */
  readonly label: string;
  readonly count: number;
  /** The words of one case; empty where none were kept. */
  readonly sample: string;
}

type CountedKind = Omit<ErrorKind, 'sample'>;

/** The failures of the whole run by kind, the most frequent first. Planned disconnects are none, nor is what clients with faults met. */
export function errorKinds(report: Report): ErrorKind[] {
  const samples = new Map(report.errorSamples.map(({ kind, message }) => [kind, message]));
  return countedKinds(report)
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map((counted) => ({ ...counted, sample: wordsOf(counted.kind, samples.get(counted.kind) ?? '') }));
}

/** A connection that ends because of what came stands in two lines, and is one failed attempt. */
function wordsOf(kind: string, sample: string): string {
  if (kind !== 'disconnects protocol') return sample;
  const once = 'each is one failure with its protocol error';
  return sample === '' ? once : `${once}: ${sample}`;
}

export const userCode = ['bot', 'transform'] as const;

/** What the user's own code threw, by its words, which name the place in their file. */
export interface ThrownError {
  readonly whose: (typeof userCode)[number];
  readonly message: string;
  readonly count: number;
}

/** What bots and transforms threw in a run, in the order of the report: the most frequent first. */
export function thrownErrors({ errorSamples }: Report): ThrownError[] {
  return errorSamples.flatMap(({ kind, message, count }) => {
    const whose = userCode.find((word) => kind.startsWith(`${word} `));
    return whose === undefined ? [] : [{ whose, message, count }];
  });
}

function countedKinds(report: Report): CountedKind[] {
  const { counters } = report.totals.wholeRun;
  return [
    ...byTag(report, 'connect_failures', 'code', 'connect'),
    ...byTag(report, 'disconnects', 'cause', 'lost').filter(({ kind }) => kind !== 'disconnects planned'),
    { kind: 'timeouts', label: 'timeouts', count: counters.timeouts?.total ?? 0 },
    { kind: 'lost_replies', label: 'replies lost', count: counters.lost_replies?.total ?? 0 },
    ...byTag(report, 'dropped_sends', 'cause', 'not sent'),
    ...byTag(report, 'protocol_errors', 'code', 'protocol'),
    ...failedChecks(report),
  ];
}

function byTag(report: Report, metric: MetricName, tag: TagName, word: string): CountedKind[] {
  const counts = new Map<string, number>();
  for (const { tags, value } of summed(metric, report.totals.wholeRun.counters[metric]?.series ?? [], report)) {
    const name = tags[tag] ?? 'unknown';
    counts.set(name, (counts.get(name) ?? 0) + value);
  }
  return [...counts].map(([name, count]) => ({ kind: `${metric} ${name}`, label: `${word} ${name}`, count }));
}

function failedChecks(report: Report): CountedKind[] {
  const counts = new Map<string, number>();
  for (const { tags, hits, total } of summed('checks', report.totals.wholeRun.rates.checks?.series ?? [], report)) {
    const name = tags.check ?? 'unknown';
    counts.set(name, (counts.get(name) ?? 0) + total - hits);
  }
  return [...counts].map(([name, count]) => ({ kind: `checks ${name}`, label: `check ${name}`, count }));
}
