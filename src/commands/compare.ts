import { compareReports } from '../compare/compare.js';
import type { NamedReport } from '../compare/comparison.js';
import { SwarmError } from '../errors.js';
import { readReport } from '../report/read.js';
import { type ComparisonOptions, comparisonOutput } from './comparison-output.js';

/** The options of `swarm compare`, as the command line gives them. */
export interface CompareCommandOptions extends ComparisonOptions {
  readonly base?: readonly string[];
  readonly current?: readonly string[];
  readonly runNoise: string;
}

/** Compares reports, the base first; the exit code says whether something that may fail is worse. */
export async function compare(
  base: string | undefined,
  current: string | undefined,
  options: CompareCommandOptions,
): Promise<number> {
  const { goals, print } = comparisonOutput(options);
  const runNoise = parseRunNoise(options.runNoise);
  const files = sidesOf(base, current, options);
  return print(
    compareReports(read(files.base, 'base'), read(files.current, 'current'), {
      goals,
      runNoise,
      alpha: 0.05,
      labels: { base: 'base', current: 'current' },
    }),
  );
}

interface Sides {
  readonly base: readonly string[];
  readonly current: readonly string[];
}

function sidesOf(base: string | undefined, current: string | undefined, options: CompareCommandOptions): Sides {
  const sides = {
    base: [...(base === undefined ? [] : [base]), ...(options.base ?? [])],
    current: [...(current === undefined ? [] : [current]), ...(options.current ?? [])],
  };
  for (const side of ['base', 'current'] as const) {
    if (sides[side].length > 0) continue;
    throw new SwarmError('side-missing', `there is no ${side} report to compare`, {
      hint: 'Write swarm compare BASE CURRENT, or --base REPORT… --current REPORT….',
    });
  }
  const both = sides.base.find((file) => sides.current.includes(file));
  if (both !== undefined) {
    throw new SwarmError('same-report', `${both} stands on both sides: a run cannot differ from itself`, {
      hint: 'Name two runs.',
    });
  }
  return sides;
}

function read(files: readonly string[], label: string): NamedReport[] {
  return files.map((file, i) => ({
    name: files.length === 1 ? label : `${label} ${i + 1}`,
    file,
    report: readReport(file),
  }));
}

/** `10%` or `10`, as the logarithm of a ratio. */
function parseRunNoise(text: string): number {
  const percent = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text.trim())?.[1];
  if (percent !== undefined) return Math.log1p(Number(percent) / 100);
  throw new SwarmError('run-noise-invalid', `--run-noise ${text}: not a share in per cent`, {
    hint: 'Write what two runs of one build may differ by, as in 10%; 0% to trust single runs.',
  });
}
