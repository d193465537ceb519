import type { FieldDefinition, ListField, ScalarField, ScalarType } from './definition.js';

/** The scalar types that PDL has; the others are of other formats. */
export type PdlScalarType = Exclude<ScalarType, 'uint' | 'ulong' | 'bytes'>;
export interface PdlScalarField extends ScalarField {
  readonly type: PdlScalarType;
}
export type PdlField = PdlScalarField | ListField;

/**
 * The field as one of PDL's.
 * @throws Error for a type that no PDL file can have.
 */
export function pdlField(field: FieldDefinition): PdlField {
  if (isPdlField(field)) return field;
  throw new Error(`${field.name} is of type ${field.type}, which PDL does not have.`);
}

const foreignTypes: readonly FieldDefinition['type'][] = ['uint', 'ulong', 'bytes', 'array', 'struct'];

function isPdlField(field: FieldDefinition): field is PdlField {
  return !foreignTypes.includes(field.type);
}
