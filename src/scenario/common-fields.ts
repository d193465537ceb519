import type { FieldDefinition } from '../packets/definition.js';

/** The fields that all of these have. */
export function commonFields([
  first = [],
  ...others
]: readonly (readonly FieldDefinition[])[]): readonly FieldDefinition[] {
  return first.filter((field) => others.every((shape) => shape.some((other) => sameField(field, other))));
}

function sameField(a: FieldDefinition, b: FieldDefinition): boolean {
  if (a.name !== b.name || a.type !== b.type) return false;
  if (a.type === 'array' && b.type === 'array') return a.of.type === b.of.type;
  if (!('fields' in a) || !('fields' in b)) return true;
  return a.fields.length === b.fields.length && a.fields.every((field, i) => sameField(field, b.fields[i]!));
}
