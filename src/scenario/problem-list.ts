import type { Problem } from '../errors.js';
import type { Span } from '../packets/source-text.js';
import type { Part, Path, ScenarioDocument } from './document.js';

export interface ReportOptions {
  readonly hint?: string | undefined;
  /** Whether the key or the value at the path is meant; the value by default. */
  readonly part?: Part;
  /** A stretch of the text there. */
  readonly within?: Span;
}

/** Notes one mistake at a path of the scenario. Returns undefined, for `return report(…)` where a value was to come. */
export type Report = (path: Path, message: string, options?: ReportOptions) => undefined;

/** Gathers what is wrong with a scenario and the files beside it. */
export class ProblemList {
  readonly #document: ScenarioDocument;
  readonly #problems: Problem[] = [];
  /** The paths of mistakes, and of all that they are in. */
  readonly #paths = new Set<string>();

  constructor(document: ScenarioDocument) {
    this.#document = document;
  }

  readonly report: Report = (path, message, options = {}) => {
    for (let depth = 0; depth <= path.length; depth++) this.#paths.add(keyOf(path.slice(0, depth)));
    this.add([this.#document.problem(path, message, options)]);
    return undefined;
  };

  add(problems: readonly Problem[]): void {
    this.#problems.push(...problems);
  }

  /** Whether a mistake was reported at `path` or within it: what is missing there was not left out. */
  has(path: Path): boolean {
    return this.#paths.has(keyOf(path));
  }

  /** Whether an option of the command line set the value at `path`. */
  isOption(path: Path): boolean {
    return this.#document.overrideOf(path) !== undefined;
  }

  /** Everything reported, each mistake once, options first, then file by file in the order of the lines. */
  sorted(): readonly Problem[] {
    // What an alias stands for is read wherever it stands, and is wrong each time.
    const problems = new Map(this.#problems.map((problem) => [wordsOf(problem), problem]));
    const files = [...new Set(this.#problems.map(({ place }) => place?.file))];
    const rank = ({ place }: Problem) => (place === undefined ? -1 : files.indexOf(place.file));
    return [...problems.values()].toSorted((a, b) => {
      const byFile = rank(a) - rank(b);
      if (byFile !== 0 || a.place === undefined || b.place === undefined) return byFile;
      return a.place.line - b.place.line || a.place.column - b.place.column;
    });
  }
}

/** What tells mistakes apart: where each is, and what is wrong. */
function wordsOf({ place, message }: Problem): string {
  return JSON.stringify([place?.file, place?.line, place?.column, message]);
}

/** Tells apart the item 1 of a list and the key `1`. */
function keyOf(path: Path): string {
  return JSON.stringify(path);
}
