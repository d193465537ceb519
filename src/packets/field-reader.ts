import type { BodyReader } from './body-reader.js';
import { DecodeError } from './codec-errors.js';
import { dataViewOf } from './data-view.js';
import type { FieldDefinition, FieldRecord, FieldValue, ListField } from './definition.js';
import { type PdlField, pdlField } from './pdl-field.js';
import { recordMaker } from './records.js';
import { scalarTraits } from './scalars.js';
import { asBuffer } from './texts.js';

/** Reads one field and moves the reader past it. */
export type FieldReader = (reader: BodyReader) => FieldValue;
/** Moves the reader past one field, and finds the same faults that reading it would. */
export type FieldSkipper = (reader: BodyReader) => void;

/** The field's size in bytes where every value has the same; null for strings and lists. */
export function fixedSizeOf(field: FieldDefinition): number | null {
  const { type } = pdlField(field);
  return type === 'list' ? null : scalarTraits[type].sizeBytes;
}

export function compileFieldReader(definition: FieldDefinition): FieldReader {
  const field = pdlField(definition);
  return field.type === 'list' ? listReader(field) : scalarReader(field);
}

export function compileFieldSkipper(definition: FieldDefinition): FieldSkipper {
  const field = pdlField(definition);
  const { name } = field;
  if (field.type === 'list') return listSkipper(field);
  if (field.type === 'string') {
    return (reader) => {
      reader.take(takeTextLength(reader, name), name);
    };
  }
  const size = scalarTraits[field.type].sizeBytes!;
  return (reader) => {
    reader.take(size, name);
  };
}

function scalarReader({ name, type }: Exclude<PdlField, ListField>): FieldReader {
  switch (type) {
    case 'byte':
      return (reader) => reader.buffer[reader.take(1, name)]!;
    case 'sbyte':
      return (reader) => (reader.buffer[reader.take(1, name)]! << 24) >> 24;
    case 'bool':
      return (reader) => reader.buffer[reader.take(1, name)] !== 0;
    case 'short':
      return (reader) => (reader.takeU16(name) << 16) >> 16;
    case 'ushort':
      return (reader) => reader.takeU16(name);
    case 'int':
      return (reader) => dataViewOf(reader.buffer).getInt32(reader.take(4, name), true);
    case 'long':
      return (reader) => dataViewOf(reader.buffer).getBigInt64(reader.take(8, name), true);
    case 'float':
      return (reader) => dataViewOf(reader.buffer).getFloat32(reader.take(4, name), true);
    case 'double':
      return (reader) => dataViewOf(reader.buffer).getFloat64(reader.take(8, name), true);
    case 'string':
      return (reader) => takeText(reader, name);
  }
}

/** A string's u16 length in bytes: even, since its characters have two bytes each. */
function takeTextLength(reader: BodyReader, field: string): number {
  const sizeBytes = reader.takeU16(field);
  if (sizeBytes % 2 === 0) return sizeBytes;
  throw new DecodeError('bad-text', field, `a UTF-16 text cannot have ${sizeBytes} bytes`);
}

/** Surrogates without their pair stay as they are: what the server sent is what is compared and reported. */
function takeText(reader: BodyReader, field: string): string {
  const sizeBytes = takeTextLength(reader, field);
  const at = reader.take(sizeBytes, field);
  return asBuffer(reader.buffer).toString('utf16le', at, at + sizeBytes);
}

function listReader(field: ListField): FieldReader {
  const takeCount = countReader(field);
  const names = field.fields.map((inner) => inner.name);
  const readers = field.fields.map(compileFieldReader);
  const create = recordMaker(names);
  return (reader) => {
    const count = takeCount(reader);
    const elements: FieldRecord[] = [];
    forEachElement(field, count, () => {
      const element = create();
      for (let i = 0; i < readers.length; i++) element[names[i]!] = readers[i]!(reader);
      elements.push(element);
    });
    return elements;
  };
}

function listSkipper(field: ListField): FieldSkipper {
  const takeCount = countReader(field);
  const sizes = field.fields.map(fixedSizeOf);
  if (!sizes.includes(null)) {
    const elementSize = minimumSize(field.fields);
    return (reader) => {
      reader.take(takeCount(reader) * elementSize, field.name);
    };
  }
  const skippers = field.fields.map(compileFieldSkipper);
  return (reader) => {
    forEachElement(field, takeCount(reader), () => {
      for (const skip of skippers) skip(reader);
    });
  };
}

/** Reads a list's count, and refuses one that the rest of the body cannot hold before anything is allocated for it. */
function countReader({ name, fields }: ListField): (reader: BodyReader) => number {
  const elementSize = Math.max(1, minimumSize(fields));
  return (reader) => {
    const count = reader.takeU16(name);
    if (count * elementSize <= reader.remaining) return count;
    throw new DecodeError('bad-count', name, `${count} elements cannot stand in the ${reader.remaining} bytes left`);
  };
}

/** The fewest bytes that these fields can take: empty strings and lists are their u16 alone. */
export function minimumSize(fields: readonly FieldDefinition[]): number {
  return fields.reduce((sum, field) => sum + (fixedSizeOf(field) ?? 2), 0);
}

/** Runs `visit` once for each element, so that an error inside names the element it happened in. */
function forEachElement(field: ListField, count: number, visit: () => void): void {
  let index = 0;
  try {
    for (; index < count; index++) visit();
  } catch (error) {
    throw error instanceof DecodeError ? error.within(`${field.name}[${index}]`) : error;
  }
}
