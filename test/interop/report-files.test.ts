import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeFromCompressedBase64, HistogramLogReader } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { compareReports } from '../../src/compare/compare.js';
import { parseGoal } from '../../src/compare/goal.js';
import { renderComparisonJunit } from '../../src/compare/junit.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import type { ReportFormat } from '../../src/report/format-names.js';
import { reportFormats } from '../../src/report/formats.js';
import { parseTrend, renderHgrm } from '../../src/report/hgrm.js';
import { buildReport, type Report } from '../../src/report/report.js';
import { named } from '../compare/reports.js';
import { ReportFolder } from '../e2e/swarm.js';
import { hostileReport } from '../report/hostile.js';
import { closedLoopTotals, sampleRun, sampleTotals, saturatedTotals } from '../report/sample-run.js';
import { findProgram } from './real-server.js';

const xmllint = findProgram('xmllint');
const jq = findProgram('jq');
const python = findProgram('python3');

/** Reports of many kinds: each must be readable in each format. */
const reports: readonly (readonly [string, Report])[] = [
  ['a degraded run', buildReport(sampleRun({ totals: sampleTotals() }), '0.1.0')],
  ['a closed loop', buildReport(sampleRun({ totals: closedLoopTotals(), outcome: 'ok', exitCode: 0 }), '0.1.0')],
  [
    'a saturated generator',
    buildReport(sampleRun({ totals: saturatedTotals(), outcome: 'saturated', exitCode: 123 }), '0.1.0'),
  ],
  [
    'a run that measured nothing',
    buildReport(sampleRun({ totals: new TotalsBuilder(), workers: [], stages: [] }), '0.1.0'),
  ],
  ['a run in which every name is an attack', hostileReport()],
];

/** Runs a program that reads one file, and answers with what it printed. */
function read(program: string, args: readonly string[], text: string): string {
  using folder = new ReportFolder();
  const file = join(folder.path, 'file');
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(program, [...args, file], { encoding: 'utf8', maxBuffer: 1e8 });
  expect(status, stderr).toBe(0);
  return stdout;
}

function textOf(report: Report, format: ReportFormat): string {
  return reportFormats[format].render(report);
}

describe.runIf(xmllint)('xmllint', () => {
  const schema = fileURLToPath(new URL('../report/junit.xsd', import.meta.url));
  const check = (text: string) => read(xmllint!, ['--nonet', '--noout', '--schema', schema], text);

  it.each(reports)('finds the JUnit file of %s to be one', (_, report) => {
    check(textOf(report, 'junit'));
  });

  it('finds the JUnit file of a comparison to be one', () => {
    const options = {
      goals: ['response_time p(95) +10%', 'connect_time med +5%'].map(parseGoal),
      runNoise: 0.1,
      alpha: 0.05,
    };
    const labels = { base: 'base', current: 'current' };
    const sides = [[named('base', { seconds: 12 })], [named('<current> & more', { seconds: 12, factor: 2 })]] as const;
    const text = renderComparisonJunit(compareReports(...sides, { ...options, labels }));
    check(text);
    expect(text).toContain('<skipped message="cannot tell');
  });
});

describe.runIf(jq)('jq', () => {
  it.each(reports)('reads the JSON of %s', (_, report) => {
    const printed = read(
      jq!,
      ['-c', '[.schemaVersion, .outcome.exitCode, (.timeline | length), .scenario.name]'],
      textOf(report, 'json'),
    );
    const { schemaVersion, outcome, timeline, scenario } = report;
    expect(JSON.parse(printed)).toEqual([schemaVersion, outcome.exitCode, timeline.length, scenario.name]);
  });
});

describe.runIf(python)('Python', () => {
  const program =
    'import csv, json, sys\nwith open(sys.argv[1], newline="", encoding="utf-8") as file: print(json.dumps(list(csv.DictReader(file, strict=True))))';

  it.each(reports)('reads the CSV of %s: as many cells in each row as there are columns', (_, report) => {
    const rows = JSON.parse(read(python!, ['-c', program], textOf(report, 'csv'))) as Record<string, string | null>[];
    expect(rows.map(({ at_ms }) => Number(at_ms))).toEqual(report.timeline.map(({ atMs }) => atMs));
    for (const row of rows) {
      expect(Object.keys(row)).not.toContain('null');
      expect(Object.values(row).every((cell) => cell !== null && (cell === '' || Number.isFinite(Number(cell))))).toBe(
        true,
      );
    }
  });
});

describe('the library of HdrHistogram', () => {
  it.each(reports)('reads every line of the log of %s', (_, report) => {
    const reader = new HistogramLogReader(textOf(report, 'hlog'));
    let lines = 0;
    for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) lines++;
    expect(lines).toBe(report.timeline.reduce((sum, { histograms }) => sum + Object.keys(histograms).length, 0));
  });

  it('prints the percentiles of a histogram as the file of percentiles has them', () => {
    const [, report] = reports[0]!;
    const trend = report.totals.measured.trends.service_time?.merged.find(({ tags }) => tags.arrival === 'open');
    const printed = decodeFromCompressedBase64(trend!.histogram).outputPercentileDistribution(5, 1000);
    expect(renderHgrm(report, parseTrend('service_time{arrival:open}'))).toContain(
      printed.slice(0, printed.indexOf('#[')),
    );
  });
});
