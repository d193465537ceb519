import type { SeriesId } from '../metrics/catalog.js';
import { formatMs, formatQuantileMs } from '../metrics/format.js';
import type { NeighbourPeriod } from '../metrics/neighbours.js';
import { partsOf } from '../metrics/spans.js';
import type { Quantile, Totals, TrendSummary } from '../metrics/totals.js';
import { ownTimes, timeNameOf } from '../metrics/windows.js';
import { type Effect, sectionsEffect } from '../statistics/effect.js';
import { judge } from '../statistics/judge.js';
import { isMoreThanBefore } from './occurrences.js';

/** How the clients without faults fared before others played theirs, meanwhile and afterwards. */
export interface NeighboursReport {
  /** In the order of time; those of which nothing was measured are left out. */
  readonly periods: readonly PeriodReport[];
  /** Of each time that both the calm and the faults have values of, while they were played against before. */
  readonly changes: readonly TimeChange[];
  /** `cannot tell`: neither that they were hurt is sure, nor that they were not. */
  readonly verdict: 'unhurt' | 'hurt' | 'cannot tell';
  /** What the verdict rests on, each a clause. */
  readonly reasons: readonly string[];
}

export interface PeriodReport extends Omit<NeighbourPeriod, 'trend' | 'spans' | 'durationMs' | 'lostWithWorkers'> {
  /** How much of the time in between belongs to the period; absent in reports from before that was told. */
  readonly durationMs?: number;
  readonly times: readonly PeriodTime[];
}

/** In milliseconds. */
export interface PeriodTime {
  readonly of: SeriesId;
  readonly count: number;
  readonly unanswered: number;
  readonly p50: Quantile;
  readonly p95: Quantile;
  readonly p99: Quantile;
}

export type JudgedPercentile = keyof typeof percentiles;

export interface TimeChange {
  readonly of: SeriesId;
  readonly percentile: JudgedPercentile;
  readonly before: Quantile;
  readonly during: Quantile;
  readonly verdict: 'same' | 'better' | 'worse' | 'cannot tell';
}

/** What may speak against the numbers of a run. */
export interface NeighbourDoubts {
  readonly saturated: boolean;
  readonly steered: boolean;
  readonly workersLost: number;
}

const percentiles = { p50: 50, p95: 95, p99: 99 } as const;
export const judgedPercentiles = Object.keys(percentiles) as JudgedPercentile[];

/** Neighbouring seconds depend on each other: a section has at least two. */
const leastSectionMs = 2000;
const mostSections = 6;
const leastSections = 3;
/** Fewer values beyond a percentile, and chance alone decides where it lies. */
const leastBeyond = 10;
/** Several percentiles are judged: for each the error is kept small. */
const level = 0.02;
/** Changes by less than a tenth, or by less than a timer's tick, are of no interest. */
const leastRatio = 1.1;
const leastChangeMs = 1;

/**
 * What the others met while faults were played, against the calm before the first. They were *hurt* where more of their attempts failed, or
 * more of their connections were lost, than chance explains, or where p50, p95 or p99 of an own time rose by more than a tenth and a
 * millisecond for sure; they were *unhurt* where nothing failed or was lost and no p50 or p95 rose. Where too little was measured for either,
 * or something else than the faults (`doubts`) explains what was, it cannot be told.
 */
export function neighboursReport(totals: Totals, doubts: NeighbourDoubts): NeighboursReport {
  const periods = totals.neighbourPeriods.map(periodReport);
  const [before, during] = (['before', 'during'] as const).map((name) =>
    totals.neighbourPeriods.find((period) => period.name === name),
  );
  if (before === undefined || during === undefined) {
    const missing =
      before === undefined ? 'before the first fault: give the faults a `from`' : 'while faults were played';
    return { periods, changes: [], verdict: 'cannot tell', reasons: [`nothing was measured ${missing}`] };
  }
  const changes = ownTimes.flatMap((of) => changesOf(of, totals, before, during));
  return { periods, changes, ...verdictOf(before, during, changes, doubts) };
}

function periodReport(period: NeighbourPeriod): PeriodReport {
  const { name, fromMs, toMs, durationMs, attempts, failed, disconnects } = period;
  const times = ownTimes.flatMap((of) => {
    const trend = period.trend(of);
    return trend === undefined ? [] : [timeReport(of, trend)];
  });
  return { name, fromMs, toMs, durationMs, attempts, failed, disconnects, times };
}

function timeReport(of: SeriesId, trend: TrendSummary): PeriodTime {
  const at = (percentile: JudgedPercentile) => trend.percentile(percentiles[percentile]);
  return { of, count: trend.count, unanswered: trend.unanswered, p50: at('p50'), p95: at('p95'), p99: at('p99') };
}

function changesOf(
  of: (typeof ownTimes)[number],
  totals: Totals,
  before: NeighbourPeriod,
  during: NeighbourPeriod,
): TimeChange[] {
  const [calm, hostile] = [before.trend(of), during.trend(of)];
  if (calm === undefined || hostile === undefined) return [];
  return judgedPercentiles.map((percentile) => {
    const rank = percentiles[percentile];
    const [was, is] = [calm.percentile(rank), hostile.percentile(rank)];
    const logs = [before, during].map((period) => sectionLogs(of, rank, totals, period));
    return { of, percentile, before: was, during: is, verdict: judgeChange(was, is, logs[0], logs[1]) };
  });
}

function judgeChange(
  before: Quantile,
  during: Quantile,
  baseLogs: readonly number[] | undefined,
  currentLogs: readonly number[] | undefined,
): TimeChange['verdict'] {
  if (before.atLeast || before.value === 0 || during.value === 0) return 'cannot tell';
  const tolerance = Math.log(Math.max(leastRatio, 1 + leastChangeMs / before.value));
  const logRatio = Math.log(during.value / before.value);
  // So many were not answered that the percentile falls among them: the truth is this or more.
  if (during.atLeast) return logRatio > tolerance ? 'worse' : 'cannot tell';
  if (baseLogs === undefined || currentLogs === undefined) return 'cannot tell';
  const effect: Effect = sectionsEffect(
    { whole: Math.log(before.value), sections: baseLogs },
    { whole: Math.log(during.value), sections: currentLogs },
  );
  return judge(effect, { worseSign: 1, tolerance, noise: 0 }, level).verdict;
}

/** The logarithms of a percentile in sections of a period, one after the other; undefined where there are too few, or too few values in one. */
function sectionLogs(
  of: SeriesId,
  rank: number,
  totals: Totals,
  { spans, durationMs }: NeighbourPeriod,
): readonly number[] | undefined {
  const count = Math.min(mostSections, Math.floor(durationMs / leastSectionMs));
  if (count < leastSections) return undefined;
  const sections = partsOf(spans, count).map((part) => totals.trendIn(of, ...part));
  const logs = sections.flatMap((section) => {
    if (section === undefined || section.count * (1 - rank / 100) < leastBeyond) return [];
    const { value } = section.percentile(rank);
    return value === 0 ? [] : Math.log(value);
  });
  return logs.length < count ? undefined : logs;
}

function verdictOf(
  before: NeighbourPeriod,
  during: NeighbourPeriod,
  changes: readonly TimeChange[],
  { saturated, steered, workersLost }: NeighbourDoubts,
): Pick<NeighboursReport, 'verdict' | 'reasons'> {
  const occurrences = [
    { what: 'attempts failed', of: failedIn, room: attemptsIn },
    { what: 'connections were lost', of: lostIn, room: durationOf },
  ].map(({ what, of, room }) => ({ what, before: of(before), during: of(during), room: [room(before), room(during)] }));
  const hurt = [
    ...occurrences.flatMap(({ what, before: was, during: is, room: [calm = 0, hostile = 0] }) =>
      isMoreThanBefore(was, calm, is, hostile) ? [`${is} ${what} while faults were played, ${was} before`] : [],
    ),
    // A load that was not the plan's, or a generator that could not keep up, explains other times as well.
    ...(saturated || steered || workersLost > 0 ? [] : changes.filter(({ verdict }) => verdict === 'worse').map(risen)),
  ];
  if (hurt.length > 0) return { verdict: 'hurt', reasons: hurt };
  const doubts = [
    saturated ? 'the generator was saturated' : '',
    steered ? 'the load was steered by hand' : '',
    workersLost > 0 ? lostWorkers(workersLost) : '',
    ...occurrences.map(({ what, before: was, during: is }) =>
      is > 0 ? `${is} ${what} while faults were played, ${was} before: that may be chance` : '',
    ),
    changes.length === 0 ? 'there are no times to compare' : '',
    ...untold(changes),
  ].filter((doubt) => doubt !== '');
  if (doubts.length > 0) return { verdict: 'cannot tell', reasons: doubts };
  return {
    verdict: 'unhurt',
    reasons: ['no attempt failed and no connection was lost while faults were played, and no time rose'],
  };
}

function lostWorkers(count: number): string {
  return count === 1 ? 'a worker was lost with its clients' : `${count} workers were lost with their clients`;
}

// The server did not do what a lost worker took with it.

function attemptsIn({ attempts, lostWithWorkers }: NeighbourPeriod): number {
  return attempts - lostWithWorkers;
}

function failedIn({ failed, lostWithWorkers }: NeighbourPeriod): number {
  return failed - lostWithWorkers;
}

function lostIn({ disconnects, lostWithWorkers }: NeighbourPeriod): number {
  return disconnects - lostWithWorkers;
}

function durationOf({ durationMs }: NeighbourPeriod): number {
  return durationMs;
}

function risen({ of, percentile, before, during }: TimeChange): string {
  return `${timeNameOf(of.metric)} ${percentile} rose from ${formatMs(before.value)} to ${formatQuantileMs(during)}`;
}

/** Of p99 it is not asked: few runs are long enough to tell of one value in a hundred. */
function untold(changes: readonly TimeChange[]): string[] {
  const names = changes
    .filter(({ percentile, verdict }) => percentile !== 'p99' && verdict === 'cannot tell')
    .map(({ of, percentile }) => `${timeNameOf(of.metric)} ${percentile}`);
  return names.length === 0
    ? []
    : [`too little was measured, or it varied too much, to tell of ${names.join(' and ')}`];
}
