import { SwarmError } from '../errors.js';
import { seriesKey } from '../metrics/catalog.js';
import { byArrival, ownTimes } from '../metrics/windows.js';
import { recordedHint } from '../report/selection.js';
import { worsePValue } from '../statistics/judge.js';
import { cautionsOf } from './cautions.js';
import { type Comparison, type ComparisonKind, inFull, type NamedReport, type Row, type Side } from './comparison.js';
import { type Finding, findingOf, hasValuesOf, type Matter } from './finding.js';
import type { Goal, Quantity } from './goal.js';
import { holmLevels } from './holm.js';
import { nameOf, rowOf } from './row.js';

export interface CompareOptions {
  readonly goals: readonly Goal[];
  /** What two runs of one build may differ by where there is one run each, as the logarithm of a ratio. */
  readonly runNoise: number;
  /** The probability, both sides together, that an interval misses the truth; that of all goals together. */
  readonly alpha: number;
  /** What the sides are called. */
  readonly labels: { readonly base: string; readonly current: string };
}

const usualPercentiles = [50, 95, 99];

/**
 * Compares reports of one scenario: one run each, or several. There is at least one on each side.
 * @throws SwarmError `scenarios-differ`, and `fail-on-absent` where a report has no values of what a goal names.
 */
export function compareReports(
  base: readonly NamedReport[],
  current: readonly NamedReport[],
  options: CompareOptions,
): Comparison {
  return compare(base.length === 1 && current.length === 1 ? 'single' : 'runs', base, current, options);
}

/**
 * Compares rounds: the first of `base` was played beside the first of `current`, and so on. There are at least two pairs.
 * @throws as `compareReports` does.
 */
export function compareRounds(
  base: readonly NamedReport[],
  current: readonly NamedReport[],
  options: CompareOptions,
): Comparison {
  return compare('rounds', base, current, options);
}

/** @throws SwarmError `fail-on-absent` where the report has no values of what a goal names. */
export function checkGoal({ source, quantity }: Goal, named: NamedReport): void {
  if (kindsOf(quantity).some((kind) => hasValuesOf(named.report, kind))) return;
  throw new SwarmError(
    'fail-on-absent',
    `--fail-on '${source}': ${inFull(named)} has no values of ${seriesKey(quantity)}`,
    { hint: recordedHint(named.report, quantity) },
  );
}

function compare(
  kind: ComparisonKind,
  base: readonly NamedReport[],
  current: readonly NamedReport[],
  { goals, runNoise, alpha, labels }: CompareOptions,
): Comparison {
  for (const named of [...base, ...current]) {
    checkScenario(base[0]!, named);
    for (const goal of goals) checkGoal(goal, named);
  }
  const matter: Matter = { kind, base, current, runNoise };
  const rows = [...goalRows(matter, goals, alpha), ...usualRows(matter, goals, alpha)];
  return {
    scenario: base[0]!.report.scenario.name,
    kind,
    base: sideOf(labels.base, base),
    current: sideOf(labels.current, current),
    cautions: cautionsOf(base, current),
    scope: scopeOf(matter),
    rows,
    worse: rows.some(({ failOn, verdict }) => failOn !== null && verdict === 'worse'),
  };
}

/** Only these can fail: their levels are such that all of them together are wrong no more often than one would be. */
function goalRows(matter: Matter, goals: readonly Goal[], alpha: number): Row[] {
  const findings = goals.flatMap((goal) =>
    kindsOf(goal.quantity).flatMap((kind) => findingOf(matter, kind, goal) ?? []),
  );
  const oneSided = holmLevels(findings.map(pValueOf), alpha / 2);
  return findings.map((finding, i) => rowOf(finding, 2 * oneSided[i]!));
}

function pValueOf({ effect, question }: Finding): number {
  return effect === undefined ? 1 : worsePValue(effect, question);
}

function usualRows(matter: Matter, goals: readonly Goal[], alpha: number): Row[] {
  const named = new Set(goals.flatMap(({ quantity }) => kindsOf(quantity).map(nameOf)));
  return ownTimes
    .flatMap((trend) => usualPercentiles.map((percentile) => ({ ...trend, percentile })))
    .filter((quantity) => !named.has(nameOf(quantity)))
    .flatMap((quantity) => findingOf(matter, quantity, undefined) ?? [])
    .map((finding) => rowOf(finding, alpha));
}

/** Open and closed values are never merged: each kind that was recorded is a question of its own. */
function kindsOf(quantity: Quantity): Quantity[] {
  return byArrival(quantity).map((selection) => ({ ...quantity, ...selection }));
}

function scopeOf({ kind, base, current }: Matter): string {
  switch (kind) {
    case 'single':
      return 'One run each: the intervals know the noise within these runs. They tell whether these two runs differ; whether the builds do cannot be told from one run each, because runs of one build differ too.';
    case 'runs':
      return `${base.length} base and ${current.length} current runs: the intervals know how runs of one build differ, as far as these runs show it.`;
    case 'rounds':
      return `${base.length} pairs of rounds in one sitting: the intervals know how rounds differ. What changes both sides alike, such as a slower machine, drops out.`;
  }
}

function sideOf(label: string, reports: readonly NamedReport[]): Side {
  return {
    label,
    reports: reports.map(({ name, file }) => ({ name, file })),
    startedAt: reports[0]!.report.startedAt,
    wholeRunMs: reports.reduce((sum, { report }) => sum + report.durations.wholeRunMs, 0),
  };
}

function checkScenario(first: NamedReport, other: NamedReport): void {
  const [expected, found] = [first.report.scenario.name, other.report.scenario.name];
  if (expected === found) return;
  throw new SwarmError(
    'scenarios-differ',
    `${first.file} is of the scenario ${expected}, and ${other.file} of ${found}`,
    {
      hint: 'Compare runs of one scenario.',
    },
  );
}
