import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from './report.js';

/** Creates the folder where it is missing and writes `report.json` into it; resolves to that file's path. */
export async function writeReport(report: Report, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'report.json');
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}

/**
 * Creates a folder for one run, `<base>/<scenario>-<time>`, and resolves to its path. It is this run's alone: where the name is taken,
 * a number is added.
 *
 * @param startedAt ISO 8601 in UTC; `2026-03-01T12:30:05.250Z` becomes `20260301-123005`.
 */
export async function reportFolder(base: string, scenarioName: string, startedAt: string): Promise<string> {
  await mkdir(base, { recursive: true });
  const time = startedAt.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const name = `${slug(scenarioName)}-${time}`;
  for (let number = 1; ; number++) {
    const folder = join(base, number === 1 ? name : `${name}-${number}`);
    if (await created(folder)) return folder;
  }
}

/** Making the folder is the test for the name being free: two runs that start at once cannot both succeed. */
async function created(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Letters and digits of any script, joined by hyphens: safe on every file system and in every shell. */
function slug(name: string): string {
  const words = name
    .normalize('NFC')
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  // 50 letters of up to four bytes and the time stay below the 255 bytes that a name may have.
  return [...(words ?? ['run']).join('-')].slice(0, 50).join('').replace(/-$/, '');
}
