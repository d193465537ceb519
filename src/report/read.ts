import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { asSentence, SwarmError } from '../errors.js';
import { decodeHistogram } from '../metrics/histogram.js';
import { isAbsent, isFolder, namesIn, statsOf } from '../paths.js';
import { FileProblem, readTextFile } from '../text-file.js';
import { type Report, schemaVersion } from './report.js';
import { reportSchema } from './schema.js';

/** Far above any report, whose time line is bounded: what is longer is something else. */
const maxBytes = 512 * 1024 * 1024;

/** As much of what `swarm compare` and `swarm ab` write as tells it from anything else. */
const comparisonShape = z.object({
  kind: z.string(),
  base: z.object({}),
  current: z.object({}),
  rows: z.array(z.unknown()),
});

/**
 * Reads a report: a `report.json`, or the folder of a run that holds one. All of it is checked, down to its histograms.
 *
 * @throws SwarmError `report-unreadable` where the file cannot be read or is not JSON, `report-unknown` where it is not a report,
 * `report-version` where this version does not know its shape, and `report-damaged` where something in it is not as it was written.
 */
export function readReport(path: string): Report {
  const file = reportFileAt(path);
  const value = parse(file, text(file));
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value) || !('totals' in value)) {
    throw unknown(file, value);
  }
  checkVersion(file, value);
  const { error } = reportSchema.safeParse(value);
  const issue = error?.issues[0];
  if (issue !== undefined) throw damaged(file, z.core.toDotPath(issue.path), issue.message);
  // Not the parsed value: what a later version has added is kept.
  const report = value as Report;
  checkTimeline(file, report);
  checkHistograms(file, report);
  return report;
}

function reportFileAt(path: string): string {
  if (!isFolder(path)) return path;
  const file = join(path, 'report.json');
  if (!isAbsent(file)) return file;
  const newest = newestRunIn(path);
  throw new SwarmError('report-unreadable', `There is no report.json in ${path}.`, {
    hint: newest === undefined ? 'Name the folder of a run.' : `The newest run there is ${newest}.`,
  });
}

function newestRunIn(folder: string): string | undefined {
  const runs = namesIn(folder).flatMap((name) => {
    const run = join(folder, name);
    const stats = statsOf(join(run, 'report.json'));
    return stats == null ? [] : [{ run, atMs: stats.mtimeMs }];
  });
  return runs.sort((a, b) => b.atMs - a.atMs)[0]?.run;
}

function text(file: string): string {
  try {
    return readTextFile(file, maxBytes, { pipes: true });
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    const hint = asSentence(error.hint ?? 'name the folder of a run, or its report.json');
    throw new SwarmError('report-unreadable', `${file} ${error.message}.`, { hint, cause: error });
  }
}

function parse(file: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    if (!/^(\.json)?$/.test(extname(file))) throw otherForm(file, cause);
    throw new SwarmError('report-unreadable', `${file} is not JSON: ${(cause as Error).message}.`, {
      hint: 'A run that was killed may have left it half written.',
      cause,
    });
  }
}

/** Pages, tables and texts are for people and other tools. */
function otherForm(file: string, cause: unknown): SwarmError {
  const beside = [`${file.slice(0, -extname(file).length)}.json`, join(dirname(file), 'report.json')].find(existsSync);
  return new SwarmError('report-unreadable', `${file} is not a report.json, the one form of a report that is read.`, {
    hint: `Name ${beside ?? 'the report.json that the run left, or its folder'}.`,
    cause,
  });
}

function unknown(file: string, value: unknown): SwarmError {
  if (!comparisonShape.safeParse(value).success) {
    return new SwarmError('report-unknown', `${file} is not a report of swarm.`, {
      hint: 'Name the report.json that a run left, or its folder.',
    });
  }
  return new SwarmError('report-unknown', `${file} is a comparison, not the report of a run.`, {
    hint: 'Name the report.json of a run. Of swarm ab, those of its rounds are in the folders beside comparison.json.',
  });
}

function checkVersion(file: string, report: { readonly schemaVersion: unknown; readonly tool?: unknown }): void {
  const { schemaVersion: version } = report;
  if (version === schemaVersion) return;
  if (typeof version !== 'number') throw damaged(file, 'schemaVersion', `${JSON.stringify(version)} is not a number`);
  const maker = z.object({ version: z.string() }).safeParse(report.tool).data?.version;
  const by = maker === undefined ? 'the swarm that made it' : `swarm ${maker}, which made it`;
  const isNewer = version > schemaVersion;
  const hint = isNewer ? `Read it with ${by}, or a later one.` : `Read it with ${by}, or run the scenario again.`;
  const message = `${file} is too ${isNewer ? 'new' : 'old'}: it has schemaVersion ${version}, and this swarm reads ${schemaVersion}.`;
  throw new SwarmError('report-version', message, { hint });
}

/** Whatever is counted is counted in some second. */
function checkTimeline(file: string, { totals, timeline }: Report): void {
  const counted = Object.entries(totals.wholeRun.counters).find(([, { total }]) => total > 0)?.[0];
  if (timeline.length === 0 && counted !== undefined)
    throw damaged(file, 'timeline', `it is empty, but ${counted} is not 0`);
}

function checkHistograms(file: string, { totals, timeline, generator }: Report): void {
  for (const [place, histogram] of histogramsOf({ totals, timeline, generator }, '')) {
    try {
      decodeHistogram(histogram);
    } catch (error) {
      if (!(error instanceof SwarmError)) throw error;
      throw damaged(file, place, error.message);
    }
  }
}

/** Every histogram below a value, with its place: they stand under `histogram` and `unansweredHistogram`, and in `histograms`. */
function* histogramsOf(value: unknown, place: string, inWindow = false): Generator<[string, string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${place}[${key}]` : place === '' ? key : `${place}.${key}`;
    if (typeof child === 'string' && (inWindow || /^(h|unansweredH)istogram$/.test(key))) yield [at, child];
    else yield* histogramsOf(child, at, key === 'histograms');
  }
}

function damaged(file: string, place: string, reason: string): SwarmError {
  return new SwarmError('report-damaged', `${file} is damaged at ${place}: ${reason}.`, {
    hint: 'Get it again from where it was kept, or run the scenario again.',
  });
}
