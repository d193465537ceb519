import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReport } from '../../src/report/read.js';
import { buildReport } from '../../src/report/report.js';
import { reportFolder, writeReport } from '../../src/report/write.js';
import { sampleRun } from './sample-run.js';

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

describe('writing', () => {
  it('leaves a report that reads back as it was', async () => {
    const report = buildReport(sampleRun(), '0.1.0');
    const file = await writeReport(report, await reportFolder(join(base, 'a', 'b'), 'Chat', startedAt));
    expect(file).toBe(join(base, 'a', 'b', 'chat-20260301-123005', 'report.json'));
    expect(readReport(file)).toEqual(report);
    expect(await readdir(join(base, 'a', 'b', 'chat-20260301-123005'))).toEqual(['report.json']);
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
    for (const refused of ['/proc/reports', join(base, 'a-file', 'reports')]) {
      await writeFile(join(base, 'a-file'), '');
      await expect(reportFolder(refused, 'Chat', startedAt)).rejects.toMatchObject({ code: 'out-unwritable' });
    }
  });

  it('gives each of several runs that start at once a folder of its own', async () => {
    const at = () => reportFolder(join(base, 'same'), 'Chat', startedAt);
    const names = (await Promise.all([at(), at(), at()])).map((folder) => basename(folder));
    expect(names.sort()).toEqual(['chat-20260301-123005', 'chat-20260301-123005-2', 'chat-20260301-123005-3']);
  });
});

describe('reading', () => {
  it('says that a file is not there', () => {
    expect(() => readReport(join(base, 'missing.json'))).toThrow(/missing\.json cannot be read: ENOENT/);
  });

  it('says that a file is not JSON', async () => {
    const file = await fileWith('half.json', '{"schemaVersion": 1,');
    expect(() => readReport(file)).toThrow(expect.objectContaining({ code: 'REPORT_UNREADABLE' }));
  });

  it.each(['null', '[]', '{"schemaVersion": 1}'])('says that %s is not a report', async (text) => {
    const file = await fileWith('other.json', text);
    expect(() => readReport(file)).toThrow(expect.objectContaining({ code: 'REPORT_UNKNOWN' }));
  });

  it('says which version it cannot read', async () => {
    const file = await fileWith('newer.json', '{"schemaVersion": 2, "totals": {}}');
    expect(() => readReport(file)).toThrow('newer.json has schemaVersion 2, and this swarm reads 1');
  });
});
