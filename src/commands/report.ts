import { extname, join } from 'node:path';
import { SwarmError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { isFolder } from '../paths.js';
import type { ReportFormat } from '../report/format-names.js';
import { formatOfFile, reportFormats } from '../report/formats.js';
import { parseTrend, renderHgrm } from '../report/hgrm.js';
import { readReport } from '../report/read.js';
import type { Report } from '../report/report.js';
import { writeText } from '../report/write.js';
import { summaryFor } from './summary-for.js';

/** The options of `swarm report`, as the command line gives them. */
export interface ReportCommandOptions {
  readonly format?: ReportFormat;
  readonly out?: string;
  readonly metric?: string;
}

/** Gives a report another form: on stdout, or in a file. */
export async function report(path: string, options: ReportCommandOptions): Promise<number> {
  const format = formatFor(options);
  const found = readReport(path);
  if (options.out === undefined) {
    process.stdout.write(textFor(found, format, options));
    return exitCodes.ok.code;
  }
  const file = isFolder(options.out) ? join(options.out, reportFormats[format].fileName) : options.out;
  await writeText(file, textFor(found, format, options));
  console.log(file);
  return exitCodes.ok.code;
}

function formatFor({ format: given, out, metric }: ReportCommandOptions): ReportFormat {
  const format = given ?? formatNamedBy(out);
  if (metric !== undefined && format !== 'hgrm') {
    throw new SwarmError(
      'options-conflict',
      '--metric goes with --format hgrm alone: every other format has all of them.',
    );
  }
  if (format === 'html' && out === undefined && process.stdout.isTTY) {
    throw new SwarmError('options-conflict', '--format html is not for a terminal.', {
      hint: 'Name a file with --out, as in --out report.html.',
    });
  }
  return format;
}

function formatNamedBy(out: string | undefined): ReportFormat {
  if (out === undefined || isFolder(out)) return 'text';
  const format = formatOfFile(out);
  if (format !== undefined) return format;
  const endings = Object.values(reportFormats).map(({ fileName }) => extname(fileName));
  throw new SwarmError('options-conflict', `--out ${out}: no format has files that end so.`, {
    hint: `Let it end in ${endings.join(', ')}, or say which with --format.`,
  });
}

function textFor(found: Report, format: ReportFormat, { out, metric }: ReportCommandOptions): string {
  if (format === 'hgrm' && metric !== undefined) return renderHgrm(found, parseTrend(metric));
  if (format === 'text' && out === undefined) {
    return summaryFor(process.stdout, found);
  }
  return reportFormats[format].render(found);
}
