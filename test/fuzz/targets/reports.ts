import { readFileSync } from 'node:fs';
import { compareReports } from '../../../src/compare/compare.js';
import { renderComparisonText } from '../../../src/compare/text.js';
import { reportFormats } from '../../../src/report/formats.js';
import { readReport } from '../../../src/report/read.js';
import { scratchFile } from '../../support/scratch.js';
import { isUsersMistake } from '../errors.js';
import { bytesOf, ensure, type FuzzTarget, resultOf, textOf } from '../target.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Step = string | number;

const golden = readFileSync(new URL('../../report/golden/report.json', import.meta.url), 'utf8');
let paths: readonly (readonly Step[])[] | undefined;

function pathsOf(value: Json, path: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [Step, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

/** Puts `replacement` where the path leads, or takes away what stands there. */
function change(report: Json, path: readonly Step[], replacement: Json | undefined): void {
  let parent: Json | undefined = report;
  for (const step of path.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null) return;
    parent = (parent as Record<Step, Json>)[step];
  }
  const last = path.at(-1);
  if (typeof parent !== 'object' || parent === null || last === undefined) return;
  if (replacement !== undefined) (parent as Record<Step, Json>)[last] = replacement;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
}

/** The golden report after some edits, a line each: the number of a place, a space, and the JSON that comes there; nothing for nothing. */
function edited(text: string): Json {
  const report = JSON.parse(golden) as Json;
  paths ??= pathsOf(report);
  for (const line of text.split('\n')) {
    const [, number = '0', json = ''] = /^(\d+) ?(.*)$/.exec(line) ?? [];
    let replacement: Json | undefined;
    try {
      replacement = json === '' ? undefined : (JSON.parse(json) as Json);
    } catch {
      replacement = json;
    }
    change(report, paths[Number(number) % paths.length]!, replacement);
  }
  return report;
}

/** Its input: edits of a report that a run left; or, behind a `{`, a whole file. */
export const report: FuzzTarget = {
  about: 'report.json: read, given in every format, and compared',
  maxBytes: 1024,
  // Each reads, checks and draws a whole report.
  runs: 20,
  tokens: [
    ...[
      '\n',
      ' null',
      ' 0',
      ' -1',
      ' 1e308',
      ' 1e-320',
      ' 0.5',
      ' 9007199254740993',
      ' ""',
      ' "</script>"',
      ' []',
      ' {}',
      ' [[]]',
      ' true',
    ],
    ...[
      ' "HISTFAAAAA=="',
      ' "\\u0000"',
      ' "__proto__"',
      ' "p(99)<1"',
      '100',
      '200',
      '500',
      '1000',
      '1500',
      '2000',
      '2500',
      '3000',
    ],
  ].map(bytesOf),
  seeds: () => [bytesOf('17 null'), bytesOf('900 0\n1200 "a"\n5'), bytesOf('{"schemaVersion": 1, "totals": {}}')],
  eat(input) {
    const text = textOf(input);
    if (text === null) return;
    const file = scratchFile('report.json', text.startsWith('{') ? text : JSON.stringify(edited(text)));
    const read = resultOf(() => readReport(file), isUsersMistake);
    if (read === null) return;
    const { html, ...others } = reportFormats;
    for (const { render } of Object.values(others)) render(read);
    const page = html.render(read);
    ensure(page.match(/<\/?script/g)?.length === 6, 'the page has the scripts that are its own, and no other');
    const base = { name: 'base', file: 'base.json', report: JSON.parse(golden) };
    const options = { goals: [], runNoise: 0.05, alpha: 0.05, labels: { base: 'base', current: 'current' } };
    const comparison = resultOf(
      () => compareReports([base], [{ name: 'current', file, report: read }], options),
      isUsersMistake,
    );
    if (comparison !== null) renderComparisonText(comparison, { color: false, columns: 100 });
  },
};
