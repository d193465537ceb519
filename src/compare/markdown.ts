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
    cautions.map((caution) => `- ${escapeMarkdown(caution)}\n`).join(''),
    markdownTable(columns, cells),
    `<sub>${escapeMarkdown(scope)}</sub>\n`,
    reportList(comparison),
  ]
    .filter((section) => section !== '')
    .join('\n');
}

/** What the names in cautions and remarks stand for. Rounds go by their folders' names. */
function reportList({ kind, base, current }: Comparison): string {
  if (kind === 'rounds') return '';
  const items = [...base.reports, ...current.reports].map(
    ({ name, file }) => `- ${escapeMarkdown(`${name}: ${file}`)}\n`,
  );
  return `<details><summary>The reports</summary>\n\n${items.join('')}\n</details>\n`;
}
