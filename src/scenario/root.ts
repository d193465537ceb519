import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, parse, relative } from 'node:path';
import { SwarmError } from '../errors.js';
import { FileProblem } from '../text-file.js';
import { isWithin } from '../within.js';

/**
 * The folder that holds all that a scenario may name: whoever wrote the scenario decides what is sent, and where to, and is not to
 * choose among all the files of whoever runs it.
 */
export class Root {
  /** Without links, as is every path that is held against it. */
  readonly #folder: string;
  /** As problems call it. */
  readonly #name: string;

  private constructor(folder: string, name: string) {
    this.#folder = realpathSync.native(folder);
    this.#name = name;
  }

  /**
   * The folder that the user gave as `--root`, else the scenario's own.
   * @throws SwarmError `root-invalid` where there is no such folder.
   */
  static of(scenarioFolder: string, given: string | undefined): Root {
    if (given === undefined) return new Root(scenarioFolder, 'the scenario’s folder');
    if (isFolder(given)) return new Root(given, `\`--root ${given}\``);
    throw new SwarmError('root-invalid', `--root ${given}: there is no such folder.`, {
      hint: 'Name the folder that holds all that the scenario names.',
    });
  }

  /** @throws FileProblem for a file that leads out of the folder, links followed. What is not there passes: reading it says so. */
  check(file: string): void {
    const place = realPath(file);
    // What is there and has no path, such as an open file that was deleted, lies nowhere, and so not in the folder.
    if (place === undefined ? !existsSync(file) : isWithin(this.#folder, place)) return;
    const leadsTo = place ?? file;
    throw new FileProblem(
      `leads to ${leadsTo}, outside ${this.#name}`,
      `copy it there, or say \`--root ${shellWord(fromHere(this.#commonFolder(leadsTo)))}\`: what a scenario names may then lie anywhere below that folder`,
    );
  }

  /** The nearest folder that holds both this one and `path`. */
  #commonFolder(path: string): string {
    let folder = this.#folder;
    while (!isWithin(folder, path)) folder = dirname(folder);
    return folder;
  }
}

/** The path without links, as the system finds it: Node's own `realpathSync` makes up one for a pipe. Undefined where nothing has such a path. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A folder as it is called from the current one. */
function fromHere(folder: string): string {
  return folder === parse(folder).root ? folder : relative('', folder) || '.';
}

/** A path as a shell takes it. */
function shellWord(path: string): string {
  return /^[\p{L}\p{N}_./@:+-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
