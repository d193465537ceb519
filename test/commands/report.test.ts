import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { report } from '../../src/commands/report.js';
import { buildReport } from '../../src/report/report.js';
import { sampleRun } from '../report/sample-run.js';

const base = mkdtempSync(join(tmpdir(), 'swarm-report-command-'));
afterAll(() => rmSync(base, { recursive: true }));

describe('the command report', () => {
  it('says where a link that leads back to itself is to take its file', async () => {
    const file = join(base, 'report.json');
    const loop = join(base, 'loop');
    writeFileSync(file, JSON.stringify(buildReport(sampleRun(), '0.1.0')));
    symlinkSync('loop', loop);
    await expect(report(file, { format: 'csv', out: loop })).rejects.toMatchObject({ code: 'out-unwritable' });
    await expect(report(file, { out: loop })).rejects.toMatchObject({ code: 'options-conflict' });
  });
});
