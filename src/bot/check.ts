import { existsSync, readFileSync } from 'node:fs';
import { type Place, type Problem, SwarmError } from '../errors.js';
import type { LoadedScenario } from '../scenario/load.js';

/**
 * Loads the bots of a scenario, as the workers will: what is wrong with them is to be known before anything is started. This runs the
 * code that stands outside their classes.
 * @throws SwarmError `scenario-invalid` with every mistake in `problems`.
 */
export async function checkBots({ plan, file, problemAt }: LoadedScenario): Promise<void> {
  if (plan.kinds.every(({ bot }) => bot === null)) return;
  const { BotLoadError, loadBot } = await import('./load.js');
  const problems: Problem[] = [];
  for (const { name, bot } of plan.kinds) {
    if (bot === null) continue;
    try {
      await loadBot(bot.file);
    } catch (error) {
      if (!(error instanceof BotLoadError)) throw error;
      const { hint, place } = error;
      const message = `the bot ${bot.file} ${error.message}`;
      if (place === undefined) problems.push(problemAt(['clients', name, 'bot'], message, { hint }));
      else problems.push({ message, place, ...sourceAt(place) });
    }
  }
  if (problems.length === 0) return;
  const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
  throw new SwarmError('scenario-invalid', `The scenario ${file} has ${count} in its bots; nothing was started.`, {
    problems,
  });
}

/** The line as it stands there; nothing where the file is gone. */
function sourceAt({ file, line }: Place): Pick<Problem, 'sourceLine'> {
  if (!existsSync(file)) return {};
  return { sourceLine: readFileSync(file, 'utf8').split(/\r?\n/)[line - 1] ?? '' };
}
