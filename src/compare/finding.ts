import { recordedUnits, type SeriesId, seriesKey } from '../metrics/catalog.js';
import type { Report } from '../report/report.js';
import { type Effect, pairsEffect, runsEffect, type SectionLogs, sectionsEffect } from '../statistics/effect.js';
import type { Question } from '../statistics/judge.js';
import { unlikePace } from './cautions.js';
import type { ComparisonKind, NamedReport } from './comparison.js';
import type { Goal, Quantity } from './goal.js';
import { listed } from './listed.js';
import { type Sample, sampleOf, windowsOf } from './sample.js';
import { sectionCount, sectionsOf } from './sections.js';

/** What is compared, and how. */
export interface Matter {
  readonly kind: ComparisonKind;
  readonly base: readonly NamedReport[];
  readonly current: readonly NamedReport[];
  /** What two runs of one build may differ by where there is one run each, as the logarithm of a ratio. */
  readonly runNoise: number;
}

/** A quantity on both sides, with all that is known before its level is: levels depend on all goals together. */
export interface Finding {
  readonly kind: ComparisonKind;
  readonly quantity: Quantity;
  /** Undefined where it is information alone. */
  readonly goal: Goal | undefined;
  readonly question: Question;
  readonly base: readonly Sample[];
  readonly current: readonly Sample[];
  /** Why the numbers cannot be compared; empty where they can. */
  readonly doubts: readonly Doubt[];
  /** Undefined where there is none to be computed. */
  readonly effect: Effect | undefined;
}

interface Doubt {
  /** The report in doubt; null: both sides together. */
  readonly about: string | null;
  readonly sentence: string;
}

/** Of quantities that nobody named. */
const usualTolerance = Math.log(1.1);

/** Undefined where a report has no value of the quantity. */
export function findingOf(matter: Matter, quantity: Quantity, goal: Goal | undefined): Finding | undefined {
  const { kind } = matter;
  const [base, current] = [samplesOf(matter.base, quantity), samplesOf(matter.current, quantity)];
  if (base === undefined || current === undefined) return undefined;
  const question = {
    worseSign: goal?.worseSign ?? 1,
    tolerance: goal?.tolerance ?? usualTolerance,
    noise: kind === 'single' ? matter.runNoise : 0,
  } as const;
  const sections = kind === 'single' ? sectionsOfBoth(matter, quantity, base[0]!, current[0]!) : undefined;
  return {
    kind,
    quantity,
    goal,
    question,
    base,
    current,
    doubts: [...valueDoubts(matter, base, current), ...paceDoubts(matter, quantity), ...(sections?.doubts ?? [])],
    effect: [...base, ...current].some(({ value }) => value === 0)
      ? undefined
      : effectOf(kind, base, current, sections),
  };
}

/** Whether a report has any value of what a goal names. */
export function hasValuesOf(report: Report, quantity: Quantity): boolean {
  return sampleOf(report, quantity) !== undefined;
}

type Measure = 'value' | 'lowest';

/** Of each pair of runs, the logarithm of current ÷ base, each side measured in its own way. */
export function logRatios(
  { base, current }: Pick<Finding, 'base' | 'current'>,
  ofBase: Measure = 'value',
  ofCurrent: Measure = 'value',
): number[] {
  return base.map((sample, i) => Math.log(current[i]![ofCurrent] / sample[ofBase]));
}

/** Doubts as sentences; those that several reports share are said once. */
export function sentencesOf(doubts: readonly Doubt[]): string[] {
  const reports = new Map<string, string[]>();
  for (const { sentence, about } of doubts) {
    reports.set(sentence, [...(reports.get(sentence) ?? []), ...(about === null ? [] : [about])]);
  }
  return [...reports].map(([sentence, names]) => (names.length === 0 ? sentence : `${listed(names)}: ${sentence}`));
}

function samplesOf(side: readonly NamedReport[], quantity: Quantity): Sample[] | undefined {
  const samples = side.flatMap(({ report }) => sampleOf(report, quantity) ?? []);
  return samples.length < side.length ? undefined : samples;
}

function effectOf(
  kind: ComparisonKind,
  base: readonly Sample[],
  current: readonly Sample[],
  sections: BothSections | undefined,
): Effect | undefined {
  if (kind === 'rounds') return pairsEffect(logRatios({ base, current }));
  const logs = (samples: readonly Sample[]) => samples.map(({ value }) => Math.log(value));
  if (sections === undefined) return runsEffect(logs(base), logs(current));
  return sections.base && sections.current && sectionsEffect(sections.base, sections.current);
}

/** What is wrong with the numbers themselves. */
function valueDoubts({ kind, ...sides }: Matter, base: readonly Sample[], current: readonly Sample[]): Doubt[] {
  const reports = [...sides.base, ...sides.current];
  return [...base, ...current].flatMap(({ doubt }, i) => {
    const { name, report } = reports[i]!;
    // Rounds can tell in spite of a saturated generator, where its share in the values is bounded.
    const saturated = kind === 'rounds' ? missesSends(report) : report.generator.verdict === 'saturated';
    const doubts = [
      doubt,
      saturated ? 'the generator was saturated' : undefined,
      report.steered.length > 0 ? 'its load was steered by hand' : undefined,
    ];
    return doubts.flatMap((sentence) => (sentence === undefined ? [] : { about: name, sentence }));
  });
}

/** Sends that were never made leave a lighter load behind, and no bound tells what that did. */
function missesSends({ generator: { verdict, dueSends, madeSends } }: Report): boolean {
  return verdict === 'saturated' && madeSends < 0.99 * dueSends;
}

function paceDoubts({ base, current }: Matter, { tags }: Quantity): Doubt[] {
  const sentence = tags.arrival === 'open' ? undefined : unlikePace(base, current);
  return sentence === undefined ? [] : [{ about: null, sentence }];
}

interface BothSections {
  readonly base: SectionLogs | undefined;
  readonly current: SectionLogs | undefined;
  readonly doubts: readonly Doubt[];
}

function sectionsOfBoth(matter: Matter, quantity: Quantity, baseSample: Sample, currentSample: Sample): BothSections {
  const base = sectionLogs(matter.base[0]!, quantity, baseSample);
  const current = sectionLogs(matter.current[0]!, quantity, currentSample);
  return { base: base.logs, current: current.logs, doubts: [...base.doubts, ...current.doubts] };
}

function sectionLogs(
  { name, report }: NamedReport,
  quantity: Quantity,
  { value, atLeast, answeredPercentile }: Sample,
): { readonly logs: SectionLogs | undefined; readonly doubts: readonly Doubt[] } {
  const whole = Math.log(value * recordedUnits(quantity.metric));
  // A lower bound is the same in every section: it is the time after which nobody waited any longer.
  if (atLeast) return { logs: { whole, sections: Array.from({ length: sectionCount }, () => whole) }, doubts: [] };
  const windows = windowsOf(report, quantity);
  if (windows === undefined) return { logs: undefined, doubts: [{ about: name, sentence: notKept(quantity) }] };
  const { logs: sections, doubts } = sectionsOf(windows, answeredPercentile);
  return {
    logs: sections.length === 0 ? undefined : { whole, sections },
    doubts: doubts.map((sentence) => ({ about: name, sentence })),
  };
}

function notKept(series: SeriesId): string {
  return `the windows do not keep ${seriesKey(series)}: name it in a threshold of the scenario, give several reports, or play rounds with swarm ab`;
}
