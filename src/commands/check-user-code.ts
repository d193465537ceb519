import { botProblems } from '../bot/check.js';
import { SwarmError } from '../errors.js';
import type { LoadedScenario } from '../scenario/load.js';
import { transformProblems } from '../transform/check.js';

/**
 * Loads the code that a scenario names, as the workers will: what is wrong with it is to be known before anything is started. This
 * runs what stands outside the classes of bots and transforms, and makes one transform.
 * @throws SwarmError `scenario-invalid` with every mistake in `problems`.
 */
export async function checkUserCode(scenario: LoadedScenario): Promise<void> {
  const problems = [...(await transformProblems(scenario)), ...(await botProblems(scenario))];
  if (problems.length === 0) return;
  const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
  throw new SwarmError(
    'scenario-invalid',
    `The scenario ${scenario.file} has ${count} in its code; nothing was started.`,
    {
      problems,
    },
  );
}
