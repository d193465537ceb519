import { childrenOf, type ExpressionNode, methodCall } from './expression-tree.js';

/** The macros that go through a list, item by item. */
const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Loops within each other: each one more multiplies the time by the length of its list. */
const deepest = 2;

/** A part of an expression that must not stand there: sentences without full stops. */
export interface Unbounded {
  readonly node: ExpressionNode;
  readonly message: string;
  readonly hint: string;
}

/**
 * The first part of an expression by which it could run for hours, or fill the memory, in a line: then a worker would hang, and
 * nothing could stop it. CEL's programs all end, but `[a, b].map(x, x + x)` doubles what it goes through, and so does each
 * further `map` behind it; named by `cel.bind`, values do so too. Without those, and two loops deep, an expression takes time in
 * proportion to its length and to the square of the longest list.
 */
export function unboundedPart(node: ExpressionNode, depth = 0): Unbounded | undefined {
  const call = methodCall(node);
  if (call?.name === 'bind' && isNamespace(call.receiver)) {
    return { node, message: 'cel.bind() is not supported', hint: 'write the value where it is used, or save it first' };
  }
  if (call === undefined || !loops.has(call.name)) return firstOf(childrenOf(node.args), depth);
  if (depth === deepest) {
    const message = `${call.name}() is the third loop within a loop: so an expression may never end`;
    return { node, message, hint: 'two loops within each other are allowed; a bot may do more' };
  }
  const grown = mapWithin(call.receiver);
  if (grown !== undefined) {
    const message = `${call.name}() goes through what map() made, which may be larger each time`;
    return { node: grown, message, hint: 'put both in one: list.map(item, condition, value)' };
  }
  return unboundedPart(call.receiver, depth) ?? firstOf(call.args, depth + 1);
}

function firstOf(nodes: readonly ExpressionNode[], depth: number): Unbounded | undefined {
  for (const node of nodes) {
    const found = unboundedPart(node, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first `map` in what a loop goes through. */
function mapWithin(node: ExpressionNode): ExpressionNode | undefined {
  if (methodCall(node)?.name === 'map') return node;
  for (const child of childrenOf(node.args)) {
    const found = mapWithin(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isNamespace({ op, args }: ExpressionNode): boolean {
  return op === 'id' && args === 'cel';
}
