import { EncodeError } from './codec-errors.js';
import type { ScalarType } from './definition.js';
import type { BodyWriter } from './frame-body.js';
import type { ProtoField, ProtoScalar } from './proto-messages.js';
import { scalarWriters, varintSize, writeVarint } from './proto-scalars.js';
import { wire, wireTypeOf } from './proto-wire.js';
import { misfit } from './scalars.js';
import type { EncodableValue, FieldValues } from './values.js';

/**
 * Lengths stand before what they measure. Those of texts and messages within are kept when a message is measured, and used in
 * the same order when it is written, which follows at once: one queue serves all encoders.
 */
class Lengths {
  readonly #kept: number[] = [];
  #at = 0;

  rewind(): void {
    this.#at = 0;
  }

  /** A place in the queue for a length that is not known before what lies within was measured. */
  reserve(): number {
    return this.#at++;
  }

  keep(place: number, length: number): void {
    this.#kept[place] = length;
  }

  next(): number {
    return this.#kept[this.#at++]!;
  }
}

const lengths = new Lengths();

/** Writes one field with its tag, or nothing where its value is left out. */
interface FieldWriter {
  /** @throws EncodeError where the value does not fit. */
  size(value: EncodableValue): number;
  write(value: EncodableValue, buffer: Uint8Array, at: number): number;
}

/** Writes what stands behind a tag. */
type ValueWriter = FieldWriter;

/** Compiles the body of a packet. */
export function compileMessageBody(fields: readonly ProtoField[]): BodyWriter {
  const message = compileMessage(fields);
  return {
    size(values) {
      lengths.rewind();
      return message.size(values);
    },
    write(values, buffer, offset) {
      lengths.rewind();
      return message.write(values, buffer, offset);
    },
  };
}

function compileMessage(fields: readonly ProtoField[]): BodyWriter {
  const writers = fields.map(compileField);
  const oneofs = oneofsOf(fields);
  return {
    size(values) {
      if (values.length !== writers.length) {
        throw new EncodeError('', `${values.length} values were given for ${writers.length} fields`);
      }
      for (const oneof of oneofs) checkOneof(oneof, fields, values);
      let size = 0;
      for (let i = 0; i < writers.length; i++) size += writers[i]!.size(values[i]!);
      return size;
    },
    write(values, buffer, offset) {
      let at = offset;
      for (let i = 0; i < writers.length; i++) at = writers[i]!.write(values[i]!, buffer, at);
      return at;
    },
  };
}

/** For each oneof the places of its fields. */
function oneofsOf(fields: readonly ProtoField[]): readonly (readonly number[])[] {
  const places = new Map<string, number[]>();
  fields.forEach(({ oneof }, place) => {
    if (oneof !== null) places.set(oneof, [...(places.get(oneof) ?? []), place]);
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

function compileField(field: ProtoField): FieldWriter {
  const { definition, type, repeated, packed, presence, required, number } = field;
  const { name } = definition;
  if (repeated && packed) return tagged(number, wire.bytes, packedWriter(field), isEmptyList(name));
  const one = type === 'message' ? messageWriter(field) : scalarWriter(field);
  const wireType = wireTypeOf(type);
  if (repeated)
    return repeatedField(
      field,
      tagged(number, wireType, one, () => false),
    );
  if (required) return tagged(number, wireType, one, neverAbsent(name));
  return tagged(number, wireType, one, presence ? (value) => value === null : isZero);
}

/** Puts the field's tag before what `writer` writes; nothing is written where `isAbsent` says so. */
function tagged(
  number: number,
  wireType: number,
  writer: ValueWriter,
  isAbsent: (value: EncodableValue) => boolean,
): FieldWriter {
  const tag = ((number << 3) | wireType) >>> 0;
  const tagSize = varintSize(tag);
  return {
    size: (value) => (isAbsent(value) ? 0 : tagSize + writer.size(value)),
    write: (value, buffer, at) => (isAbsent(value) ? at : writer.write(value, buffer, writeVarint(tag, buffer, at))),
  };
}

/** What a field without presence holds when nothing of it is written. Minus zero is written. */
function isZero(value: EncodableValue): boolean {
  if (typeof value === 'object') return value === null || (value instanceof Uint8Array && value.length === 0);
  return Object.is(value, 0) || value === 0n || value === false || value === '';
}

function neverAbsent(name: string): (value: EncodableValue) => boolean {
  return (value) => {
    if (value === null) throw new EncodeError(name, 'the value is missing');
    return false;
  };
}

/** Nothing given is an empty list. */
function isEmptyList(name: string): (value: EncodableValue) => boolean {
  return (value) => elementsOf(name, value).length === 0;
}

const nothing: readonly EncodableValue[] = [];

function elementsOf(name: string, value: EncodableValue): readonly EncodableValue[] {
  if (value === null) return nothing;
  if (Array.isArray(value)) return value;
  throw new EncodeError(name, 'a list must be an array');
}

function repeatedField({ definition: { name } }: ProtoField, element: FieldWriter): FieldWriter {
  return {
    size(value) {
      const elements = elementsOf(name, value);
      let size = 0;
      let index = 0;
      try {
        for (; index < elements.length; index++) size += element.size(elements[index]!);
      } catch (error) {
        throw error instanceof EncodeError ? atElement(error, name, index) : error;
      }
      return size;
    },
    write(value, buffer, offset) {
      const elements = elementsOf(name, value);
      let at = offset;
      for (let i = 0; i < elements.length; i++) at = element.write(elements[i]!, buffer, at);
      return at;
    },
  };
}

/** The error of an element, which took itself for the whole field. */
function atElement({ field, reason }: EncodeError, name: string, index: number): EncodeError {
  return new EncodeError(`${name}[${index}]${field.slice(name.length)}`, reason);
}

/** One length, then the values without tags. */
function packedWriter(field: ProtoField): ValueWriter {
  const values = repeatedField(field, scalarWriter(field));
  return measured((value) => values.size(value), values.write);
}

function messageWriter({ definition: { name }, fields }: ProtoField): ValueWriter {
  const message = compileMessage(fields);
  return measured(
    (value) => {
      if (!Array.isArray(value)) throw new EncodeError(name, 'the values of a message are needed');
      try {
        return message.size(value);
      } catch (error) {
        throw error instanceof EncodeError ? error.within(name) : error;
      }
    },
    (value, buffer, at) => message.write(value as FieldValues, buffer, at),
  );
}

function scalarWriter({ definition, type }: ProtoField): ValueWriter {
  const { name } = definition;
  const scalar = (definition.type === 'array' ? definition.of.type : definition.type) as ScalarType;
  if (type === 'string') return textWriter(name);
  if (type === 'bytes') return bytesWriter(name);
  const { size, write } = scalarWriters[type as Exclude<ProtoScalar, 'string' | 'bytes'>];
  const plainlyFits = plainlyFitting[scalar] ?? (() => false);
  return {
    size(value) {
      if (!plainlyFits(value)) requireFit(name, scalar, value);
      return size(value as number);
    },
    write: (value, buffer, at) => write(value as number, buffer, at), // size has seen it
  };
}

/** The commonest values of a type, told without working out why others do not fit. */
const plainlyFitting: Partial<Readonly<Record<ScalarType, (value: EncodableValue) => boolean>>> = {
  int: (value) => typeof value === 'number' && (value | 0) === value,
  uint: (value) => typeof value === 'number' && value >>> 0 === value,
  long: (value) => Number.isSafeInteger(value),
  double: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
};

function requireFit(name: string, type: ScalarType, value: EncodableValue): void {
  const reason = misfit(type, value);
  if (reason !== undefined) throw new EncodeError(name, reason);
}

const utf8 = new TextEncoder();

/** UTF-8. Half a surrogate pair, which UTF-8 cannot express, becomes U+FFFD. */
function textWriter(name: string): ValueWriter {
  return measured(
    (value) => {
      // Not `misfit`: its longest string is PDL's.
      if (typeof value !== 'string') throw new EncodeError(name, 'the value must be a string');
      return Buffer.byteLength(value);
    },
    (value, buffer, at, length) => {
      const text = value as string;
      if (length !== text.length) return at + utf8.encodeInto(text, buffer.subarray(at, at + length)).written;
      for (let i = 0; i < length; i++) buffer[at + i] = text.charCodeAt(i);
      return at + length;
    },
  );
}

function bytesWriter(name: string): ValueWriter {
  return measured(
    (value) => {
      requireFit(name, 'bytes', value);
      return (value as Uint8Array).length;
    },
    (value, buffer, at, length) => {
      buffer.set(value as Uint8Array, at);
      return at + length;
    },
  );
}

/** A length that is worked out once, then what it measures. */
function measured(
  size: (value: EncodableValue) => number,
  write: (value: EncodableValue, buffer: Uint8Array, at: number, length: number) => number,
): ValueWriter {
  return {
    size(value) {
      const place = lengths.reserve();
      const length = size(value);
      lengths.keep(place, length);
      return varintSize(length) + length;
    },
    write(value, buffer, at) {
      const length = lengths.next();
      return write(value, buffer, writeVarint(length, buffer, at), length);
    },
  };
}
