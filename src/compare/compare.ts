import { SwarmError } from '../errors.js';
import { catalog, seriesKey } from '../metrics/catalog.js';
import { byArrival } from '../metrics/windows.js';
import { nearest } from '../nearest.js';
import type { Report } from '../report/report.js';
import { cautionsOf, unlikePace } from './cautions.js';
import type { Comparison, ComparisonKind, NamedReport, Row, RowValue, Side } from './comparison.js';
import { type Effect, mean, median, pairsEffect, runsEffect, type SectionLogs, sectionsEffect } from './effect.js';
import type { Goal, Quantity } from './goal.js';
import { holmLevels } from './holm.js';
import { type Answer, judge, type Question, type Verdict, worsePValue } from './judge.js';
import { type Sample, sampleOf, windowsOf } from './sample.js';
import { sectionCount, sectionsOf } from './sections.js';

export interface CompareOptions {
  readonly goals: readonly Goal[];
  /** What two runs of one build may differ by where there is one run each, as the logarithm of a ratio. */
  readonly runNoise: number;
  /** The probability, both sides together, that an interval misses the truth; that of all goals together. */
  readonly alpha: number;
  /** What the sides are called. */
  readonly labels: { readonly base: string; readonly current: string };
}

/** Of quantities that nobody named. */
const usualTolerance = Math.log(1.1);
const usualTrends = [
  { metric: 'response_time', tags: { arrival: 'open' } },
  { metric: 'broadcast_time', tags: {} },
  { metric: 'service_time', tags: { arrival: 'closed' } },
] as const;
const usualPercentiles = [50, 95, 99];

/** Compares reports of one scenario: one run each, or several. There is at least one on each side. */
export function compareReports(
  base: readonly NamedReport[],
  current: readonly NamedReport[],
  options: CompareOptions,
): Comparison {
  const kind = base.length === 1 && current.length === 1 ? 'single' : 'runs';
  return new Comparer(kind, base, current, options).compare();
}

/** Compares rounds: the first of `base` was played beside the first of `current`, and so on. There are at least two pairs. */
export function compareRounds(
  base: readonly NamedReport[],
  current: readonly NamedReport[],
  options: CompareOptions,
): Comparison {
  return new Comparer('rounds', base, current, options).compare();
}

/** A quantity with all that is known before its level is: levels depend on all goals together. */
interface Finding {
  readonly quantity: Quantity;
  readonly goal: Goal | undefined;
  readonly question: Question;
  readonly base: readonly Sample[];
  readonly current: readonly Sample[];
  readonly doubts: readonly string[];
  readonly effect: Effect | undefined;
}

class Comparer {
  readonly #kind: ComparisonKind;
  readonly #base: readonly NamedReport[];
  readonly #current: readonly NamedReport[];
  readonly #options: CompareOptions;
  readonly #pace: string | undefined;

  constructor(
    kind: ComparisonKind,
    base: readonly NamedReport[],
    current: readonly NamedReport[],
    options: CompareOptions,
  ) {
    this.#kind = kind;
    this.#base = base;
    this.#current = current;
    this.#options = options;
    this.#pace = unlikePace(base, current);
    for (const other of [...base, ...current]) checkScenario(base[0]!, other);
  }

  compare(): Comparison {
    const findings = [...this.#options.goals.flatMap((goal) => this.#goalFindings(goal)), ...this.#usualFindings()];
    const goals = findings.filter(({ goal }) => goal !== undefined);
    const levels = holmLevels(
      goals.map(({ effect, question }) => (effect === undefined ? 1 : worsePValue(effect, question))),
      this.#options.alpha / 2,
    );
    const rows = findings.map((finding, i) => this.#row(finding, 2 * (levels[i] ?? this.#options.alpha / 2)));
    return {
      scenario: this.#base[0]!.report.scenario.name,
      kind: this.#kind,
      base: sideOf(this.#options.labels.base, this.#base),
      current: sideOf(this.#options.labels.current, this.#current),
      cautions: cautionsOf(this.#base, this.#current),
      scope: this.#scope(),
      rows,
      worse: rows.some(({ failOn, verdict }) => failOn !== null && verdict === 'worse'),
    };
  }

  #scope(): string {
    switch (this.#kind) {
      case 'single':
        return 'One run each: the intervals know the noise within these runs. They tell whether these two runs differ; whether the builds do cannot be told from one run each, because runs of one build differ too.';
      case 'runs':
        return `${this.#base.length} base and ${this.#current.length} current runs: the intervals know how runs of one build differ, as far as these runs show it.`;
      case 'rounds':
        return `${this.#base.length} pairs of rounds in one sitting: the intervals know how rounds differ. What changes both sides alike, such as a slower machine, drops out.`;
    }
  }

  #goalFindings(goal: Goal): Finding[] {
    const { quantity } = goal;
    // Where a metric is kept apart by arrival, each kind that was recorded is a question of its own.
    const kinds = byArrival(quantity).map((selection) => ({ ...quantity, ...selection }));
    const found = kinds.flatMap((kind) => this.#finding(kind, goal) ?? []);
    if (found.length > 0) return found;
    for (const named of [...this.#base, ...this.#current]) {
      if (kinds.every((kind) => sampleOf(named.report, kind) === undefined)) throw absent(goal, named);
    }
    throw absent(goal, this.#current[0]!);
  }

  #usualFindings(): Finding[] {
    return usualTrends.flatMap((trend) =>
      usualPercentiles
        .map((percentile) => ({ ...trend, percentile }))
        .filter((quantity) => !this.#isGoal(quantity))
        .flatMap((quantity) => this.#finding(quantity, undefined) ?? []),
    );
  }

  #isGoal(quantity: Quantity): boolean {
    return this.#options.goals.some((goal) =>
      byArrival(goal.quantity).some((kind) => nameOf({ ...goal.quantity, ...kind }) === nameOf(quantity)),
    );
  }

  /** Undefined where a run has no value of it. */
  #finding(quantity: Quantity, goal: Goal | undefined): Finding | undefined {
    const samples = (side: readonly NamedReport[]) => side.flatMap(({ report }) => sampleOf(report, quantity) ?? []);
    const [base, current] = [samples(this.#base), samples(this.#current)];
    if (base.length < this.#base.length || current.length < this.#current.length) return undefined;
    const question = {
      worseSign: goal?.worseSign ?? 1,
      tolerance: goal?.tolerance ?? usualTolerance,
      noise: this.#kind === 'single' ? this.#options.runNoise : 0,
    } as const;
    const doubts = [...this.#doubts(base, this.#base), ...this.#doubts(current, this.#current)];
    if (this.#pace !== undefined && quantity.tags.arrival !== 'open') doubts.push(this.#pace);
    const shared = { quantity, goal, question, base, current };
    if (base.some(isZero) || current.some(isZero)) return { ...shared, doubts, effect: undefined };
    if (this.#kind !== 'single') return { ...shared, doubts, effect: this.#effectOfRuns(base, current) };
    const { effect, doubts: ofSections } = this.#effectOfSections(quantity, base[0]!, current[0]!);
    return { ...shared, doubts: [...doubts, ...ofSections], effect };
  }

  /** What is wrong with the numbers themselves. Rounds can tell in spite of a saturated generator: see `#withstands`. */
  #doubts(samples: readonly Sample[], reports: readonly NamedReport[]): string[] {
    return samples.flatMap(({ doubt }, i) => {
      const { name, report } = reports[i]!;
      const saturated = this.#kind === 'rounds' ? missesSends(report) : report.generator.verdict === 'saturated';
      return [
        ...(doubt === undefined ? [] : [`${name}: ${doubt}`]),
        ...(saturated ? [`${name}: its generator was saturated`] : []),
      ];
    });
  }

  #effectOfRuns(base: readonly Sample[], current: readonly Sample[]): Effect {
    const logs = (samples: readonly Sample[]) => samples.map(({ value }) => Math.log(value));
    if (this.#kind === 'runs') return runsEffect(logs(base), logs(current));
    return pairsEffect(logRatios(base, current, 'value', 'value'));
  }

  #effectOfSections(quantity: Quantity, base: Sample, current: Sample): { effect?: Effect; doubts: string[] } {
    const sides = [
      this.#sections(quantity, base, this.#base[0]!),
      this.#sections(quantity, current, this.#current[0]!),
    ];
    const doubts = sides.flatMap((side) => side.doubts);
    const [baseLogs, currentLogs] = sides.map(({ logs }) => logs);
    if (baseLogs === undefined || currentLogs === undefined) return { doubts };
    return { effect: sectionsEffect(baseLogs, currentLogs), doubts };
  }

  #sections(
    quantity: Quantity,
    sample: Sample,
    { name, report }: NamedReport,
  ): { logs?: SectionLogs; doubts: string[] } {
    const whole = Math.log(sample.value);
    // A lower bound is the same in every section: it is the time after which nobody waited any longer.
    if (sample.atLeast)
      return { logs: { whole, sections: Array.from({ length: sectionCount }, () => whole) }, doubts: [] };
    const windows = windowsOf(report, quantity);
    if (windows === undefined) {
      const cure = 'name it in a threshold of the scenario, give several reports, or play rounds with swarm ab';
      return { doubts: [`${name}: its windows do not keep ${seriesKey(quantity)}; ${cure}`] };
    }
    const { logs: sections, doubts } = sectionsOf(windows, sample.answeredPercentile);
    return {
      ...(sections.length > 0 && { logs: { whole, sections } }),
      doubts: doubts.map((doubt) => `${name}: ${doubt}`),
    };
  }

  #row(finding: Finding, level: number): Row {
    const { quantity, goal, question, base, current, effect } = finding;
    const answer = effect && judge(effect, question, level);
    const { verdict, reasons } = this.#verdict(finding, answer, level);
    return {
      name: nameOf(quantity),
      unit: catalog[quantity.metric].unit,
      failOn: goal?.source ?? null,
      base: typical(base),
      current: typical(current),
      change: effect === undefined ? null : Math.expm1(effect.logRatio),
      interval:
        answer === undefined
          ? null
          : { from: Math.expm1(answer.from), to: Math.expm1(answer.to), confidence: 1 - level },
      medianChange:
        this.#kind === 'rounds' && effect !== undefined
          ? Math.expm1(median(logRatios(base, current, 'value', 'value')))
          : null,
      verdict,
      reasons,
      smallestChange: answer === undefined ? null : Math.expm1(answer.smallest),
    };
  }

  #verdict(finding: Finding, answer: Answer | undefined, level: number): Pick<Row, 'verdict' | 'reasons'> {
    const cannotTell = (...reasons: string[]) => ({ verdict: 'cannot tell', reasons }) as const;
    if (finding.doubts.length > 0 || answer === undefined) return cannotTell(...finding.doubts);
    const { verdict } = answer;
    if (verdict === 'cannot tell')
      return cannotTell('the interval holds both a change that matters and none that does');
    if (!boundsAllow(verdict, finding)) {
      return cannotTell('the percentile falls among values that never came: it is only a lower bound');
    }
    if (!this.#withstands(verdict, finding, level)) {
      return cannotTell(
        'the generator was saturated, and what it may have added to the values could have made this verdict',
      );
    }
    return { verdict, reasons: [] };
  }

  /** Whether a verdict on rounds stands where every contaminated value of the one side, or of the other, owes all to the generator. */
  #withstands(verdict: Verdict, { base, current, question }: Finding, level: number): boolean {
    if (this.#kind !== 'rounds' || [...base, ...current].every(({ value, lowest }) => value === lowest)) return true;
    const extremes = [logRatios(base, current, 'lowest', 'value'), logRatios(base, current, 'value', 'lowest')];
    return extremes.every(
      (logs) => logs.every(Number.isFinite) && judge(pairsEffect(logs), question, level).verdict === verdict,
    );
  }
}

function sideOf(label: string, reports: readonly NamedReport[]): Side {
  return {
    label,
    reports: reports.map(({ name }) => name),
    startedAt: reports[0]!.report.startedAt,
    wholeRunMs: reports.reduce((sum, { report }) => sum + report.durations.wholeRunMs, 0),
  };
}

/** Lower bounds can show a rise of the current side, or a fall from that of the base, and nothing else. */
function boundsAllow(verdict: Verdict, { base, current, question }: Finding): boolean {
  const bounded = (samples: readonly Sample[]) => samples.some(({ atLeast }) => atLeast);
  const rises = (verdict === 'worse') === (question.worseSign === 1);
  if (bounded(base)) return verdict !== 'same' && !rises && !bounded(current);
  return !bounded(current) || (verdict !== 'same' && rises);
}

/** Sends that were never made leave a lighter load behind, and no bound tells what that did. */
function missesSends({ generator: { verdict, dueSends, madeSends } }: Report): boolean {
  return verdict === 'saturated' && madeSends < 0.99 * dueSends;
}

function isZero({ value }: Sample): boolean {
  return value === 0;
}

type Measure = 'value' | 'lowest';

function logRatios(base: readonly Sample[], current: readonly Sample[], ofBase: Measure, ofCurrent: Measure): number[] {
  return base.map((sample, i) => Math.log(current[i]![ofCurrent] / sample[ofBase]));
}

function typical(samples: readonly Sample[]): RowValue {
  const value =
    samples.length === 1 ? samples[0]!.value : Math.exp(mean(samples.map((sample) => Math.log(sample.value))));
  return { value, atLeast: samples.some(({ atLeast }) => atLeast) };
}

/** A closed loop has no response time: there the arrival goes without saying. */
function nameOf({ metric, tags: { arrival, ...tags }, percentile }: Quantity): string {
  const shown = metric === 'response_time' || arrival === undefined ? tags : { ...tags, arrival };
  return `${seriesKey({ metric, tags: shown })} p(${percentile})`;
}

function checkScenario(first: NamedReport, other: NamedReport): void {
  const [expected, found] = [first.report.scenario.name, other.report.scenario.name];
  if (expected === found) return;
  throw new SwarmError(
    'scenarios-differ',
    `${first.name} is of the scenario ${expected}, and ${other.name} of ${found}`,
    {
      hint: 'compare runs of one scenario',
    },
  );
}

function absent({ source, quantity }: Goal, { name, report }: NamedReport): SwarmError {
  const wanted = seriesKey(quantity);
  const { trends } = report.totals.measured;
  const recorded = Object.entries(trends).flatMap(([metric, { series }]) => [
    metric,
    ...series.map(({ tags }) => seriesKey({ metric: metric as keyof typeof trends, tags })),
  ]);
  const close = nearest(wanted, recorded);
  return new SwarmError('fail-on-absent', `--fail-on '${source}': ${name} has no values of ${wanted}`, {
    hint: close === undefined ? `it has ${Object.keys(trends).join(', ')}` : `did you mean ${close}?`,
  });
}
