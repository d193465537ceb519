import { dirname, isAbsolute, join, normalize } from 'node:path';
import { FileProblem } from '../text-file.js';
import { isWithin } from '../within.js';
import type { Path } from './document.js';
import type { ProblemList } from './problem-list.js';
import { type Root, realPath } from './root.js';

export { FileProblem, readBytesFile, readTextFile } from '../text-file.js';

/**
 * The folder of a scenario, from which the paths in it count. A pipe that has no name, as in `swarm run <(make-scenario)`, lies in
 * none: then it is the current one.
 */
export function folderOf(scenarioFile: string): string {
  return realPath(scenarioFile) === undefined ? '.' : normalize(dirname(scenarioFile));
}

/** The files that a scenario names: where they are, and whether they may be read. */
export class ScenarioFiles {
  readonly #folder: string;
  readonly #root: Root;
  readonly #problems: ProblemList;

  /** @param folder the scenario's. */
  constructor(folder: string, root: Root, problems: ProblemList) {
    this.#folder = folder;
    this.#root = root;
    this.#problems = problems;
  }

  /** The path of what the scenario calls `named`, wherever that lies. No `..` is left behind a link, where a system reads it otherwise than `resolve` does. */
  pathOf(named: string): string {
    return isAbsolute(named) ? normalize(named) : join(this.#folder, named);
  }

  /**
   * The path of the file that stands at `at` in the scenario as `named`.
   * @throws FileProblem where it lies outside the root.
   */
  resolve(named: string, at: Path): string {
    const file = this.pathOf(named);
    if (!this.#isUsersChoice(at)) this.#root.check(file);
    return file;
  }

  /** As above, but reports what is wrong, and is undefined then. */
  locate(named: string, at: Path): string | undefined {
    try {
      return this.resolve(named, at);
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      return this.#problems.report(at, `\`${named}\` ${error.message}`, { hint: error.hint });
    }
  }

  /** Refuses, with a FileProblem, what may not be imported by `file`, which `at` names: one that the user chose may import from its own folder too. */
  importCheck(file: string, at: Path): (imported: string) => void {
    const ownFolder = this.#isUsersChoice(at) ? dirname(file) : null;
    return (imported) => {
      if (ownFolder === null || !isWithin(ownFolder, imported)) this.#root.check(imported);
    };
  }

  /** What the command line put in place of the scenario's own is not the scenario's to choose. */
  #isUsersChoice(at: Path): boolean {
    return this.#problems.isOption(at);
  }
}
