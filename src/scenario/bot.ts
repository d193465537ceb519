import type { PacketSet } from '../packets/index.js';
import { compileBotBroadcast } from './broadcast.js';
import { compileCode } from './code.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import type { ScenarioFiles } from './files.js';
import type { BotPlan, BroadcastPlan } from './plan.js';
import type { ProblemList } from './problem-list.js';
import type { ClientKindInput } from './schema.js';

/** What a bot does itself, so that a list beside it would never be played. */
const lists = ['start', 'loop', 'every', 'on'] as const;

/** What only bots read. */
const botKeys = ['options', 'broadcasts'] as const;

/**
 * The bot of a client kind, null where it has none; undefined where something is wrong, which is reported. Nothing is loaded yet.
 * `packets`: undefined where they are wrong, so that nothing can be said of its broadcasts.
 */
export function compileBot(
  input: Collected<ClientKindInput>,
  path: Path,
  packets: PacketSet | undefined,
  files: ScenarioFiles,
  problems: ProblemList,
): BotPlan | null | undefined {
  if (input.bot === undefined) {
    if (problems.has([...path, 'bot'])) return undefined;
    const stray = botKeys.filter((key) => input[key] !== undefined);
    for (const key of stray) {
      problems.report([...path, key], `\`${key}\` are a bot’s, and there is none`, {
        part: 'key',
        hint: 'write bot: ./my-bot.ts beside it, or leave it out',
      });
    }
    return stray.length === 0 ? null : undefined;
  }
  for (const list of lists) {
    if (input[list] === undefined) continue;
    problems.report([...path, list], `\`${list}\` and \`bot\` both say what the client does`, {
      part: 'key',
      hint: 'keep one of the two',
    });
  }
  const broadcasts = packets === undefined ? [] : compileBroadcasts(input, packets, [...path, 'broadcasts'], problems);
  const code = compileCode('the bot', input.bot, input.options, [...path, 'bot'], files, problems);
  return code && { ...code, broadcasts };
}

function compileBroadcasts(
  { broadcasts = [] }: Collected<ClientKindInput>,
  packets: PacketSet,
  path: Path,
  problems: ProblemList,
): readonly BroadcastPlan[] {
  return broadcasts.flatMap((input, i) => {
    if (input === undefined) return [];
    return compileBotBroadcast(input, packets, [...path, i], problems.report) ?? [];
  });
}
