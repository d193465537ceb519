import { mostProblems, type Problem } from '../errors.js';

/** Ends the reading of what has so many mistakes that the rest is not looked at. */
class EnoughFound extends Error {}

/** What was found to be wrong with what a user wrote, up to as many mistakes as are enough. */
export class FoundProblems {
  /** By their places and words. */
  readonly #found = new Map<string, Problem>();

  /** In the order in which they were found. */
  get all(): readonly Problem[] {
    return [...this.#found.values()];
  }

  /** Adds one that is not known yet; where it makes enough of them, it ends the work that `during` plays. */
  add(problem: Problem): void {
    const { place, message } = problem;
    // What an alias stands for is read wherever it stands, and is wrong each time.
    this.#found.set(JSON.stringify([place?.file, place?.line, place?.column, message]), problem);
    if (this.#found.size >= mostProblems) throw new EnoughFound();
  }

  /** Plays work that adds to these. @returns what it gives; undefined where enough was found before its end. */
  during<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      if (error instanceof EnoughFound) return undefined;
      throw error;
    }
  }
}
