import { EncodeError } from './codec-errors.js';
import type { ScalarType } from './definition.js';
import type { BodyWriter } from './frame-body.js';
import type { ProtoField } from './proto-messages.js';
import { compileMisfit, scalarWriters } from './proto-scalars.js';
import { wire, wireTypeOf } from './proto-wire.js';
import { ProtoWriter } from './proto-writer.js';
import type { EncodableValue, FieldValues } from './values.js';

/** Writes one field with its tag, or nothing where its value is left out. */
type WriteField = (value: EncodableValue) => void;

/** One for all encoders: what was measured is copied from here before anything else is measured. */
const out = new ProtoWriter();

/** Compiles the body of a packet. It is written when it is measured, and copied when it is to be written. */
export function compileMessageBody(fields: readonly ProtoField[]): BodyWriter {
  const writeMessage = compileMessage(fields);
  return {
    size(values) {
      out.rewind();
      writeMessage(values);
      return out.position;
    },
    write(_values, buffer, offset) {
      const size = out.position;
      const written = out.buffer;
      // By hand, because a view for `set` would be an object per packet.
      if (size > longestCopy) buffer.set(written.subarray(0, size), offset);
      else for (let i = 0; i < size; i++) buffer[offset + i] = written[i]!;
      return offset + size;
    },
  };
}

/** Bytes that a loop copies as fast as `set` does. */
const longestCopy = 256;

function compileMessage(fields: readonly ProtoField[]): (values: FieldValues) => void {
  const writers = fields.map(compileField);
  const oneofs = oneofsOf(fields);
  return (values) => {
    if (values.length !== writers.length) {
      throw new EncodeError('', `${values.length} values were given for ${writers.length} fields`);
    }
    for (let i = 0; i < oneofs.length; i++) checkOneof(oneofs[i]!, fields, values);
    for (let i = 0; i < writers.length; i++) writers[i]!(values[i]!);
  };
}

/** For each oneof the places of its fields. */
function oneofsOf(fields: readonly ProtoField[]): readonly (readonly number[])[] {
  const places = new Map<string, number[]>();
  fields.forEach(({ definition: { oneof } }, place) => {
    if (oneof !== undefined) places.set(oneof, [...(places.get(oneof) ?? []), place]);
  });
  return [...places.values()];
}

function checkOneof(places: readonly number[], fields: readonly ProtoField[], values: FieldValues): void {
  let given = -1;
  for (const place of places) {
    if (values[place] === null) continue;
    if (given !== -1) {
      const other = fields[given]!.definition.name;
      throw new EncodeError(fields[place]!.definition.name, `${other} is given too, and only one of a oneof can be`);
    }
    given = place;
  }
}

function compileField(field: ProtoField): WriteField {
  if (field.repeated) return field.packed ? packedField(field) : repeatedField(field);
  const write = field.type === 'message' ? messageField(field) : scalarField(field);
  const { definition, required } = field;
  return (value) => {
    if (value !== null) write(value);
    else if (required) throw new EncodeError(definition.name, 'the value is missing');
  };
}

function tagOf({ number }: ProtoField, wireType: number): number {
  return ((number << 3) | wireType) >>> 0;
}

function scalarField(field: ProtoField): WriteField {
  const { definition, type, presence, required } = field;
  const { name } = definition;
  const misfit = compileMisfit(scalarTypeOf(field));
  const writeScalar = scalarWriters[type as keyof typeof scalarWriters];
  const tag = tagOf(field, wireTypeOf(type));
  const writesZero = presence || required || field.repeated;
  return (value) => {
    const reason = misfit(value);
    if (reason !== undefined) throw new EncodeError(name, reason);
    if (!writesZero && isZero(value)) return;
    out.tag(tag);
    writeScalar(value, out);
  };
}

function scalarTypeOf({ definition }: ProtoField): ScalarType {
  return (definition.type === 'array' ? definition.of.type : definition.type) as ScalarType;
}

/** What a field without presence holds when nothing of it is written. Minus zero is written. */
function isZero(value: EncodableValue): boolean {
  if (typeof value === 'number') return Object.is(value, 0);
  if (typeof value === 'string') return value === '';
  return value === 0n || value === false || (value instanceof Uint8Array && value.length === 0);
}

function messageField(field: ProtoField): WriteField {
  const { name } = field.definition;
  const writeMessage = compileMessage(field.fields);
  const tag = tagOf(field, wire.bytes);
  return (value) => {
    if (!Array.isArray(value)) throw new EncodeError(name, 'the values of a message are needed');
    out.tag(tag);
    const start = out.begin();
    try {
      writeMessage(value);
    } catch (error) {
      throw error instanceof EncodeError ? error.within(name) : error;
    }
    out.end(start);
  };
}

/** One length, then the values without tags. */
function packedField(field: ProtoField): WriteField {
  const { name } = field.definition;
  const misfit = compileMisfit(scalarTypeOf(field));
  const writeScalar = scalarWriters[field.type as keyof typeof scalarWriters];
  const tag = tagOf(field, wire.bytes);
  return (value) => {
    const elements = elementsOf(name, value);
    if (elements.length === 0) return;
    out.tag(tag);
    const start = out.begin();
    for (let i = 0; i < elements.length; i++) {
      const element = elements[i]!;
      const reason = misfit(element);
      if (reason !== undefined) throw new EncodeError(`${name}[${i}]`, reason);
      out.reserveNumber();
      writeScalar(element, out);
    }
    out.end(start);
  };
}

function repeatedField(field: ProtoField): WriteField {
  const { name } = field.definition;
  const writeElement = field.type === 'message' ? messageField(field) : scalarField(field);
  return (value) => {
    const elements = elementsOf(name, value);
    let i = 0;
    try {
      for (; i < elements.length; i++) writeElement(elements[i]!);
    } catch (error) {
      throw error instanceof EncodeError ? atElement(error, name, i) : error;
    }
  };
}

const nothing: readonly EncodableValue[] = [];

/** Nothing given is an empty list. */
function elementsOf(name: string, value: EncodableValue): readonly EncodableValue[] {
  if (value === null) return nothing;
  if (Array.isArray(value)) return value;
  throw new EncodeError(name, 'a list must be an array');
}

/** The error of an element, which took itself for the whole field. */
function atElement({ field, reason }: EncodeError, name: string, index: number): EncodeError {
  return new EncodeError(`${name}[${index}]${field.slice(name.length)}`, reason);
}
