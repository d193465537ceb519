import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import { readReport } from '../../src/report/read.js';
import { buildReport } from '../../src/report/report.js';
import { reportJsonSchema } from '../../src/report/schema.js';
import { reportFolder, writeReport, writeText } from '../../src/report/write.js';
import { closedLoopTotals, sampleRun, saturatedTotals } from './sample-run.js';

const startedAt = '2026-03-01T12:30:05.250Z';
let base: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'swarm-report-'));
});

afterAll(() => rm(base, { recursive: true }));

async function fileWith(name: string, text: string): Promise<string> {
  const file = join(base, name);
  await writeFile(file, text);
  return file;
}

function unexpected(message: string): never {
  throw new Error(message);
}

describe('writing', () => {
  it('leaves a report that reads back as it was', async () => {
    const report = buildReport(sampleRun(), '0.1.0');
    const folder = await reportFolder(join(base, 'a', 'b'), 'Chat', startedAt);
    const page = await writeReport(report, folder, ['csv', 'html'], unexpected);
    expect(page).toBe(join(base, 'a', 'b', 'chat-20260301-123005', 'report.html'));
    expect(readReport(join(folder, 'report.json'))).toEqual(report);
    expect((await readdir(folder)).sort()).toEqual(['report.csv', 'report.html', 'report.json']);
  });

  it.each([
    ['Chat room', 'chat-room-20260301-123005'],
    ['../../etc/passwd', 'etc-passwd-20260301-123005'],
    ['채팅방: 1,000명', '채팅방-1-000명-20260301-123005'],
    ['***', 'run-20260301-123005'],
    ['a'.repeat(500), `${'a'.repeat(50)}-20260301-123005`],
  ])('names the folder of %j safely', async (name, folder) => {
    expect(basename(await reportFolder(join(base, 'names'), name, startedAt))).toBe(folder);
  });

  it('says so where no folder can be made, also where the system would let it try for ever', async () => {
    const file = await fileWith('a-file', '');
    await expect(reportFolder('/proc/reports', 'Chat', startedAt)).rejects.toMatchObject({ code: 'folder-unwritable' });
    for (const refused of [file, join(file, 'reports')]) {
      await expect(reportFolder(refused, 'Chat', startedAt)).rejects.toMatchObject({
        code: 'folder-unwritable',
        message: `${file} is a file, and a folder is needed.`,
      });
    }
  });

  it('gives each of several runs that start at once a folder of its own', async () => {
    const at = () => reportFolder(join(base, 'same'), 'Chat', startedAt);
    const names = (await Promise.all([at(), at(), at()])).map((folder) => basename(folder));
    expect(names.sort()).toEqual(['chat-20260301-123005', 'chat-20260301-123005-2', 'chat-20260301-123005-3']);
  });
});

describe('reading', () => {
  const report = buildReport(sampleRun(), '0.1.0');

  it('takes the folder of a run for the report in it', async () => {
    const folder = await reportFolder(join(base, 'folders'), 'Chat', startedAt);
    await writeReport(report, folder, [], unexpected);
    expect(readReport(folder)).toEqual(report);
    expect(() => readReport(join(base, 'folders'))).toThrow(
      expect.objectContaining({ code: 'report-unreadable', hint: `The newest run there is ${folder}.` }),
    );
  });

  it('keeps what a later version has added', async () => {
    const later = { ...report, weather: 'fine', timeline: report.timeline.map((row) => ({ ...row, mood: 1 })) };
    expect(readReport(await fileWith('later.json', JSON.stringify(later)))).toEqual(later);
  });

  it('that cannot be written is told with the cure', async () => {
    await expect(writeText(join(base, 'none', 'page.html'), '')).rejects.toMatchObject({
      message: `${join(base, 'none', 'page.html')} cannot be written: there is no folder ${join(base, 'none')}.`,
      hint: 'Make the folder first, or name another place.',
    });
  });

  it('says of a link that leads back to itself what it is, also below it, and in a folder of runs', async () => {
    const runs = await mkdtemp(join(base, 'links-'));
    const loop = join(runs, 'loop');
    await symlink('loop', loop);
    for (const path of [loop, join(loop, 'report.json')]) {
      expect(() => readReport(path)).toThrow(
        expect.objectContaining({
          code: 'report-unreadable',
          message: `${path} is a link that leads back to itself.`,
        }),
      );
    }
    expect(() => readReport(runs)).toThrow(
      expect.objectContaining({ code: 'report-unreadable', message: `There is no report.json in ${runs}.` }),
    );
    await symlink('report.json', join(runs, 'report.json'));
    expect(() => readReport(runs)).toThrow(`${join(runs, 'report.json')} is a link that leads back to itself.`);
  });

  // Nothing keeps root out of a folder.
  it.skipIf(process.getuid?.() === 0)('says of a folder that may not be searched that it may not', async () => {
    const folder = await mkdtemp(join(base, 'closed-'));
    await chmod(folder, 0);
    expect(() => readReport(folder)).toThrow(
      expect.objectContaining({
        code: 'report-unreadable',
        message: `${join(folder, 'report.json')} may not be read: permission denied.`,
      }),
    );
    await chmod(folder, 0o700);
  });

  it('says that a file is not there', () => {
    expect(() => readReport(join(base, 'missing.json'))).toThrow(/missing\.json does not exist\./);
  });

  it('says that a file is not JSON', async () => {
    const file = await fileWith('half.json', '{"schemaVersion": 1,');
    expect(() => readReport(file)).toThrow(expect.objectContaining({ code: 'report-unreadable' }));
  });

  it('says of another form of a report that only report.json is read, and names the one beside it', async () => {
    await fileWith('page.json', '{}');
    const file = await fileWith('page.html', '<!doctype html>');
    expect(() => readReport(file)).toThrow(
      expect.objectContaining({
        message: `${file} is not a report.json, the one form of a report that is read.`,
        hint: `Name ${file.replace('.html', '.json')}.`,
      }),
    );
  });

  it('says that a comparison is none', async () => {
    const sides = { base: { label: 'A' }, current: { label: 'B' } };
    const file = await fileWith('comparison.json', JSON.stringify({ kind: 'rounds', ...sides, rows: [] }));
    expect(() => readReport(file)).toThrow(/comparison\.json is a comparison, not the report of a run\./);
  });

  it.each(['null', '[]', '{"schemaVersion": 1}'])('says that %s is not a report', async (text) => {
    const file = await fileWith('other.json', text);
    expect(() => readReport(file)).toThrow(expect.objectContaining({ code: 'report-unknown' }));
  });

  it.each([
    [99, 'too new: it has schemaVersion 99', 'Read it with swarm 7.0.0, which made it, or a later one.'],
    [1, 'too old: it has schemaVersion 1', 'Read it with swarm 7.0.0, which made it, or run the scenario again.'],
  ])('says of version %i what reads it', async (version, message, hint) => {
    const tool = { name: 'swarm', version: '7.0.0' };
    const file = await fileWith('version.json', JSON.stringify({ schemaVersion: version, tool, totals: {} }));
    expect(() => readReport(file)).toThrow(expect.objectContaining({ code: 'report-version', hint }));
    expect(() => readReport(file)).toThrow(message);
  });

  it('says where something is missing', async () => {
    const { planned: _, ...clients } = report.clients;
    const file = await fileWith('missing-part.json', JSON.stringify({ ...report, clients }));
    expect(() => readReport(file)).toThrow(/missing-part\.json is damaged at clients\.planned: /);
  });

  it.each([
    ['schemaVersion: "2" is not a number', { schemaVersion: '2' }],
    ['startedAt: ', { startedAt: 'yesterday' }],
    ['timeline: it is empty, but ', { timeline: [] }],
    ['timeline[0].p50Ms: ', { timeline: [{ ...report.timeline[0], p50Ms: -5 }] }],
    [
      'steadiness.of.metric: "reply_time" is none of the metrics that swarm has.',
      { steadiness: { of: { metric: 'reply_time', tags: {} }, steady: true, firstThirdP50Ms: 1, lastThirdP50Ms: 1 } },
    ],
  ])('says what is damaged at %s', async (what, change) => {
    const file = await fileWith('damaged.json', JSON.stringify({ ...report, ...change }));
    expect(() => readReport(file)).toThrow(`damaged.json is damaged at ${what}`);
  });

  it('says which histogram is damaged', async () => {
    const [first, second, ...rest] = report.timeline;
    const histograms = { ...second?.histograms, broadcast_time: 'HISTFAAAABB42pNpmQwAAk0BEA==' };
    const file = await fileWith(
      'bits.json',
      JSON.stringify({ ...report, timeline: [first, { ...second, histograms }, ...rest] }),
    );
    expect(() => readReport(file)).toThrow(
      /bits\.json is damaged at timeline\[1\]\.histograms\.broadcast_time: this is not a histogram/,
    );
  });
});

describe('the schema of reports', () => {
  const schema = z.fromJSONSchema(reportJsonSchema());

  it.each([
    ['a degraded run', sampleRun()],
    ['a closed loop', sampleRun({ totals: closedLoopTotals() })],
    ['a saturated generator', sampleRun({ totals: saturatedTotals() })],
    ['a run that measured nothing', sampleRun({ totals: new TotalsBuilder(), workers: [], stages: [] })],
  ])('fits the report of %s', (_, run) => {
    const json = JSON.parse(JSON.stringify(buildReport(run, '0.1.0')));
    expect(schema.safeParse(json).error).toBe(undefined);
  });

  it('does not fit what is no report', () => {
    expect(schema.safeParse({ schemaVersion: 2 }).success).toBe(false);
  });
});
