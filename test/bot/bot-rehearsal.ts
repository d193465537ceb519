import { Bot } from '../../src/bot/bot.js';
import { botDriver } from '../../src/bot/bot-driver.js';
import type { BotClass } from '../../src/bot/bot-kind.js';
import type { Plan } from '../../src/scenario/plan.js';
import { kind, planOf } from '../support/plans.js';
import { Rehearsal, type RehearsalOptions } from '../worker/rehearsal.js';

/** The packets of `support/plans.ts`. */
export interface TestPackets {
  C_Ask: { n: number };
  S_Answer: { n: number };
  C_Tell: { n: number };
  S_News: { n: number };
}

/** The ids of these packets on the wire. */
export const ids = { ask: 1, answer: 2, tell: 3, news: 4 } as const;

export abstract class TestBot extends Bot<TestPackets> {}

export interface BotRehearsalOptions extends RehearsalOptions {
  readonly plan?: Plan;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Where every error is said to be. */
const place = { file: 'my-bot.ts', line: 3, column: 7 };

/** A worker whose clients are bots of this class, on the virtual clock. */
export function rehearse(BotClass: BotClass, { plan, options = {}, ...rest }: BotRehearsalOptions = {}): Rehearsal {
  const driver = botDriver({ BotClass, options, env: { WHERE: 'here' }, file: place.file, placeOf: () => place });
  return new Rehearsal(plan ?? planOf([kind()]), { ...rest, drivers: new Map([['bot', driver]]) });
}

/** The samples that the worker reported, by kind, with how often each came. */
export function samplesOf({ messages }: Rehearsal): Readonly<Record<string, number>> {
  const samples: Record<string, number> = {};
  for (const message of messages) {
    if (message.type !== 'snapshot') continue;
    for (const { kind: name, count } of message.samples) samples[name] = (samples[name] ?? 0) + count;
  }
  return samples;
}
