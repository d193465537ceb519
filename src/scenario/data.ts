import { CsvError, parse } from 'csv-parse/sync';
import { FileProblem, readTextFile } from './files.js';
import type { DataPlan } from './plan.js';

/** More clients than a machine carries, with a token of a kilobyte each. */
const maxCsvBytes = 32 * 1024 * 1024;
/** The parser takes its time for each value, however short. */
const maxValues = 1_000_000;

const quotesHint = 'a value with a quote in it stands in quotes, and has two for one: "say ""hi"""';

/** The data in a CSV file. @throws FileProblem, as `readData` does. */
export type ReadData = (path: string) => DataPlan;

/** Reads data files, each once, however many kinds of client share it. */
export function dataFiles(): ReadData {
  const known = new Map<string, DataPlan>();
  return (path) => {
    const data = known.get(path) ?? readData(path);
    known.set(path, data);
    return data;
  };
}

/**
 * Reads a CSV file (RFC 4180), whose first row names the columns.
 * @throws FileProblem when it cannot be read, a row has too many or too few values, or no client would have a row.
 */
export function readData(path: string): DataPlan {
  const text = readTextFile(path, maxCsvBytes);
  checkCount(text);
  const rows = parseCsv(text);
  const columns = rows.shift() ?? [];
  const names = columns.map((column) => column.trim());
  if (names.length === 0) throw new FileProblem('is empty', 'its first row names the columns');
  const unnamed = names.indexOf('');
  if (unnamed !== -1) throw new FileProblem(`has no name for column ${unnamed + 1}`, 'its first row names the columns');
  const known = new Set<string>();
  const twice = names.find((name) => known.size === known.add(name).size);
  if (twice !== undefined) throw new FileProblem(`has two columns \`${twice}\``);
  if (names.length === 1 && /[;\t]/.test(names[0]!)) {
    throw new FileProblem(`has one column, \`${names[0]}\``, 'columns are separated by commas');
  }
  if (rows.length === 0) throw new FileProblem('has no rows', 'below the row with the names, each client has a row');
  return { columns: names, rows };
}

/** @throws FileProblem where there are too many values: each ends at a comma or with its line. */
function checkCount(text: string): void {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if ((character === 0x2c || character === 0x0a) && ++count > maxValues)
      throw new FileProblem(`has more than ${maxValues} values`, 'leave out columns and rows that no client needs');
  }
}

function parseCsv(text: string): string[][] {
  try {
    return parse(text, { skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw csvProblem(error);
  }
}

function csvProblem({ code, lines, message }: CsvError): FileProblem {
  switch (code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
      return new FileProblem(
        `has more or fewer values in line ${lines} than its first row has names`,
        'put a value with a comma in it in double quotes',
      );
    case 'CSV_QUOTE_NOT_CLOSED':
      return new FileProblem('has a quote that is never closed', quotesHint);
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return new FileProblem(`has a quote in the middle of a value in line ${lines}`, quotesHint);
    default:
      return new FileProblem(`is not valid CSV: ${message}`);
  }
}
