import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SwarmError, withoutFullStop } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import type { ReportFormat } from './format-names.js';
import { reportFormats } from './formats.js';
import type { Report } from './report.js';

/**
 * Writes `report.json`, `report.html` and what else is wanted into a folder that there is; resolves to the path of the page. Where a format
 * fails, that one is missing, and `warn` hears of it: the report itself is worth more than any form of it. A page that cannot be made is
 * missing too, and then the path is that of `report.json`.
 *
 * @throws SwarmError `out-unwritable` where the report or its page cannot be written; what was written before is.
 */
export async function writeReport(
  report: Report,
  folder: string,
  further: readonly ReportFormat[],
  warn: (message: string) => void,
): Promise<string> {
  const fileOf = (format: ReportFormat): string => join(folder, reportFormats[format].fileName);
  const page = rendered(report, 'html', warn);
  await writeText(fileOf('json'), reportFormats.json.render(report));
  if (page !== null) await writeText(fileOf('html'), page);
  for (const format of new Set(further)) {
    if (format === 'json' || format === 'html') continue;
    const text = rendered(report, format, warn);
    if (text !== null) await writeFurther(fileOf(format), text, warn);
  }
  return fileOf(page === null ? 'json' : 'html');
}

/** Null where that fails, as for want of values. */
function rendered(report: Report, format: ReportFormat, warn: (message: string) => void): string | null {
  const { fileName, render } = reportFormats[format];
  try {
    return render(report);
  } catch (error) {
    warn(`there is no ${fileName}: ${withoutFullStop((error as Error).message)}`);
    return null;
  }
}
/** Half a file would be taken for a whole one. */
async function writeFurther(file: string, text: string, warn: (message: string) => void): Promise<void> {
  try {
    await writeText(file, text);
  } catch (error) {
    await rm(file, { force: true }).catch(() => {});
    warn(withoutFullStop((error as SwarmError).message));
  }
}

/** @throws SwarmError `out-unwritable`. */
export async function writeText(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const folder = dirname(file);
    const [reason, hint] = existsSync(folder)
      ? [(error as Error).message, 'Name another place.']
      : [`there is no folder ${folder}`, 'Make the folder first, or name another place.'];
    throw new SwarmError('out-unwritable', `${file} cannot be written: ${reason}.`, { hint, cause: error });
  }
}

/**
 * Creates a folder for one run, `<base>/<scenario>-<time>`, and resolves to its path. It is this run's alone: where the name is taken,
 * a number is added.
 *
 * @throws SwarmError `folder-unwritable` where no folder can be made there, `out-unwritable` where none can be made in it.
 * @param startedAt ISO 8601 in UTC; `2026-03-01T12:30:05.250Z` becomes `20260301-123005`.
 */
export async function reportFolder(base: string, scenarioName: string, startedAt: string): Promise<string> {
  const time = startedAt.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const name = `${slug(scenarioName)}-${time}`;
  await makeFolder(base);
  try {
    for (let number = 1; ; number++) {
      const folder = join(base, number === 1 ? name : `${name}-${number}`);
      if (await created(folder)) return folder;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SwarmError('out-unwritable', `There can be no report in ${base}: ${reason}.`, {
      hint: 'Name another folder with --out.',
      cause: error,
    });
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
