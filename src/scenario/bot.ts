import { compileCode } from './code.js';
import type { Collected } from './collect.js';
import type { Path } from './document.js';
import type { CodePlan } from './plan.js';
import type { ProblemList } from './problem-list.js';
import type { ClientKindInput } from './schema.js';

/** What a bot does itself, so that a list beside it would never be played. */
const lists = ['start', 'loop', 'every', 'on'] as const;

/** The bot of a client kind, null where it has none; undefined where something is wrong, which is reported. Nothing is loaded yet. */
export function compileBot(
  input: Collected<ClientKindInput>,
  path: Path,
  scenarioFile: string,
  problems: ProblemList,
): CodePlan | null | undefined {
  if (input.bot === undefined) {
    if (problems.has([...path, 'bot'])) return undefined;
    if (input.options === undefined) return null;
    return problems.report([...path, 'options'], '`options` are a bot’s, and there is none', {
      part: 'key',
      hint: 'write bot: ./my-bot.ts beside it, or leave it out',
    });
  }
  for (const list of lists) {
    if (input[list] === undefined) continue;
    problems.report([...path, list], `\`${list}\` and \`bot\` both say what the client does`, {
      part: 'key',
      hint: 'keep one of the two',
    });
  }
  return compileCode('the bot', input.bot, input.options, [...path, 'bot'], scenarioFile, problems);
}
