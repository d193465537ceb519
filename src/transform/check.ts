import type { Problem } from '../errors.js';
import type { LoadedScenario } from '../scenario/load.js';
import type { TransformContext } from './transform.js';

/** Loads the transform of a scenario, as the workers will, makes one, and says what is wrong with it. */
export async function transformProblems(
  { plan, problemAt }: LoadedScenario,
  env: TransformContext['env'],
): Promise<readonly Problem[]> {
  const { transform } = plan.protocol;
  if (transform === null) return [];
  const { tryTransform } = await import('./load.js');
  const { UserCodeError } = await import('../user-code/load.js');
  const { problemOf } = await import('../user-code/problem.js');
  try {
    await tryTransform(transform, env);
    return [];
  } catch (error) {
    if (!(error instanceof UserCodeError)) throw error;
    const inScenario = (message: string, hint: string | undefined) =>
      problemAt(['protocol', 'transform'], message, { hint });
    return [problemOf(error, `the transform ${transform.file}`, inScenario)];
  }
}
