import { type JunitVerdict, junitXml } from '../report/junit-writer.js';
import type { Comparison, Row } from './comparison.js';
import { changeCells, remarksOn, titleOf, titleOfRow, valueText } from './words.js';

/**
 * A comparison as a JUnit file, a test case for each row. Rows that may not fail pass; what cannot be told of one that may is skipped, with the reason:
 * a red build is for what is worse.
 */
export function renderComparisonJunit(comparison: Comparison): string {
  const { scenario, base, current, rows, cautions, scope } = comparison;
  const files = [base, current].flatMap(({ reports }) => reports.map(({ name, file }) => [name, file] as const));
  const numbered = cautions.map((caution, i) => [`caution ${i + 1}`, caution] as const);
  return junitXml([
    {
      name: titleOf(comparison),
      timestamp: current.startedAt,
      timeSeconds: current.wholeRunMs / 1000,
      properties: { scope, ...Object.fromEntries([...numbered, ...files]) },
      cases: rows.map((row) => ({
        className: scenario,
        name: titleOfRow(row),
        verdict: verdictOf(row),
        output: sentenceOf(row),
      })),
    },
  ]);
}

function verdictOf(row: Row): JunitVerdict {
  if (row.failOn === null || row.verdict === 'same' || row.verdict === 'better') return { kind: 'passed' };
  return { kind: row.verdict === 'worse' ? 'failure' : 'skipped', message: sentenceOf(row) };
}

function sentenceOf(row: Row): string {
  const [change, interval] = changeCells(row);
  const numbers = `${valueText(row, row.base)} → ${valueText(row, row.current)}, ${change} (${interval})`;
  return [`${row.verdict}: ${numbers}.`, ...remarksOn(row)].join(' ');
}
