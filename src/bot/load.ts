import type { DriverFactory } from '../client/driver.js';
import type { Plan } from '../scenario/plan.js';
import { loadCode, UserCodeError } from '../user-code/load.js';
import { innermostFrame, isUsersOwn } from '../user-code/own-code.js';
import { Bot } from './bot.js';
import { botDriver, type StrayErrors } from './bot-driver.js';
import type { BotClass, LoadedBot } from './bot-kind.js';
import { NoReply } from './no-reply.js';
import { trySeat } from './trial.js';

/** The bots of a plan. */
export interface LoadedBots {
  /** What drives the clients, by the name of their kind. */
  readonly drivers: ReadonlyMap<string, DriverFactory>;
  /** An error that nobody caught: counts it where it is a bot's, as one whose promise it did not wait for; else false. */
  onUncaught(error: unknown): boolean;
}

/**
 * Loads every bot of a plan. `env` is what bots see as theirs.
 * @throws UserCodeError
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
      if (!isUsersOwn(error)) return false;
      const countStray = strays.get(innermostFrame(error)?.file ?? '') ?? [...strays.values()][0];
      countStray?.(error);
      return countStray !== undefined;
    },
  };
}

/**
 * Loads the bot in `file`, and what it imports; runs what stands outside its class.
 * @throws UserCodeError where it is not code, throws, or has no bot as its default export.
 */
export async function loadBot(file: string): Promise<LoadedBot> {
  const { exported, placeOf } = await loadCode(file, { Bot, NoReply });
  if (typeof exported !== 'function') {
    throw new UserCodeError('has no class as its default export', {
      hint: 'write export default class MyBot extends Bot { … }',
    });
  }
  if (!(exported.prototype instanceof Bot)) {
    throw new UserCodeError(`exports ${exported.name || 'a function'}, which does not extend Bot`, {
      hint: "write import { Bot } from 'tcp-swarm', and export default class MyBot extends Bot { … }",
    });
  }
  return { BotClass: exported as BotClass, file, placeOf };
}

/**
 * Loads the bot in `file` and tries whether its constructor, where it has one of its own, hands on its seat.
 * @throws UserCodeError as `loadBot` does, and where it does not.
 */
export async function tryBot(file: string): Promise<void> {
  const { BotClass, placeOf } = await loadBot(file);
  const missing = trySeat(BotClass);
  if (missing === null) return;
  throw new UserCodeError(`cannot be made: ${missing.message}`, {
    hint: 'leave the constructor out: fields and onStart do',
    place: placeOf(missing) ?? undefined,
  });
}
