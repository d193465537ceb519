import { nearest } from '../nearest.js';
import { EncodeError } from './codec-errors.js';
import type { FieldDefinition, PacketDefinition } from './definition.js';

/** What an encoder takes for one field: a list is an array of elements, each with its values in the definition's order. */
export type EncodableValue = number | bigint | boolean | string | readonly FieldValues[];
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
    if (!Object.hasOwn(record, field.name)) throw new EncodeError(field.name, 'the value is missing');
    const value = record[field.name];
    return field.type === 'list' ? elementValues(field.name, field.fields, value) : scalarValue(field.name, value);
  });
}

function elementValues(name: string, fields: readonly FieldDefinition[], value: unknown): readonly FieldValues[] {
  if (!Array.isArray(value)) throw new EncodeError(name, 'a list must be an array');
  return value.map((element: unknown, index) => {
    const path = `${name}[${index}]`;
    if (!isRecord(element)) throw new EncodeError(path, 'an element of a list must be an object');
    try {
      return orderedValues(fields, element);
    } catch (error) {
      throw error instanceof EncodeError ? error.within(path) : error;
    }
  });
}

function scalarValue(name: string, value: unknown): EncodableValue {
  switch (typeof value) {
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'string':
      return value;
    default:
      throw new EncodeError(name, 'the value must be a number, a bigint, a boolean or a string');
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
