import { mostProblems, type Problem } from '../errors.js';

/** Ends the reading of what has so many mistakes that the rest is not looked at. */
class EnoughFound extends Error {}

/** What was found to be wrong with what a user wrote, up to as many mistakes as are enough. */
export class FoundProblems {
  readonly #found: Problem[] = [];

  /** In the order in which they were found. */
  get all(): readonly Problem[] {
    return this.#found;
  }

  /** Adds one; where it makes enough of them, it ends the work that `during` plays. */
  add(problem: Problem): void {
    this.#found.push(problem);
    if (this.#found.length >= mostProblems) throw new EnoughFound();
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
