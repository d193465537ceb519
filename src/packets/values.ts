import { nearest } from '../nearest.js';
import { EncodeError } from './codec-errors.js';
import type { FieldDefinition, PacketDefinition, SingleValue } from './definition.js';

/**
 * What an encoder takes for one field: of a structure its values in the definition's order, of a list one such array per element,
 * of an array its elements, and null for what was left out.
 */
export type EncodableValue = SingleValue | null | readonly EncodableValue[];
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
    throw new EncodeError(
      unknown,
      `there is no such field${close === undefined ? '' : `, did you mean \`${close}\`?`}`,
    );
  }
  return fields.map((field) => {
    if (field.derived) return null;
    if (!Object.hasOwn(record, field.name)) {
      if (field.optional) return null;
      throw new EncodeError(field.name, 'the value is missing');
    }
    const value = record[field.name];
    if (value === undefined && field.optional) return null;
    switch (field.type) {
      case 'list':
        return elementValues(field.name, field.fields, value);
      case 'array':
        if (!Array.isArray(value)) throw new EncodeError(field.name, 'an array must be an array');
        return value.map((element: unknown, i) => scalarValue(`${field.name}[${i}]`, element));
      case 'struct':
        return structValues(field.name, field.fields, value);
      default:
        return scalarValue(field.name, value);
    }
  });
}

function elementValues(name: string, fields: readonly FieldDefinition[], value: unknown): readonly FieldValues[] {
  if (!Array.isArray(value)) throw new EncodeError(name, 'a list must be an array');
  return value.map((element: unknown, index) => {
    const path = `${name}[${index}]`;
    if (!isRecord(element)) throw new EncodeError(path, 'an element of a list must be an object');
    return structValues(path, fields, element);
  });
}

function structValues(path: string, fields: readonly FieldDefinition[], value: unknown): FieldValues {
  if (!isRecord(value)) throw new EncodeError(path, 'a structure must be an object');
  try {
    return orderedValues(fields, value);
  } catch (error) {
    throw error instanceof EncodeError ? error.within(path) : error;
  }
}

function scalarValue(name: string, value: unknown): EncodableValue {
  if (value instanceof Uint8Array) return value;
  switch (typeof value) {
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'string':
      return value;
    default:
      throw new EncodeError(name, 'the value must be a number, a bigint, a boolean, a string or bytes');
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
