import { botProblems } from '../bot/check.js';
import { systemClock } from '../core/index.js';
import { type Problem, SwarmError } from '../errors.js';
import type { LoadedScenario } from '../scenario/load.js';
import { transformProblems } from '../transform/check.js';

/**
 * Loads the code that a scenario names, as the workers will: what is wrong with it is to be known before anything is started. This
 * runs what stands outside the classes of bots and transforms, and in the constructors of bots before `super`; and makes one transform.
 * @throws SwarmError `scenario-invalid` with every mistake in `problems`.
 */
export async function checkUserCode(scenario: LoadedScenario): Promise<void> {
  const { strays, problems } = await watched(async () => [
    ...(await transformProblems(scenario, process.env)),
    ...(await botProblems(scenario)),
  ]);
  const all = [...problems, ...(await Promise.all(strays.map(strayProblem)))];
  if (all.length === 0) return;
  const count = all.length === 1 ? 'a mistake' : `${all.length} mistakes`;
  const message = `The scenario ${scenario.file} has ${count} in its code; nothing was started.`;
  throw new SwarmError('scenario-invalid', message, { problems: all });
}

/** What `work` finds, and what was rejected meanwhile though nobody waited for it, which would otherwise end the process. */
async function watched(work: () => Promise<readonly Problem[]>) {
  const strays: unknown[] = [];
  const onStray = (error: unknown): void => {
    strays.push(error);
  };
  process.on('unhandledRejection', onStray);
  try {
    const problems = await work();
    // Node tells of them once all that is ready to go on has gone on.
    await new Promise<void>((resolve) => {
      systemClock.setImmediate(resolve);
    });
    return { strays, problems };
  } finally {
    process.off('unhandledRejection', onStray);
  }
}

async function strayProblem(error: unknown): Promise<Problem> {
  const { failure } = await import('../user-code/load.js');
  const { innermostFrame } = await import('../user-code/own-code.js');
  const { problemOf } = await import('../user-code/problem.js');
  const frame = innermostFrame(error);
  // Of the code as it was compiled: only its line is that of the user's.
  const place = frame && { ...frame, column: 1 };
  const stray = failure('go on, as a promise that nobody waits for was rejected', error, place);
  return problemOf(stray, 'the code', (message) => ({ message }));
}
