import type { Comparison } from '../compare/comparison.js';
import { type Goal, parseGoal } from '../compare/goal.js';
import { renderComparisonJunit } from '../compare/junit.js';
import { renderComparisonMarkdown } from '../compare/markdown.js';
import { renderComparisonText } from '../compare/text.js';
import { SwarmError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { nearest } from '../nearest.js';
import { appendStepSummary } from './step-summary.js';
import { hasColor } from './terminal.js';

/** What `compare` and `ab` are asked alike, as the command line gives it. */
export interface ComparisonOptions {
  readonly failOn: readonly string[];
  readonly format: string;
}

export interface ComparisonOutput {
  readonly goals: readonly Goal[];
  /** Prints the comparison, and to the step summary where there is one; the exit code. */
  print(comparison: Comparison): Promise<number>;
}

const renderers: Readonly<Record<string, (comparison: Comparison) => string>> = {
  text: (comparison) =>
    renderComparisonText(comparison, { color: hasColor(process.stdout), columns: process.stdout.columns ?? 100 }),
  markdown: renderComparisonMarkdown,
  json: (comparison) => `${JSON.stringify(comparison, null, 2)}\n`,
  junit: renderComparisonJunit,
};

/** Reads the options before any work is done. @throws SwarmError for those that are not valid. */
export function comparisonOutput({ failOn, format }: ComparisonOptions): ComparisonOutput {
  const render = Object.hasOwn(renderers, format) ? renderers[format] : undefined;
  if (render === undefined) throw unknownFormat(format);
  return {
    goals: failOn.map(parseGoal),
    async print(comparison) {
      process.stdout.write(render(comparison));
      await appendStepSummary(process.env, () => renderComparisonMarkdown(comparison));
      return exitCodes[comparison.worse ? 'worse' : 'ok'].code;
    },
  };
}

function unknownFormat(format: string): SwarmError {
  const formats = Object.keys(renderers);
  const close = nearest(format, formats);
  return new SwarmError('format-invalid', `--format ${format}: there is no such format`, {
    hint: close === undefined ? `The formats are ${formats.join(', ')}.` : `Did you mean \`${close}\`?`,
  });
}
