import type { Comparison } from '../compare/comparison.js';
import type { ComparisonFormat } from '../compare/formats.js';
import { type Goal, parseGoal } from '../compare/goal.js';
import { renderComparisonJunit } from '../compare/junit.js';
import { renderComparisonMarkdown } from '../compare/markdown.js';
import { renderComparisonText } from '../compare/text.js';
import { exitCodes } from '../exit-codes.js';
import { appendStepSummary } from './step-summary.js';
import { hasColor, inGlyphsOfLocale } from './terminal.js';

/** What `compare` and `ab` are asked alike, as the command line gives it. */
export interface ComparisonOptions {
  readonly failOn: readonly string[];
  readonly format: ComparisonFormat;
}

export interface ComparisonOutput {
  readonly goals: readonly Goal[];
  /** Prints the comparison, and to the step summary where there is one; the exit code. */
  print(comparison: Comparison): Promise<number>;
}

const renderers: Readonly<Record<ComparisonFormat, (comparison: Comparison) => string>> = {
  text: (comparison) =>
    inGlyphsOfLocale(
      renderComparisonText(comparison, { color: hasColor(process.stdout), columns: process.stdout.columns ?? 100 }),
    ),
  markdown: renderComparisonMarkdown,
  json: (comparison) => `${JSON.stringify(comparison, null, 2)}\n`,
  junit: renderComparisonJunit,
};

/** Reads the options before any work is done. @throws SwarmError for those that are not valid. */
export function comparisonOutput({ failOn, format }: ComparisonOptions): ComparisonOutput {
  const render = renderers[format];
  return {
    goals: failOn.map(parseGoal),
    async print(comparison) {
      process.stdout.write(render(comparison));
      await appendStepSummary(process.env, () => renderComparisonMarkdown(comparison));
      return exitCodes[comparison.worse ? 'worse' : 'ok'].code;
    },
  };
}
