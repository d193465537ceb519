import type { Problem } from '../errors.js';
import { FoundProblems } from '../packets/found-problems.js';
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
  readonly #found = new FoundProblems();
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
    for (const problem of problems) this.#found.add(problem);
  }

  /** Plays work that reports here. @returns what it gives; undefined where enough mistakes were found before its end. */
  during<Result>(work: () => Result): Result | undefined {
    return this.#found.during(work);
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
    const files = [...new Set(this.#found.all.map(({ place }) => place?.file))];
    const rank = ({ place }: Problem) => (place === undefined ? -1 : files.indexOf(place.file));
    return this.#found.all.toSorted((a, b) => {
      const byFile = rank(a) - rank(b);
      if (byFile !== 0 || a.place === undefined || b.place === undefined) return byFile;
      return a.place.line - b.place.line || a.place.column - b.place.column;
    });
  }
}

/** Tells apart the item 1 of a list and the key `1`. */
function keyOf(path: Path): string {
  return JSON.stringify(path);
}
