import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepReport } from '../../src/commands/keep-report.js';
import { readReport } from '../../src/report/read.js';
import { buildReport } from '../../src/report/report.js';
import { sampleRun } from '../report/sample-run.js';

const report = buildReport(sampleRun(), '0.1.0');
let base: string;
let folder: string;
let temporary: string;
let warnings: string[];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'swarm-keep-'));
  folder = join(base, 'chat-20260301-123005');
  temporary = join(base, 'temporary');
  await Promise.all([mkdir(folder), mkdir(temporary)]);
  vi.stubEnv('TMPDIR', temporary);
  warnings = [];
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(base, { recursive: true });
});

const keep = () => keepReport(report, folder, ['csv'], (message) => warnings.push(message));

/** `/dev/full` takes nothing, as a disk without room. */
const fillUp = (file: string) => symlink('/dev/full', join(folder, file));

describe('a report', () => {
  it('lies in the folder of its run, without a word', async () => {
    expect(await keep()).toEqual({ folder, file: join(folder, 'report.html') });
    expect(warnings).toEqual([]);
    expect(await readdir(temporary)).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')(
    'finds another place where the disk is full, and leaves no half of it',
    async () => {
      await fillUp('report.html');
      const kept = await keep();
      const [other = ''] = await readdir(temporary);
      expect(other).toMatch(/^chat-20260301-123005-/);
      expect(kept).toEqual({ folder: join(temporary, other), file: join(temporary, other, 'report.html') });
      expect((await readdir(join(temporary, other))).sort()).toEqual(['report.csv', 'report.html', 'report.json']);
      expect(readReport(join(temporary, other))).toEqual(report);
      expect(warnings).toEqual([
        `${join(folder, 'report.html')} cannot be written: ENOSPC: no space left on device, write; the report is in ${join(temporary, other)} instead`,
      ]);
      expect(await readdir(base)).toEqual(['temporary']);
    },
  );

  it('finds another place where its folder vanished, or became a file', async () => {
    await rm(folder, { recursive: true });
    expect((await keep())?.folder).toMatch(new RegExp(`^${temporary}/`));
    await writeFile(folder, '');
    expect((await keep())?.folder).toMatch(new RegExp(`^${temporary}/`));
    expect(warnings).toHaveLength(2);
  });

  it('leaves alone what is not its own', async () => {
    await mkdir(join(folder, 'report.json'));
    await writeFile(join(folder, 'server.log'), 'hello');
    expect((await keep())?.folder).toMatch(new RegExp(`^${temporary}/`));
    expect((await readdir(folder)).sort()).toEqual(['report.json', 'server.log']);
  });

  it('stays where it is without a further format that cannot be written', async () => {
    await mkdir(join(folder, 'report.csv'));
    expect(await keep()).toEqual({ folder, file: join(folder, 'report.html') });
    expect(readReport(folder)).toEqual(report);
    expect(warnings).toEqual([expect.stringMatching(/report\.csv cannot be written: EISDIR/)]);
  });

  it.skipIf(process.platform !== 'linux')('leaves no half of a further format', async () => {
    await fillUp('report.csv');
    await keep();
    expect((await readdir(folder)).sort()).toEqual(['report.html', 'report.json']);
    expect(warnings).toEqual([expect.stringMatching(/report\.csv cannot be written: ENOSPC/)]);
  });

  it('lies there without the formats that cannot be made of it, its page too', async () => {
    const odd = structuredClone(report);
    for (const { series, merged } of Object.values(odd.totals.measured.trends)) {
      for (const figures of [...series, ...merged]) Object.assign(figures, { histogram: 'no histogram' });
    }
    const kept = await keepReport(odd, folder, ['hgrm', 'csv'], (message) => warnings.push(message));
    expect(kept).toEqual({ folder, file: join(folder, 'report.json') });
    expect((await readdir(folder)).sort()).toEqual(['report.csv', 'report.json']);
    expect(warnings).toEqual([
      expect.stringMatching(/^there is no report\.html: .*[^.]$/),
      expect.stringMatching(/^there is no report\.hgrm: .*[^.]$/),
    ]);
  });

  it('that no place takes is lost with a word on both', async () => {
    await rm(base, { recursive: true });
    expect(await keep()).toBeNull();
    expect(warnings).toEqual([
      expect.stringMatching(/report.json cannot be written: there is no folder .*; nor is there .*: ENOENT/),
    ]);
    await mkdir(base);
  });
});
