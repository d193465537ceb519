import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildReport } from '../../src/report/report.js';
import { reportJsonSchema } from '../../src/report/schema.js';
import { bundledScenarios } from '../../src/scenario/bundled.js';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js';
import { sampleRun } from '../report/sample-run.js';

/** What an editor does with `# yaml-language-server: $schema=…`, by a validator that is not the one that checks scenarios. */
const ajv = new Ajv({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
  formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) },
});
// Editors that know it show it beside each word.
ajv.addKeyword('enumDescriptions');
const validate = ajv.compile(scenarioJsonSchema());

const root = new URL('../../', import.meta.url);
const readText = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The scenarios in the README: the blocks of YAML that have a target. */
function readmeScenarios(): string[] {
  const blocks = [...readText('README.md').matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
  return blocks.filter((text) => /^target:/m.test(text));
}

function problemsOf(scenario: unknown): string[] {
  validate(scenario);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('an editor with the schema of scenarios', () => {
  it.each(bundledScenarios())('has nothing against %s', (name) => {
    expect(problemsOf(parse(readText(`scenarios/${name}.yaml`)))).toEqual([]);
  });

  it('has nothing against what swarm init writes, nor against the scenarios in the README', () => {
    expect(problemsOf(parse(readText('templates/scenario.yaml')))).toEqual([]);
    expect(readmeScenarios().length).toBeGreaterThan(0);
    for (const text of readmeScenarios()) expect(problemsOf(parse(text)), text).toEqual([]);
  });

  it.each([
    ['a key that there is not', { lod: { clients: 1 } }, ' must NOT have additional properties'],
    ['a key that is missing', { load: undefined }, " must have required property 'load'"],
    ['a number where there is none', { load: { clients: 'many', duration: '1s' } }, '/load/clients must be'],
  ])('marks %s', (_, change, problem) => {
    const scenario = { ...(parse(readText('scenarios/echo.yaml')) as object), ...change };
    const found = problemsOf(JSON.parse(JSON.stringify(scenario)));
    expect(found).toContainEqual(expect.stringContaining(problem));
  });
});

it('a validator that is not ours finds the report of a run to fit the schema of reports', () => {
  const fits = ajv.compile(reportJsonSchema());
  expect(fits(JSON.parse(JSON.stringify(buildReport(sampleRun(), '0.1.0')))), JSON.stringify(fits.errors)).toBe(true);
});
