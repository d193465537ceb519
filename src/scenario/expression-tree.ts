import type { Span } from '../packets/source-text.js';

/** A part of an expression, as the CEL library's parser has it: its types leave out what stands where. */
export interface ExpressionNode {
  readonly op: string;
  readonly args: unknown;
  readonly start?: number;
  readonly end?: number;
}

/** `receiver.name(args)`. */
export interface MethodCall {
  readonly name: string;
  readonly receiver: ExpressionNode;
  readonly args: readonly ExpressionNode[];
}

/** The call of a method, where `node` is one. */
export function methodCall({ op, args }: ExpressionNode): MethodCall | undefined {
  if (op !== 'rcall' || !Array.isArray(args)) return undefined;
  const [name, receiver, given] = args as readonly unknown[];
  return typeof name === 'string' && isNode(receiver) ? { name, receiver, args: childrenOf(given) } : undefined;
}

/** The parts right below a node, by its `args`. */
export function childrenOf(args: unknown): readonly ExpressionNode[] {
  if (isNode(args)) return [args];
  return Array.isArray(args) ? args.flatMap(childrenOf) : [];
}

export function isNode(value: unknown): value is ExpressionNode {
  return typeof value === 'object' && value !== null && 'op' in value;
}

/** Where a node stands in the text of its expression. */
export function spanOf({ start = 0, end = start + 1 }: ExpressionNode): Span {
  return { start, end };
}
