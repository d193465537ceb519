import type { LoadedCode } from './load.js';

/** Messages with changing values in them are described anew each time: more are not worth their memory. */
const mostKept = 100;

/** Says what a user's code threw, and where. The words are kept by message, because finding a place takes time. */
export class ErrorWords {
  readonly #placeOf: LoadedCode['placeOf'];
  readonly #words = new Map<string, string>();

  constructor(placeOf: LoadedCode['placeOf']) {
    this.#placeOf = placeOf;
  }

  /** `file:line:column: Error: message`; without the place where that cannot be told. */
  of(error: unknown): string {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`;
    const known = this.#words.get(message);
    if (known !== undefined) return known;
    const place = this.#placeOf(error);
    const words = place === null ? message : `${place.file}:${place.line}:${place.column}: ${message}`;
    if (this.#words.size < mostKept) this.#words.set(message, words);
    return words;
  }
}
