import type { FieldDefinition } from '../packets/definition.js';

/** The fields that all of these have. */
export function commonFields([
  first = [],
  ...others
]: readonly (readonly FieldDefinition[])[]): readonly FieldDefinition[] {
  const byName = others.map((fields) => new Map(fields.map((field) => [field.name, field])));
  return first.filter((field) => byName.every((shape) => sameField(field, shape.get(field.name))));
}

function sameField(a: FieldDefinition, b: FieldDefinition | undefined): boolean {
  if (a.name !== b?.name || a.type !== b.type) return false;
  if (a.type === 'array' && b.type === 'array') return a.of.type === b.of.type;
  if (!('fields' in a) || !('fields' in b)) return true;
  return a.fields.length === b.fields.length && a.fields.every((field, i) => sameField(field, b.fields[i]!));
}
