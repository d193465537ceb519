import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Path } from './document.js';
import { FileProblem, readTextFile, type ScenarioFiles } from './files.js';
import type { CodePlan } from './plan.js';
import type { ProblemList } from './problem-list.js';

const maxCodeBytes = 16 * 1024 * 1024;

/** A file of code that the scenario names at `path`: `what` is `the bot`, say. Undefined where it cannot be read; nothing is loaded yet. */
export function compileCode(
  what: string,
  named: string,
  options: CodePlan['options'] = {},
  path: Path,
  files: ScenarioFiles,
  problems: ProblemList,
): CodePlan | undefined {
  const file = files.locate(named, path);
  if (file === undefined) return undefined;
  try {
    const digest = createHash('sha256').update(readTextFile(file, maxCodeBytes)).digest('hex');
    return { file: resolve(file), digest, options };
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return problems.report(path, `${what} ${file} ${error.message}`, { hint: error.hint });
  }
}
