import type { LoadedCode } from './load.js';

/** Messages with changing values in them are described anew each time: more are not worth their memory. */
const mostKept = 100;

/** Says what a user's code threw, and where. The words are kept by message, because finding a place takes time. */
export class ErrorWords {
  readonly #code: Pick<LoadedCode, 'file' | 'placeOf'>;
  readonly #words = new Map<string, string>();

  constructor(code: Pick<LoadedCode, 'file' | 'placeOf'>) {
    this.#code = code;
  }

  /** `file:line:column: Error: message`; without line and column where they cannot be told, as of what is thrown and is no error. */
  of(error: unknown): string {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`;
    const known = this.#words.get(message);
    if (known !== undefined) return known;
    const place = this.#code.placeOf(error);
    const where = place === null ? this.#code.file : `${place.file}:${place.line}:${place.column}`;
    const words = `${where}: ${message}`;
    if (this.#words.size < mostKept) this.#words.set(message, words);
    return words;
  }
}
