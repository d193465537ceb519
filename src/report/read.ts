import { readFileSync } from 'node:fs';
import { SwarmError } from '../errors.js';
import { type Report, schemaVersion } from './report.js';

/**
 * Reads a `report.json`.
 *
 * @throws SwarmError `REPORT_UNREADABLE` where the file cannot be read or is not JSON, `REPORT_UNKNOWN` where it is not a report, and
 * `REPORT_VERSION` where it has a shape that this version does not know.
 */
export function readReport(file: string): Report {
  const value = parse(file, text(file));
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value) || !('totals' in value)) {
    throw new SwarmError('REPORT_UNKNOWN', `${file} is not a report of swarm`, {
      hint: 'give the report.json that a run left in its folder',
    });
  }
  if (value.schemaVersion !== schemaVersion) {
    throw new SwarmError(
      'REPORT_VERSION',
      `${file} has schemaVersion ${String(value.schemaVersion)}, and this swarm reads ${schemaVersion}`,
      { hint: 'read it with the version of swarm that `tool.version` in the report names' },
    );
  }
  return value as Report;
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SwarmError('REPORT_UNREADABLE', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function parse(file: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new SwarmError('REPORT_UNREADABLE', `${file} is not JSON: ${(cause as Error).message}`, {
      hint: 'a run that was killed may have left it half written',
      cause,
    });
  }
}
