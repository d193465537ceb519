import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ReportFolder, swarm } from './swarm.js';

/** One run that all tests read. */
const reports = new ReportFolder();
const summaryFile = join(reports.path, 'summary.md');
let run: string;

beforeAll(async () => {
  const args = ['run', 'quickstart', '--duration', '2s', '--format', 'junit,hlog', '--out', join(reports.path, 'runs')];
  const { code, stdout, stderr } = await swarm(args, { env: { GITHUB_STEP_SUMMARY: summaryFile } });
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  const [name = ''] = readdirSync(join(reports.path, 'runs'));
  run = join(reports.path, 'runs', name);
});

afterAll(() => reports[Symbol.dispose]());

describe('swarm run', () => {
  it('leaves a page beside the report, and the formats that were asked for', () => {
    expect(readdirSync(run).sort()).toEqual(['report.hlog', 'report.html', 'report.json', 'report.xml']);
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('<title>Quickstart → embedded:chat</title>');
  });

  it('adds its summary to that of a step on GitHub', () => {
    expect(readFileSync(summaryFile, 'utf8')).toMatch(/^## ✓ Quickstart → embedded:chat\n/);
  });

  it('refuses a format that there is not, before anything starts', async () => {
    const { code, stdout, stderr } = await swarm(['run', 'quickstart', '--format', 'junti', '--out', reports.path]);
    expect({ code, stdout }).toEqual({ code: 104, stdout: '' });
    expect(stderr).toMatch(/--format junti: not one of .*\n {2}Did you mean `junit`\?/);
  });
});

describe('swarm report', () => {
  it('draws no glyphs that the locale does not have', async () => {
    const { stdout } = await swarm(['report', run], { env: { LC_ALL: 'C' } });
    expect(stdout).toMatch(/^ Quickstart > embedded:chat\n/);
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it.each([
    ['html', /^<!doctype html>/],
    ['text', /^ Quickstart → embedded:chat\n/],
    ['markdown', /^## ✓ Quickstart/],
    ['json', /^\{\n {2}"schemaVersion": /],
    ['csv', /^at_ms,width_ms,connected,/],
    ['junit', /^<\?xml version="1\.0"/],
    ['hlog', /^#\[Answered values/],
    ['hgrm', /^ +Value +Percentile/],
  ])('gives a run as %s', async (format, beginning) => {
    const { code, stdout, stderr } = await swarm(['report', run, '--format', format]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(beginning);
  });

  it('writes the file that --out names, in the format that it ends in', async () => {
    const file = join(reports.path, 'later.md');
    const { code, stdout } = await swarm(['report', join(run, 'report.json'), '--out', file]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${file}\n` });
    expect(readFileSync(file, 'utf8')).toMatch(/^## ✓ Quickstart/);
  });

  it('writes into a folder under the format’s own name', async () => {
    const folder = join(reports.path, 'folder');
    mkdirSync(folder);
    await swarm(['report', run, '--format', 'csv', '--out', folder]);
    expect(readdirSync(folder)).toEqual(['report.csv']);
  });

  it.each([
    [
      'a folder that holds no report',
      () => [join(reports.path, 'runs')],
      /There is no report\.json in .*\n {2}The newest run there is /,
    ],
    ['a file that is not there', () => ['nowhere/report.json'], /nowhere\/report\.json does not exist\./],
    ['a file that is no report', () => [summaryFile], /summary\.md is not a report\.json, the one form/],
    ['a format that there is not', () => [run, '--format', 'pdf'], /--format pdf: not one of html, /],
    [
      'a metric that was not measured',
      () => [run, '--format', 'hgrm', '--metric', 'response_time'],
      /no percentiles of response_time\./,
    ],
    ['--metric without hgrm', () => [run, '--metric', 'send_lag'], /--metric goes with --format hgrm alone/],
    [
      'a place that cannot be written',
      () => [run, '--out', join(run, 'no', 'such', 'folder.html')],
      /cannot be written/,
    ],
  ])('of %s says what is wrong', async (_, args, message) => {
    const { code, stdout, stderr } = await swarm(['report', ...args()]);
    expect({ code, stdout }).toEqual({ code: 104, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('of a report that was changed by hand says where', async () => {
    const file = join(reports.path, 'changed.json');
    const report = JSON.parse(readFileSync(join(run, 'report.json'), 'utf8'));
    writeFileSync(file, JSON.stringify({ ...report, seed: 'seven' }));
    const { code, stderr } = await swarm(['report', file]);
    expect(code).toBe(104);
    expect(stderr).toContain('changed.json is damaged at seed: ');
  });
});

describe('swarm schema report', () => {
  it('prints a schema that the report of a run fits', async () => {
    const { code, stdout } = await swarm(['schema', 'report']);
    expect(code).toBe(0);
    const schema = JSON.parse(stdout);
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    const report = JSON.parse(readFileSync(join(run, 'report.json'), 'utf8'));
    expect(z.fromJSONSchema(schema).safeParse(report).error).toBe(undefined);
  });
});
