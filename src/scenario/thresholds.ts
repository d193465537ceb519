import { parseThreshold, type Threshold, ThresholdError } from '../metrics/thresholds.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import { didYouMean } from './hints.js';
import type { ClientKindPlan, Step } from './plan.js';
import type { ProblemList } from './problem-list.js';
import type { ScenarioInput } from './schema.js';

/** The values that these tags can have in this scenario; null where that is not known. */
export type TagValues = Readonly<Record<'client' | 'packet' | 'step', readonly string[] | null>>;

type ThresholdsInput = NonNullable<Collected<ScenarioInput['thresholds']>>;

/** The thresholds, parsed. Reports what is not in the grammar, and what could never be decided: a tag that nothing has. */
export function compileThresholds(
  input: ThresholdsInput,
  tagValues: TagValues,
  problems: ProblemList,
): readonly Threshold[] {
  return Object.entries(input).flatMap(([selector, entries]) => {
    const path: Path = ['thresholds', selector];
    const thresholds: Threshold[] = [];
    for (const [i, entry] of (entries ?? []).entries()) {
      const threshold = compileEntry(selector, entry, [...path, i], problems);
      if (threshold === 'wrong selector') break;
      if (threshold !== undefined) thresholds.push(threshold);
    }
    if (thresholds[0] !== undefined) checkTags(thresholds[0], selector, tagValues, problems);
    return thresholds;
  });
}

function compileEntry(
  selector: string,
  entry: NonNullable<ThresholdsInput[string]>[number],
  path: Path,
  problems: ProblemList,
): Threshold | 'wrong selector' | undefined {
  const isShort = typeof entry === 'string';
  const expression = isShort ? entry : entry?.threshold;
  if (expression === undefined) return undefined;
  const { abortOnFail = false, delayAbortEval = 0 } = isShort || entry === undefined ? {} : entry;
  try {
    return parseThreshold(selector, expression, { abortOnFail, delayAbortEvalMs: delayAbortEval });
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error;
    const about = { hint: error.hint, within: { start: error.offset, end: error.offset + error.length } };
    if (error.part === 'expression')
      return problems.report(isShort ? path : [...path, 'threshold'], error.message, about);
    problems.report(['thresholds', selector], error.message, { ...about, part: 'key' });
    // It would come up with each of the selector's expressions: once is enough.
    return 'wrong selector';
  }
}

function checkTags({ tags }: Threshold, selector: string, tagValues: TagValues, problems: ProblemList): void {
  for (const tag of ['client', 'packet', 'step'] as const) {
    const value = tags[tag];
    const known = tagValues[tag];
    if (value === undefined || known === null || known.includes(value)) continue;
    const start = selector.indexOf(value);
    problems.report(['thresholds', selector], `no ${tag} of this scenario is called \`${value}\``, {
      part: 'key',
      within: { start, end: start + value.length },
      hint: didYouMean(value, known, 'there are'),
    });
  }
}

/** The tags `step` of everything that a kind of client measures. */
export function stepsOf({ start, loop, every, on }: ClientKindPlan): readonly string[] {
  return [...pathsIn([...start, ...loop, ...on.flatMap(({ steps }) => steps)]), ...every.map(({ send }) => send.path)];
}

function pathsIn(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => {
    if (step.verb === 'repeat') return pathsIn(step.steps);
    return 'path' in step ? [step.path] : [];
  });
}
