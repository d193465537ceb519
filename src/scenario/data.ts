import { CsvError, parse } from 'csv-parse/sync';
import { FileProblem, readTextFile } from './files.js';
import type { DataPlan } from './plan.js';

const maxCsvBytes = 64 * 1024 * 1024;

/**
 * Reads a CSV file (RFC 4180), whose first row names the columns.
 * @throws FileProblem when it cannot be read, a row has too many or too few values, or no client would have a row.
 */
export function readData(path: string): DataPlan {
  const [columns = [], ...rows] = parseCsv(readTextFile(path, maxCsvBytes));
  const names = columns.map((column) => column.trim());
  if (names.length === 0) throw new FileProblem('is empty', 'its first row names the columns');
  const unnamed = names.indexOf('');
  if (unnamed !== -1) throw new FileProblem(`has no name for column ${unnamed + 1}`, 'its first row names the columns');
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new FileProblem(`has two columns \`${twice}\``);
  if (rows.length === 0) throw new FileProblem('has no rows', 'below the row with the names, each client has a row');
  return { columns: names, rows };
}

function parseCsv(text: string): string[][] {
  try {
    return parse(text, { skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new FileProblem(`is not valid CSV: ${error.message}`);
  }
}
