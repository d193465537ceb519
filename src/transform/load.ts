import type { CodePlan } from '../scenario/plan.js';
import { ErrorWords } from '../user-code/error-words.js';
import { failure, type LoadedCode, loadCode, UserCodeError } from '../user-code/load.js';
import { type Transform, type TransformCode, type TransformContext, TransformError } from './transform.js';

type Maker = (context: TransformContext) => unknown;

/**
 * Loads the module of a transform, and what it imports; runs what stands outside its class. `env` is what transforms see as theirs.
 * @throws UserCodeError where it is not code, throws, or has neither a class nor a function as its default export.
 */
export async function loadTransform(
  { file, options }: CodePlan,
  env: TransformContext['env'],
): Promise<TransformCode & Pick<LoadedCode, 'placeOf'>> {
  const { exported, placeOf } = await loadCode(file);
  if (typeof exported !== 'function') {
    throw new UserCodeError('has neither a class nor a function as its default export', {
      hint: 'write export default class MyCipher { encode(bytes) { … } decode(bytes) { … } }',
    });
  }
  const words = new ErrorWords({ file, placeOf });
  return {
    placeOf,
    make: (index) => checkShape(construct(exported, { index, options, env })),
    describe: (error) => (error instanceof TransformError ? `${file}: it ${error.message}` : words.of(error)),
  };
}

/**
 * Loads a transform and makes one, as each connection does.
 * @throws UserCodeError where it cannot be loaded, or made, or lacks a method.
 */
export async function tryTransform(plan: CodePlan, env: TransformContext['env']): Promise<void> {
  const { make, placeOf } = await loadTransform(plan, env);
  try {
    make(0);
  } catch (error) {
    if (!(error instanceof TransformError)) throw failure('be made', error, placeOf(error));
    throw new UserCodeError(error.message, { hint: 'it has encode(bytes) and decode(bytes), which return bytes' });
  }
}

/** Arrow functions and methods have no prototype, and no `new`; what a plain function returns is what `new` gives. */
function construct(exported: unknown, context: TransformContext): unknown {
  const { prototype } = exported as { readonly prototype?: unknown };
  return prototype === undefined ? (exported as Maker)(context) : Reflect.construct(exported as Maker, [context]);
}

function checkShape(made: unknown): Transform {
  const methods = (made ?? {}) as Partial<Record<keyof Transform, unknown>>;
  for (const method of ['encode', 'decode'] as const) {
    if (typeof methods[method] !== 'function') throw new TransformError(`has no method \`${method}\``);
  }
  return made as Transform;
}
