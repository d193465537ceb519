import { EncodeError } from './codec-errors.js';
import type { FieldDefinition, ScalarField } from './definition.js';
import { writeFloat } from './floats.js';
import type { BodyWriter } from './frame-body.js';
import { compileIntegerWriter, type IntegerLayout, integerSize, isWide, maximumOf } from './integers.js';
import { characterSize, type Extent, fixedSize, type Part, type Shape } from './layout.js';
import { compilePresence } from './presence.js';
import { fieldMisfit } from './scalars.js';
import { textSize, writeText } from './texts.js';
import type { EncodableValue, FieldValues } from './values.js';

/** Writes the values of one shape. `size` refuses what has no size, `write` whatever else does not fit. */
interface ShapeWriter {
  size(value: EncodableValue): number;
  write(value: EncodableValue, buffer: Uint8Array, offset: number): number;
}

/** Compiles a packet, or a structure within: `fields` are what `parts` hold, in the same order. */
export function compileBody(parts: readonly Part[], fields: readonly FieldDefinition[]): BodyWriter {
  const all = parts.map((part, i) => {
    const present = compilePresence(parts, i);
    const size = present === null ? fixedSize(part.shape) : null;
    const writer = compileShape(part.shape, fields[i]!);
    return { present, size, given: valueReader(parts, i), writer, at: part.at };
  });
  const steps = all.filter(({ at }) => at === undefined);
  const header = all.flatMap((step) => (step.at === undefined ? [] : [{ ...step, at: step.at }]));
  const baseSize = steps.reduce((sum, step) => sum + (step.size ?? 0), 0);
  const sized = steps.filter((step) => step.size === null);
  return {
    size(values) {
      if (values.length !== parts.length) {
        throw new EncodeError('', `${values.length} values were given for ${parts.length} fields`);
      }
      let size = baseSize;
      for (const { present, given, writer } of sized) {
        if (present === null || present(values)) size += writer.size(given(values));
      }
      return size;
    },
    write(values, buffer, offset) {
      let at = offset;
      for (const { present, given, writer } of steps) {
        if (present === null || present(values)) at = writer.write(given(values), buffer, at);
      }
      return at;
    },
    ...(header.length > 0 && {
      writeHeader(values, buffer, start) {
        for (const { present, given, writer, at } of header) {
          if (present === null || present(values)) writer.write(given(values), buffer, start + at);
        }
      },
    }),
  };
}

/** Where the value of a part comes from: it was given, it is always the same, or it counts another part. */
function valueReader(parts: readonly Part[], index: number): (values: FieldValues) => EncodableValue {
  const { constant, counts } = parts[index]!;
  if (constant !== undefined) return () => constant;
  if (counts === undefined) return (values) => values[index]!;
  const { shape } = parts[counts]!;
  const present = compilePresence(parts, counts);
  return (values) => (present === null || present(values) ? measure(shape, values[counts]!) : 0);
}

/** Elements of an array, bytes of a text; 0 for a value that the part itself will refuse. */
function measure(shape: Shape, value: EncodableValue): number {
  if (shape.kind === 'string') return typeof value === 'string' ? textSize(shape.encoding, value) : 0;
  return Array.isArray(value) || value instanceof Uint8Array ? value.length : 0;
}

function compileShape(shape: Shape, field: FieldDefinition): ShapeWriter {
  switch (field.type) {
    case 'list':
    case 'array':
      return arrayWriter(shape as Extract<Shape, { kind: 'array' }>, field);
    case 'struct':
      return structWriter(shape as Extract<Shape, { kind: 'struct' }>, field);
    default:
      return scalarWriter(shape, field);
  }
}

function scalarWriter(shape: Shape, field: ScalarField): ShapeWriter {
  switch (shape.kind) {
    case 'integer':
      return integerWriter(shape, field);
    case 'float':
      return floatWriter(shape, field);
    case 'string':
      return stringWriter(shape, field);
    case 'bytes':
      return bytesWriter(shape, field);
    default:
      return boolWriter(field);
  }
}

function integerWriter(layout: IntegerLayout, field: ScalarField): ShapeWriter {
  const put = compileIntegerWriter(layout);
  const max = maximumOf(layout);
  const min = layout.signed ? -max - 1 : 0;
  const wide = isWide(layout);
  const check = (value: EncodableValue): number | bigint => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    const problem = fieldMisfit(field, value);
    if (problem !== undefined) throw new EncodeError(field.name, problem);
    return wide ? (value as bigint) : Number(value);
  };
  return {
    size: (value) => layout.sizeBytes ?? integerSize(layout, check(value)),
    write: (value, buffer, offset) => put(check(value), buffer, offset),
  };
}

function floatWriter({ sizeBytes, endian }: Extract<Shape, { kind: 'float' }>, field: ScalarField): ShapeWriter {
  const little = endian === 'little';
  return {
    size: () => sizeBytes,
    write(value, buffer, offset) {
      checkFit(field, value);
      return writeFloat(Number(value), sizeBytes, little, buffer, offset);
    },
  };
}

function boolWriter(field: ScalarField): ShapeWriter {
  return {
    size: () => 1,
    write(value, buffer, offset) {
      checkFit(field, value);
      buffer[offset] = value ? 1 : 0;
      return offset + 1;
    },
  };
}

function stringWriter({ encoding, extent }: Extract<Shape, { kind: 'string' }>, field: ScalarField): ShapeWriter {
  const putLength = lengthWriter(extent);
  const lengthSize = lengthMeasure(extent);
  const terminator = extent.kind === 'terminated' ? characterSize(encoding) : 0;
  return {
    size(value) {
      checkFit(field, value);
      if (extent.kind === 'fixed') return extent.size;
      const size = textSize(encoding, value as string);
      return lengthSize(size) + size + terminator;
    },
    write(value, buffer, offset) {
      checkFit(field, value);
      const text = value as string;
      const at = putLength(textSize(encoding, text), buffer, offset);
      const end = writeText(encoding, text, buffer, at);
      const filled = extent.kind === 'fixed' ? at + extent.size : end + terminator;
      buffer.fill(0, end, filled);
      return filled;
    },
  };
}

function bytesWriter({ extent }: Extract<Shape, { kind: 'bytes' }>, field: ScalarField): ShapeWriter {
  const putLength = lengthWriter(extent);
  const lengthSize = lengthMeasure(extent);
  return {
    size(value) {
      checkFit(field, value);
      const { length } = value as Uint8Array;
      return lengthSize(length) + length;
    },
    write(value, buffer, offset) {
      checkFit(field, value);
      const bytes = value as Uint8Array;
      const at = putLength(bytes.length, buffer, offset);
      buffer.set(bytes, at);
      return at + bytes.length;
    },
  };
}

function structWriter(
  shape: Extract<Shape, { kind: 'struct' }>,
  { name, fields }: Extract<FieldDefinition, { type: 'struct' }>,
): ShapeWriter {
  const body = compileBody(shape.parts, fields);
  const measured = fixedSize(shape) === null;
  return {
    size(value) {
      if (!Array.isArray(value)) throw new EncodeError(name, 'a structure needs its values');
      try {
        return body.size(value);
      } catch (error) {
        throw error instanceof EncodeError ? error.within(name) : error;
      }
    },
    write(value, buffer, offset) {
      if (!Array.isArray(value)) throw new EncodeError(name, 'a structure needs its values');
      try {
        // One of fixed size was not measured, so nobody has counted its values.
        if (!measured) body.size(value);
        return body.write(value, buffer, offset);
      } catch (error) {
        throw error instanceof EncodeError ? error.within(name) : error;
      }
    },
  };
}

function arrayWriter(
  { of, extent }: Extract<Shape, { kind: 'array' }>,
  field: Extract<FieldDefinition, { type: 'list' | 'array' }>,
): ShapeWriter {
  const { name } = field;
  const element = elementWriter(of, field);
  const elementSize = fixedSize(of);
  const putLength = lengthWriter(extent);
  const lengthSize = lengthMeasure(extent);
  const max = extent.kind === 'prefixed' ? maximumOf(extent.length) : Number.POSITIVE_INFINITY;
  const check = (value: EncodableValue): readonly EncodableValue[] => {
    if (!Array.isArray(value)) throw new EncodeError(name, 'a list must be an array');
    if (extent.kind === 'fixed' && value.length !== extent.size) {
      throw new EncodeError(name, `there must be ${extent.size} elements, not ${value.length}`);
    }
    if (value.length > max) throw new EncodeError(name, `${value.length} elements are more than ${max}`);
    return value;
  };
  return {
    size(value) {
      const elements = check(value);
      let size = lengthSize(elements.length);
      if (elementSize !== null) return size + elements.length * elementSize;
      let i = 0;
      try {
        for (; i < elements.length; i++) size += element.size(elements[i]!);
      } catch (error) {
        throw error instanceof EncodeError ? error.within(`${name}[${i}]`) : error;
      }
      return size;
    },
    write(value, buffer, offset) {
      const elements = check(value);
      let at = putLength(elements.length, buffer, offset);
      let i = 0;
      try {
        for (; i < elements.length; i++) at = element.write(elements[i]!, buffer, at);
      } catch (error) {
        throw error instanceof EncodeError ? error.within(`${name}[${i}]`) : error;
      }
      return at;
    },
  };
}

/** Its errors do not name the element, which the array does. */
function elementWriter(of: Shape, field: Extract<FieldDefinition, { type: 'list' | 'array' }>): ShapeWriter {
  if (field.type === 'array') return scalarWriter(of, field.of);
  const body = compileBody((of as Extract<Shape, { kind: 'struct' }>).parts, field.fields);
  const measured = fixedSize(of) === null;
  const valuesOf = (value: EncodableValue): FieldValues => {
    if (Array.isArray(value)) return value;
    throw new EncodeError('', 'an element needs its values');
  };
  return {
    size: (value) => body.size(valuesOf(value)),
    write(value, buffer, offset) {
      const values = valuesOf(value);
      if (!measured) body.size(values);
      return body.write(values, buffer, offset);
    },
  };
}

function lengthWriter(extent: Extent): (length: number, buffer: Uint8Array, offset: number) => number {
  return extent.kind === 'prefixed' ? compileIntegerWriter(extent.length) : (_length, _buffer, offset) => offset;
}

function lengthMeasure(extent: Extent): (length: number) => number {
  if (extent.kind !== 'prefixed') return () => 0;
  const layout = extent.length;
  return (length) => integerSize(layout, length);
}

function checkFit(field: ScalarField, value: EncodableValue): void {
  const problem = fieldMisfit(field, value);
  if (problem !== undefined) throw new EncodeError(field.name, problem);
}
