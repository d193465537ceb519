import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { createJiti, type Jiti } from 'jiti';
import type { Place } from '../errors.js';
import { type Frame, innermostFrame } from './own-code.js';

/** Code that cannot be loaded. `place` is in the user's files, where the mistake has one there. */
export class UserCodeError extends Error {
  override readonly name = 'UserCodeError';
  readonly hint: string | undefined;
  readonly place: Place | undefined;

  constructor(message: string, { hint, place }: { hint?: string; place?: Place | undefined } = {}) {
    super(message);
    this.hint = hint;
    this.place = place;
  }
}

/** A file of code, loaded. */
export interface LoadedCode {
  readonly file: string;
  /** Its default export; undefined where it has none. */
  readonly exported: unknown;
  /** Where the user's code threw; null where that cannot be told. */
  placeOf(error: unknown): Place | null;
}

/**
 * Loads one file of code, TypeScript or JavaScript, and what it imports; runs what stands outside its classes and functions.
 * `swarm`: what it gets from `tcp-swarm`, so that it shares the swarm that runs, whichever is installed beside the file.
 * @throws UserCodeError where it is not code, or throws.
 */
export async function loadCode(file: string, swarm: Readonly<Record<string, unknown>> = {}): Promise<LoadedCode> {
  const jiti = createJiti(import.meta.url, {
    // A cache of ours beside the user's files would be more to explain than it saves.
    fsCache: false,
    tryNative: false,
    sourceMaps: true,
    virtualModules: { 'tcp-swarm': swarm },
  });
  const places = new SourcePlaces(jiti);
  return { file, exported: await evaluate(jiti, file, places), placeOf: (error) => places.of(error) };
}

async function evaluate(jiti: Jiti, file: string, places: SourcePlaces): Promise<unknown> {
  try {
    const module = await jiti.import<{ readonly default?: unknown }>(file);
    return module.default;
  } catch (error) {
    const syntax = syntaxError(error);
    if (syntax !== null) throw syntax;
    throw failure('be loaded', error, places.of(error));
  }
}

/** What a user's code threw when it was to be loaded, or made, or whatever is wanted of it before the start. */
export function failure(wanted: string, error: unknown, place: Place | null): UserCodeError {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new UserCodeError(`cannot ${wanted}: ${message.split('\n')[0]}`, { place: place ?? undefined });
}

/** jiti says where code is no code in the words alone, with columns from 0. */
function syntaxError(error: unknown): UserCodeError | null {
  const [, reason = '', file = '', line, column] =
    /^ParseError: (.*?)\.?\s*\n\s*(.+):(\d+):(\d+)\s*$/.exec(error instanceof Error ? error.message : '') ?? [];
  if (reason === '') return null;
  return new UserCodeError(`is not code that can be read: ${reason}`, {
    place: { file, line: Number(line), column: Number(column) + 1 },
  });
}

/** Finds the places of errors in what the user wrote, not in what it was compiled to. */
class SourcePlaces {
  readonly #jiti: Jiti;
  /** By file; null for one that cannot be read again. */
  readonly #maps = new Map<string, SourceMap | null>();

  constructor(jiti: Jiti) {
    this.#jiti = jiti;
  }

  of(error: unknown): Frame | null {
    const frame = innermostFrame(error);
    if (frame === null) return null;
    const entry = this.#mapOf(frame.file)?.findEntry(frame.line - 1, frame.column - 1);
    if (entry === undefined || !('originalLine' in entry)) return frame;
    return { file: frame.file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }

  /** Compiles the file once more: errors are rare, and maps of all that was loaded large. */
  #mapOf(file: string): SourceMap | null {
    let map = this.#maps.get(file);
    if (map === undefined) {
      map = this.#compileMap(file);
      this.#maps.set(file, map);
    }
    return map;
  }

  #compileMap(file: string): SourceMap | null {
    try {
      const source = readFileSync(file, 'utf8');
      const code = this.#jiti.transform({ source, filename: file, ts: /\.[cm]?tsx?$/.test(file), async: true });
      const [, base64] = /sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,(\S+)/.exec(code) ?? [];
      if (base64 === undefined) return null;
      return new SourceMap(JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as SourceMapPayload);
    } catch {
      // The file changed since, and is not code any more: the compiled place has the right line all the same.
      return null;
    }
  }
}
