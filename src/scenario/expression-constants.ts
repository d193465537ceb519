import { type ASTNode, serialize } from '@marcbachmann/cel-js';
import { childrenOf, type ExpressionNode, methodCall } from './expression-tree.js';

/** What became of the constant parts of an expression. */
export type Constants =
  | {
      readonly failed: false;
      /** What the whole of it gives, where it is constant. */
      readonly value?: unknown;
    }
  | { readonly failed: true; readonly node: ExpressionNode; readonly error: unknown };

/**
 * Works out each part of an expression that names no variable: one that fails would do so every time. So would a draw whose
 * limits are constant and wrong. Loops name their items, and so are not played here, which bounds the time that this takes.
 * @param evaluate works out a text in CEL, with random numbers of any kind.
 */
export function workOutConstants(node: ExpressionNode, evaluate: (source: string) => unknown): Constants {
  const isFixed = isConstant(node);
  if (!isFixed && !isConstantDraw(node)) return firstFailure(node, evaluate) ?? { failed: false };
  try {
    const value = evaluate(serialize(node as unknown as ASTNode));
    return isFixed ? { failed: false, value } : { failed: false };
  } catch (error) {
    // The smallest part that fails is the one to point at.
    return firstFailure(node, evaluate) ?? { failed: true, node, error };
  }
}

function firstFailure({ args }: ExpressionNode, evaluate: (source: string) => unknown): Constants | undefined {
  for (const child of childrenOf(args)) {
    const found = workOutConstants(child, evaluate);
    if (found.failed) return found;
  }
  return undefined;
}

function isConstant({ op, args }: ExpressionNode): boolean {
  return op !== 'id' && childrenOf(args).every(isConstant);
}

/** `random.name(…)` of nothing but constants. */
function isConstantDraw(node: ExpressionNode): boolean {
  const call = methodCall(node);
  return call?.receiver.op === 'id' && call.receiver.args === 'random' && call.args.every(isConstant);
}
