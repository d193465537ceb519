import type { Problem } from '../errors.js';
import type { LoadedScenario } from '../scenario/load.js';

/**
 * Loads the bots of a scenario, as the workers will, tries their constructors, and says what is wrong with them. This runs the code
 * that stands outside their classes, and in their constructors before `super`.
 */
export async function botProblems({ plan, problemAt }: LoadedScenario): Promise<readonly Problem[]> {
  if (plan.kinds.every(({ bot }) => bot === null)) return [];
  const { tryBot } = await import('./load.js');
  const { UserCodeError } = await import('../user-code/load.js');
  const { problemOf } = await import('../user-code/problem.js');
  const problems: Problem[] = [];
  for (const { name, bot } of plan.kinds) {
    if (bot === null) continue;
    try {
      await tryBot(bot.file);
    } catch (error) {
      if (!(error instanceof UserCodeError)) throw error;
      const inScenario = (message: string, hint: string | undefined) =>
        problemAt(['clients', name, 'bot'], message, { hint });
      problems.push(problemOf(error, `the bot ${bot.file}`, inScenario));
    }
  }
  return problems;
}
