import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { createJiti, type Jiti } from 'jiti';
import type { DriverFactory } from '../client/driver.js';
import type { Place } from '../errors.js';
import type { Plan } from '../scenario/plan.js';
import { Bot } from './bot.js';
import { botDriver, type StrayErrors } from './bot-driver.js';
import type { BotClass, LoadedBot } from './bot-kind.js';
import { NoReply } from './no-reply.js';
import { type Frame, innermostFrame } from './own-code.js';

/** A bot that cannot be loaded. `place` is in the user's code, where the mistake has one there. */
export class BotLoadError extends Error {
  override readonly name = 'BotLoadError';
  readonly hint: string | undefined;
  readonly place: Place | undefined;

  constructor(message: string, { hint, place }: { hint?: string; place?: Place | undefined } = {}) {
    super(message);
    this.hint = hint;
    this.place = place;
  }
}

/** The bots of a plan. */
export interface LoadedBots {
  /** What drives the clients, by the name of their kind. */
  readonly drivers: ReadonlyMap<string, DriverFactory>;
  /** An error that nobody caught: counts it where it is a bot's, as one whose promise it did not wait for; else false. */
  onUncaught(error: unknown): boolean;
}

/**
 * Loads every bot of a plan. `env` is what bots see as theirs.
 * @throws BotLoadError
 */
export async function loadBots(
  { kinds }: Pick<Plan, 'kinds'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LoadedBots> {
  const drivers = new Map<string, DriverFactory>();
  const strays = new Map<string, StrayErrors>();
  for (const { name, bot } of kinds) {
    if (bot === null) continue;
    const surroundings = { ...(await loadBot(bot.file)), options: bot.options, env };
    drivers.set(
      name,
      botDriver(surroundings, (countStray) => strays.set(bot.file, countStray)),
    );
  }
  return {
    drivers,
    onUncaught(error) {
      const frame = innermostFrame(error);
      // What bots reject with need not be an error; what we throw is one.
      const isRejectedValue = error instanceof Error && 'code' in error && error.code === 'ERR_UNHANDLED_REJECTION';
      if (frame === null && !isRejectedValue) return false;
      const countStray = strays.get(frame?.file ?? '') ?? [...strays.values()][0];
      countStray?.(error);
      return countStray !== undefined;
    },
  };
}

/**
 * Loads one file of code, TypeScript or JavaScript, and what it imports; runs what stands outside its class.
 * @throws BotLoadError where it is not code, throws, or has no bot as its default export.
 */
export async function loadBot(file: string): Promise<LoadedBot> {
  // A cache of ours beside the user's files would be more to explain than it saves.
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    tryNative: false,
    sourceMaps: true,
    // The class that a bot extends is the one of the swarm that runs, whichever is installed beside the file.
    virtualModules: { 'tcp-swarm': { Bot, NoReply } },
  });
  const places = new SourcePlaces(jiti);
  const exported = await evaluate(jiti, file, places);
  if (typeof exported !== 'function') {
    throw new BotLoadError('has no class as its default export', {
      hint: 'write export default class MyBot extends Bot { … }',
    });
  }
  if (!(exported.prototype instanceof Bot)) {
    throw new BotLoadError(`exports ${exported.name || 'a function'}, which does not extend Bot`, {
      hint: "write import { Bot } from 'tcp-swarm', and export default class MyBot extends Bot { … }",
    });
  }
  return {
    BotClass: exported as BotClass,
    locate(error) {
      const place = places.of(error);
      return place === null ? null : `${place.file}:${place.line}:${place.column}`;
    },
  };
}

async function evaluate(jiti: Jiti, file: string, places: SourcePlaces): Promise<unknown> {
  try {
    const module = await jiti.import<{ readonly default?: unknown }>(file);
    return module.default;
  } catch (error) {
    const syntax = syntaxError(error);
    if (syntax !== null) throw syntax;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new BotLoadError(`cannot be loaded: ${message.split('\n')[0]}`, { place: places.of(error) ?? undefined });
  }
}

/** jiti says where code is no code in the words alone, with columns from 0. */
function syntaxError(error: unknown): BotLoadError | null {
  const [, reason = '', file = '', line, column] =
    /^ParseError: (.*?)\.?\s*\n\s*(.+):(\d+):(\d+)\s*$/.exec(error instanceof Error ? error.message : '') ?? [];
  if (reason === '') return null;
  return new BotLoadError(`is not code that can be read: ${reason}`, {
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
