import { escapeMarkdown, markdownTable } from '../report/markdown-table.js';
import type { Comparison } from './comparison.js';
import {
  changeCells,
  conclusionOf,
  glyphOf,
  intervalTitle,
  remarksOn,
  titleOf,
  titleOfRow,
  valueText,
} from './words.js';

/** A comparison in GitHub's Markdown, for `$GITHUB_STEP_SUMMARY` or a comment. Ends with a line break. */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const { rows, base, current, cautions, scope } = comparison;
  const { verdict, sentence } = conclusionOf(comparison);
  const columns = [
    { title: 'metric' },
    { title: base.label, numeric: true },
    { title: current.label, numeric: true },
    { title: 'change', numeric: true },
    { title: intervalTitle(rows), numeric: true },
    { title: 'verdict' },
    { title: 'remarks' },
  ];
  const cells = rows.map((row) => [
    titleOfRow(row),
    valueText(row, row.base),
    valueText(row, row.current),
    ...changeCells(row),
    row.verdict,
    remarksOn(row).join(' '),
  ]);
  return [
    `## ${glyphOf[verdict]} ${escapeMarkdown(titleOf(comparison))}\n`,
    `${escapeMarkdown(sentence)}\n`,
    ...(cautions.length === 0 ? [] : [cautions.map((caution) => `- ${escapeMarkdown(caution)}\n`).join('')]),
    markdownTable(columns, cells),
    `<sub>${escapeMarkdown(scope)}</sub>\n`,
  ].join('\n');
}
