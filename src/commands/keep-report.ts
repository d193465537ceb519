import { mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { withoutFullStop } from '../errors.js';
import type { ReportFormat } from '../report/format-names.js';
import { reportFormats } from '../report/formats.js';
import type { Report } from '../report/report.js';
import { writeReport } from '../report/write.js';

/** Where a report lies. */
export interface KeptReport {
  readonly folder: string;
  /** The page; `report.json` where none could be made. */
  readonly file: string;
}

/**
 * Writes a report into the run's folder, or, where that has become impossible (a full disk, a folder that vanished), into a new one below
 * the system's temporary folder: nobody repeats an hour's run for its files. `warn` hears of both places, and of formats that are
 * missing; null where neither place took the report.
 */
export async function keepReport(
  report: Report,
  folder: string,
  formats: readonly ReportFormat[],
  warn: (message: string) => void,
): Promise<KeptReport | null> {
  try {
    return await write(report, folder, formats, warn);
  } catch (error) {
    const why = withoutFullStop((error as Error).message);
    try {
      const kept = await write(report, await mkdtemp(join(tmpdir(), `${basename(folder)}-`)), formats, warn);
      warn(`${why}; the report is in ${kept.folder} instead`);
      return kept;
    } catch (second) {
      warn(`${why}; nor is there a report in ${tmpdir()}: ${(second as Error).message}`);
      return null;
    }
  }
}

/** Half a report is worse than none. */
async function write(
  report: Report,
  folder: string,
  formats: readonly ReportFormat[],
  warn: (message: string) => void,
): Promise<KeptReport> {
  try {
    return { folder, file: await writeReport(report, folder, formats, warn) };
  } catch (error) {
    await clear(folder);
    throw error;
  }
}

async function clear(folder: string): Promise<void> {
  const files = Object.values(reportFormats).map(({ fileName }) => join(folder, fileName));
  // What cannot be removed stays.
  await Promise.all(files.map((file) => rm(file, { force: true }).catch(() => {})));
  await rmdir(folder).catch(() => {});
}
