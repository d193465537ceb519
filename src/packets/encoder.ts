import type { Framing } from '../core/index.js';
import type { PacketEncoder } from './codec.js';
import { EncodeError } from './codec-errors.js';
import type { FieldDefinition, ListField, PacketDefinition } from './definition.js';
import { writeFloat } from './floats.js';
import { type BodyWriter, frameBody, requireIdFraming } from './frame-body.js';
import { type PdlScalar, pdlField } from './pdl-field.js';
import { maxU16, misfit, scalarTraits } from './scalars.js';
import type { EncodableValue, FieldValues } from './values.js';
import { writeWide } from './wide-integers.js';

/** Writes one field at `offset`; returns where it ends. The sizes were checked before. */
type WriteField = (value: EncodableValue | undefined, buffer: Uint8Array, offset: number) => number;

interface FieldEncoder {
  /** Bytes that the field takes whatever its value: all of a number, the length or count of a string or list. */
  readonly fixedSize: number;
  /** Bytes beyond these; null where there are none. */
  readonly extraSize: ((value: EncodableValue | undefined) => number) | null;
  readonly write: WriteField;
}

/**
 * Compiles the encoder of one packet for the framing it travels in.
 * @throws SwarmError `framing-unfit` where the framing has no room for the packet's id.
 */
export function compileEncoder(definition: PacketDefinition, framing: Framing): PacketEncoder {
  return frameBody(definition, requireIdFraming(definition, framing), compileBody(definition.fields));
}

/** The fields of a packet or of a list's element, one behind the other. */
function compileBody(fields: readonly FieldDefinition[]): BodyWriter {
  const encoders = fields.map(compileField);
  const writers = encoders.map((encoder) => encoder.write);
  const fixedSize = encoders.reduce((sum, encoder) => sum + encoder.fixedSize, 0);
  const extras = encoders.flatMap(({ extraSize }, index) => (extraSize === null ? [] : [{ index, extraSize }]));
  return {
    size(values) {
      if (values.length !== writers.length) {
        throw new EncodeError('', `${values.length} values were given for ${writers.length} fields`);
      }
      let size = fixedSize;
      for (const extra of extras) size += extra.extraSize(values[extra.index]);
      return size;
    },
    write(values, buffer, offset) {
      let at = offset;
      for (let i = 0; i < writers.length; i++) at = writers[i]!(values[i], buffer, at);
      return at;
    },
  };
}

function compileField(definition: FieldDefinition): FieldEncoder {
  const field = pdlField(definition);
  switch (field.type) {
    case 'list':
      return listEncoder(field);
    case 'string':
      return stringEncoder(field);
    case 'bool':
      return boolEncoder(field);
    case 'float':
    case 'double':
      return floatEncoder(field);
    case 'long':
      return longEncoder(field);
    default:
      return integerEncoder(field);
  }
}

/** Integers of up to 32 bits. Signed and unsigned are written alike: the low bytes of two's complement. */
function integerEncoder(field: PdlScalar): FieldEncoder {
  const { sizeBytes, range } = scalarTraits[field.type];
  const size = sizeBytes!;
  const min = Number(range!.min);
  const max = Number(range!.max);
  return {
    fixedSize: size,
    extraSize: null,
    write(value, buffer, offset) {
      const number = typeof value === 'bigint' ? Number(value) : value;
      if (typeof number !== 'number' || !(number >= min && number <= max) || !Number.isInteger(number)) {
        throw misfitError(field, value);
      }
      for (let shift = 0, at = offset; at < offset + size; shift += 8, at++) buffer[at] = number >> shift;
      return offset + size;
    },
  };
}

function longEncoder(field: PdlScalar): FieldEncoder {
  const { min, max } = scalarTraits.long.range!;
  return {
    fixedSize: 8,
    extraSize: null,
    write(value, buffer, offset) {
      const fits = typeof value === 'bigint' ? value >= min && value <= max : Number.isSafeInteger(value);
      if (!fits) throw misfitError(field, value);
      return writeWide(value as number | bigint, true, buffer, offset);
    },
  };
}

function floatEncoder(field: PdlScalar): FieldEncoder {
  const size = field.type === 'float' ? 4 : 8;
  return {
    fixedSize: size,
    extraSize: null,
    write(value, buffer, offset) {
      if (misfit(field.type, value) !== undefined) throw misfitError(field, value);
      return writeFloat(Number(value), size, true, buffer, offset);
    },
  };
}

function boolEncoder(field: PdlScalar): FieldEncoder {
  return {
    fixedSize: 1,
    extraSize: null,
    write(value, buffer, offset) {
      if (typeof value !== 'boolean') throw misfitError(field, value);
      buffer[offset] = value ? 1 : 0;
      return offset + 1;
    },
  };
}

/**
 * u16 length in bytes, then UTF-16LE. A surrogate without its pair is written as it is, so that a scenario can send what
 * the original's Encoding.Unicode would have replaced by U+FFFD.
 */
function stringEncoder(field: PdlScalar): FieldEncoder {
  return {
    fixedSize: 2,
    extraSize(value) {
      if (typeof value !== 'string' || 2 * value.length > maxU16) throw misfitError(field, value);
      return 2 * value.length;
    },
    write(value, buffer, offset) {
      const text = value as string; // extraSize has seen it
      let at = writeU16(2 * text.length, buffer, offset);
      for (let i = 0; i < text.length; i++) at = writeU16(text.charCodeAt(i), buffer, at);
      return at;
    },
  };
}

function listEncoder(field: ListField): FieldEncoder {
  const element = compileBody(field.fields);
  return {
    fixedSize: 2,
    extraSize(value) {
      if (!Array.isArray(value)) throw new EncodeError(field.name, 'a list must be an array');
      if (value.length > maxU16) {
        throw new EncodeError(field.name, `a list of ${value.length} elements is longer than ${maxU16}`);
      }
      let size = 0;
      let index = 0;
      try {
        for (; index < value.length; index++) size += element.size(valuesOfElement(value[index]!));
      } catch (error) {
        throw atElement(error, field, index);
      }
      return size;
    },
    write(value, buffer, offset) {
      const elements = value as readonly FieldValues[]; // extraSize has seen it
      let at = writeU16(elements.length, buffer, offset);
      let index = 0;
      try {
        for (; index < elements.length; index++) at = element.write(elements[index]!, buffer, at);
      } catch (error) {
        throw atElement(error, field, index);
      }
      return at;
    },
  };
}

function valuesOfElement(value: EncodableValue): FieldValues {
  if (Array.isArray(value)) return value;
  throw new EncodeError('', 'an element needs its values');
}

/** An error inside names the element that it happened in. */
function atElement(error: unknown, { name }: ListField, index: number): unknown {
  return error instanceof EncodeError ? error.within(`${name}[${index}]`) : error;
}

function writeU16(value: number, buffer: Uint8Array, offset: number): number {
  buffer[offset] = value;
  buffer[offset + 1] = value >> 8;
  return offset + 2;
}

/** For a value that the field's encoder has refused, and which `misfit` therefore refuses too. */
function misfitError(field: PdlScalar, value: unknown): EncodeError {
  return new EncodeError(field.name, misfit(field.type, value)!);
}
