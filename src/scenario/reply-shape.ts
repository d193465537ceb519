import type { FieldDefinition, PacketSet } from '../packets/definition.js';
import { namedPackets } from '../packets/formats.js';
import type { Match } from './plan.js';

/** The fields that `reply` has in an expression. */
export type ReplyShape = readonly ReplyField[];
export type ReplyField = FieldDefinition | GroupsField;

/** The named groups of the patterns that a line matched: text, each of them. */
export interface GroupsField {
  readonly name: 'groups';
  readonly type: 'groups';
  readonly fields: readonly FieldDefinition[];
}

/** The only field of a text packet. */
export const lineField = { name: 'line', type: 'string' } as const satisfies FieldDefinition;

/** The fields that a reply to `matches` certainly has: of several packets, those that all of them have, with one type. */
export function replyShape(packets: PacketSet, matches: readonly Match[]): ReplyShape {
  const named = namedPackets(packets);
  if (named === null) {
    return [lineField, { name: 'groups', type: 'groups', fields: inAll(matches.map(groupsOf)) }];
  }
  return inAll(
    matches.map((match) => named.find(({ name }) => match.kind === 'packet' && name === match.packet)?.fields ?? []),
  );
}

function inAll([first = [], ...others]: readonly (readonly FieldDefinition[])[]): readonly FieldDefinition[] {
  return first.filter((field) => others.every((shape) => shape.some((other) => sameField(field, other))));
}

function groupsOf(match: Match): readonly FieldDefinition[] {
  if (match.kind !== 'pattern') return [];
  // RE2 writes a named group (?P<name>…) or (?<name>…).
  return [...match.pattern.matchAll(/\(\?P?<(\w+)>/g)].map(([, name]) => ({ name: name!, type: 'string' }));
}

function sameField(a: FieldDefinition, b: FieldDefinition): boolean {
  if (a.name !== b.name || a.type !== b.type) return false;
  if (a.type === 'array' && b.type === 'array') return a.of.type === b.of.type;
  if (!('fields' in a) || !('fields' in b)) return true;
  return a.fields.length === b.fields.length && a.fields.every((field, i) => sameField(field, b.fields[i]!));
}

/** Whether `where` can tell replies apart by this field: it compares single values. */
export function isComparable({ type }: FieldDefinition): boolean {
  return type !== 'list' && type !== 'array' && type !== 'struct' && type !== 'bytes';
}
