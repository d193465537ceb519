import { nearest } from '../nearest.js';
import { EncodeError } from './codec-errors.js';
import type { FieldDefinition, PacketDefinition, ScalarValue } from './definition.js';

/**
 * What an encoder takes for one field: a struct is its values in the definition's order, a list is an array of such, an array
 * holds scalars; undefined leaves the field out, where its format lets it.
 */
export type EncodableValue = ScalarValue | FieldValues | undefined;
/** One value for each field, in the definition's order. */
export type FieldValues = readonly EncodableValue[];

/**
 * Turns an object into the values that an encoder takes. For tests, the server and the library: a scenario's templates
 * are in the definition's order already.
 * @throws EncodeError naming a field that is missing, unknown, or a list that is not an array of objects.
 * Whether a scalar fits its field is for the encoder to say.
 */
export function toValues(definition: PacketDefinition, record: Readonly<Record<string, unknown>>): FieldValues {
  try {
    return orderedValues(definition.fields, record);
  } catch (error) {
    throw error instanceof EncodeError ? error.within(definition.name) : error;
  }
}

function orderedValues(fields: readonly FieldDefinition[], record: Readonly<Record<string, unknown>>): FieldValues {
  const names = fields.map((field) => field.name);
  const unknown = Object.keys(record).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const close = nearest(unknown, names);
    throw new EncodeError(unknown, `there is no such field${close === undefined ? '' : `, did you mean ${close}?`}`);
  }
  return fields.map((field) => {
    if (!Object.hasOwn(record, field.name) && !mayBeAbsent(field))
      throw new EncodeError(field.name, 'the value is missing');
    const value = record[field.name];
    if (value === undefined && mayBeAbsent(field)) return undefined;
    return fieldValue(field, value);
  });
}

function fieldValue(field: FieldDefinition, value: unknown): EncodableValue {
  const { name } = field;
  switch (field.type) {
    case 'list':
      return elementValues(name, field.fields, value);
    case 'array':
      if (!Array.isArray(value)) throw new EncodeError(name, 'an array of values is needed');
      return value.map((element: unknown, index) => scalarValue(`${name}[${index}]`, element));
    case 'struct':
      return structValues(name, field.fields, value, 'a struct must be an object');
    default:
      return scalarValue(name, value);
  }
}

/** Whether a packet can do without a value for the field. */
function mayBeAbsent(field: FieldDefinition): boolean {
  return field.type === 'struct' || ('optional' in field && field.optional === true);
}

function elementValues(name: string, fields: readonly FieldDefinition[], value: unknown): readonly FieldValues[] {
  if (!Array.isArray(value)) throw new EncodeError(name, 'a list must be an array');
  return value.map((element: unknown, index) =>
    structValues(`${name}[${index}]`, fields, element, 'an element of a list must be an object'),
  );
}

function structValues(
  path: string,
  fields: readonly FieldDefinition[],
  value: unknown,
  otherwise: string,
): FieldValues {
  if (!isRecord(value)) throw new EncodeError(path, otherwise);
  try {
    return orderedValues(fields, value);
  } catch (error) {
    throw error instanceof EncodeError ? error.within(path) : error;
  }
}

function scalarValue(name: string, value: unknown): ScalarValue {
  if (value instanceof Uint8Array) return value;
  switch (typeof value) {
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'string':
      return value;
    default:
      throw new EncodeError(name, 'the value must be a number, a bigint, a boolean, a string or a Uint8Array');
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
