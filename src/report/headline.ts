import { counted, exactCount, formatCount, formatDuration, formatRate } from '../metrics/format.js';
import { summed } from './faults.js';
import type { PaceReport } from './pace.js';
import type { Report } from './report.js';
import { type ScopeReport, totalOf } from './scope.js';

/** `Chat room → 127.0.0.1:7777` */
export function titleOf({ scenario, target }: Report): string {
  return `${scenario.name} → ${target}`;
}

/** `2026-03-01 12:30:05 UTC · swarm 0.1.0 · linux x64, 2 cores` */
export function originOf({ startedAt, machine, tool }: Report): string {
  const started = `${startedAt.slice(0, 19).replace('T', ' ')} UTC`;
  return `${started} · swarm ${tool.version} · ${machine.platform}, ${counted(machine.cpuCores, 'core')}`;
}

/** The result in a sentence, with the exit code where it is not 0; else with the attempts that failed, where any did. */
export function resultOf(report: Report): string {
  const { name, exitCode, sentence } = report.outcome;
  if (name !== 'ok') return `${sentence} Exit code ${exitCode}.`;
  return attemptsFailed(report) > 0 ? `${sentence} ${failuresOf(report)}.` : sentence;
}

/** `warn` where all went as it was asked to, and attempts failed that no threshold was there to judge. */
export function gradeOf(report: Report): 'good' | 'warn' | 'bad' {
  const { outcome, thresholds } = report;
  if (outcome.name !== 'ok') return 'bad';
  return thresholds.length === 0 && attemptsFailed(report) > 0 ? 'warn' : 'good';
}

/** What stands before the result. */
export const gradeSigns = { good: '✓', warn: '!', bad: '✗' } as const;

/** `500 connected at most, of 500 planned` */
export function clientsOf({ clients }: Report): string {
  return `${formatCount(clients.mostConnected)} connected at most, of ${formatCount(clients.planned)} planned`;
}

/** `512 made, 3 failed, 2 lost in the whole run` */
export function connectsOf(report: Report): string {
  const { wholeRun } = report.totals;
  const disconnects = summed('disconnects', wholeRun.counters.disconnects?.series ?? [], report);
  const lost = disconnects.filter(({ tags }) => tags.cause !== 'planned').reduce((sum, { value }) => sum + value, 0);
  const made = totalOf(wholeRun, 'connects');
  const failed = totalOf(wholeRun, 'connect_failures');
  return `${formatCount(made)} made, ${formatCount(failed)} failed, ${formatCount(lost)} lost in the whole run`;
}

/** `30s of a run of 34s` */
export function windowOf({ durations: { measuredMs, wholeRunMs } }: Report): string {
  return `${formatDuration(measuredMs)} of a run of ${formatDuration(wholeRunMs)}`;
}

/** `50/s, 500 in all, 98.2 % of the pace that their pauses allow` */
export function paceOf({ iterations, iterationsPerSecond, paceKept }: PaceReport): string {
  const kept = paceKept === null ? '' : `, ${(100 * paceKept).toFixed(1)} % of the pace that their pauses allow`;
  return `${formatRate(iterationsPerSecond)}, ${formatCount(iterations)} in all${kept}`;
}

/**
 * `16 of 4,000 attempts failed in the whole run`, and, where others failed in the measured window, which is what thresholds judge,
 * `, 12 of 3,900 in the measured window`.
 */
export function failuresOf({ totals }: Report): string {
  const wholeRun = attemptsIn(totals.wholeRun);
  const measured = attemptsIn(totals.measured);
  const failed = `${exactCount(wholeRun.hits)} of ${counted(wholeRun.total, 'attempt')} failed in the whole run`;
  if (measured.hits === wholeRun.hits) return failed;
  return `${failed}, ${exactCount(measured.hits)} of ${exactCount(measured.total)} in the measured window`;
}

/** False where the run ended before a worker did anything, as where the target's name is unknown: "no errors" would then mislead. */
export function wasPlayed({ durations }: Report): boolean {
  return durations.wholeRunMs > 0;
}

/** What every renderer says in place of figures where nothing was. */
export const nothingAttempted = 'nothing was attempted';

function attemptsFailed({ totals }: Report): number {
  return attemptsIn(totals.wholeRun).hits;
}

function attemptsIn({ rates }: ScopeReport): { readonly hits: number; readonly total: number } {
  return rates.errors ?? { hits: 0, total: 0 };
}

/** An amount of the measured window, per second. */
export function perSecond({ durations: { measuredMs } }: Report, amount: number): number {
  return measuredMs > 0 ? (amount * 1000) / measuredMs : 0;
}
