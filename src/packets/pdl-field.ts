import type { FieldDefinition, ListField, ScalarField, ScalarType } from './definition.js';

/** What the original generator knows, in the order in which messages name it. */
export const pdlTypes = [
  'byte',
  'sbyte',
  'bool',
  'short',
  'ushort',
  'int',
  'float',
  'long',
  'double',
  'string',
] as const satisfies readonly ScalarType[];
export type PdlType = (typeof pdlTypes)[number];

export interface PdlScalar extends ScalarField {
  readonly type: PdlType;
}
export type PdlField = PdlScalar | ListField;

/** A field of a PDL packet. What PDL has no bytes for does not come out of its reader. */
export function pdlField(field: FieldDefinition): PdlField {
  if (field.type === 'list' || isPdlScalar(field)) return field;
  throw new Error(`${field.name}: PDL has no type ${field.type}`);
}

function isPdlScalar(field: FieldDefinition): field is PdlScalar {
  return (pdlTypes as readonly string[]).includes(field.type);
}
