import type { Problem } from '../errors.js';
import type { LoadedScenario } from '../scenario/load.js';
import type { TransformPlan } from '../scenario/plan.js';
import { TransformError } from './transform.js';

/** Loads the transform of a scenario, as the workers will, makes one, and says what is wrong with it. */
export async function transformProblems({ plan, problemAt }: LoadedScenario): Promise<readonly Problem[]> {
  const { transform } = plan.protocol;
  if (transform === null) return [];
  const { UserCodeError } = await import('../user-code/load.js');
  const { problemOf } = await import('../user-code/problem.js');
  try {
    await tryOut(transform);
    return [];
  } catch (error) {
    if (!(error instanceof UserCodeError)) throw error;
    return [
      problemOf(error, `the transform ${transform.file}`, (message, hint) =>
        problemAt(['protocol', 'transform'], message, { hint }),
      ),
    ];
  }
}

/** @throws UserCodeError where it cannot be loaded, or made, or lacks a method. */
async function tryOut(plan: TransformPlan): Promise<void> {
  const { UserCodeError } = await import('../user-code/load.js');
  const { loadTransform } = await import('./load.js');
  const { make, placeOf } = await loadTransform(plan, process.env);
  try {
    make(0);
  } catch (error) {
    if (error instanceof TransformError) {
      throw new UserCodeError(error.message, { hint: 'it has encode(bytes) and decode(bytes), which return bytes' });
    }
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new UserCodeError(`cannot be made: ${message.split('\n')[0]}`, { place: placeOf(error) ?? undefined });
  }
}
