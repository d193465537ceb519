import type { BodyReader } from './body-reader.js';
import { DecodeError } from './codec-errors.js';
import { dataViewOf } from './data-view.js';
import type { FieldRecord, FieldValue, SingleValue, TextEncoding } from './definition.js';
import { compileCountReader, compileIntegerReader } from './integers.js';
import { characterSize, type Extent, fixedSize, minimumSize, type Part, type Shape } from './layout.js';
import { compilePresence } from './presence.js';
import { type MutableRecord, noRecord, recordMaker } from './records.js';
import { readText } from './texts.js';
import { amountText } from './wide-integers.js';

/** The values of the parts before, as far as later ones ask for them. */
type Seen = (FieldValue | undefined)[];
/** Moves the reader over the next part; what is wanted of it goes into `record`, what later parts ask for into `seen`. */
type Step = (reader: BodyReader, record: MutableRecord, seen: Seen) => void;
/** Reads a shape, or moves past it, and moves the reader on. */
type ReadShape = (reader: BodyReader, seen: Seen) => FieldValue;
type SkipShape = (reader: BodyReader, seen: Seen) => void;
type TakeLength = (reader: BodyReader, seen: Seen) => number;

/** A reader of `parts`, one after the other, that keeps those whose names are wanted. `create` makes the records that they go into. */
export function compileStructReader(
  parts: readonly Part[],
  isWanted: (name: string) => boolean,
  create = partsRecordMaker(parts, isWanted),
): (reader: BodyReader) => FieldRecord {
  const steps = compileSteps(parts, isWanted);
  // One for all records: a structure does not contain itself.
  const seen: Seen = parts.map(() => undefined);
  return (reader) => {
    const record = create();
    for (let i = 0; i < steps.length; i++) steps[i]!(reader, record, seen);
    return record;
  };
}

function partsRecordMaker(parts: readonly Part[], isWanted: (name: string) => boolean): () => MutableRecord {
  // What a condition leaves out is not to be in the record.
  const conditional = parts.some(({ when }) => when !== undefined);
  return recordMaker(conditional ? [] : parts.map(({ name }) => name).filter(isWanted));
}

function compileSteps(parts: readonly Part[], isWanted: (name: string) => boolean): readonly Step[] {
  const asked = new Set(
    parts.flatMap(({ shape, when = [] }) => [...countedBy(shape), ...when.map(({ part }) => part)]),
  );
  const steps: Step[] = [];
  let run: Part[] = [];
  const endRun = () => {
    if (run.length > 0) steps.push(skipRun(run));
    run = [];
  };
  parts.forEach((part, i) => {
    const wanted = isWanted(part.name);
    if (part.at !== undefined) {
      if (wanted || asked.has(i) || part.constant !== undefined) steps.push(headerStep(parts, i, wanted, asked.has(i)));
      return;
    }
    const plain = part.constant === undefined && part.when === undefined && fixedSize(part.shape) !== null;
    if (plain && !wanted && !asked.has(i)) {
      run.push(part);
      return;
    }
    endRun();
    steps.push(partStep(parts, i, wanted, asked.has(i)));
  });
  endRun();
  return steps;
}

function countedBy(shape: Shape): readonly number[] {
  return 'extent' in shape && shape.extent.kind === 'counted' ? [shape.extent.part] : [];
}

/** Skips neighbours of fixed size at once; one by one only to name the field in which the body ends. */
function skipRun(parts: readonly Part[]): Step {
  const sizes = parts.map(({ shape }) => fixedSize(shape)!);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return (reader) => {
    if (reader.remaining >= total) reader.take(total, '');
    else for (let i = 0; i < sizes.length; i++) reader.take(sizes[i]!, parts[i]!.name);
  };
}

/** A part that stands in the header: the reader goes there, and comes back. */
function headerStep(parts: readonly Part[], index: number, wanted: boolean, asked: boolean): Step {
  const step = partStep(parts, index, wanted, asked);
  const at = parts[index]!.at!;
  return (reader, record, seen) => {
    const back = reader.seek(at);
    step(reader, record, seen);
    reader.seek(back);
  };
}

function partStep(parts: readonly Part[], index: number, wanted: boolean, asked: boolean): Step {
  const { name, shape, constant } = parts[index]!;
  const step =
    constant === undefined
      ? valueStep(parts[index]!, index, wanted, asked)
      : constantStep(name, shape, constant, wanted);
  const present = compilePresence(parts, index);
  if (present === null) return step;
  return (reader, record, seen) => {
    if (present(seen)) step(reader, record, seen);
  };
}

function valueStep({ name, shape }: Part, index: number, wanted: boolean, asked: boolean): Step {
  if (!wanted && !asked) {
    const skip = compileSkipper(shape, name);
    return (reader, _record, seen) => skip(reader, seen);
  }
  const read = compileReader(shape, name);
  return (reader, record, seen) => {
    const value = read(reader, seen);
    if (asked) seen[index] = value;
    if (wanted) record[name] = value;
  };
}

function constantStep(name: string, shape: Shape, constant: SingleValue, wanted: boolean): Step {
  const read = compileReader(shape, name);
  return (reader, record, seen) => {
    const value = read(reader, seen);
    if (value !== constant) {
      throw new DecodeError('bad-constant', name, `it is always ${constant}, and ${value} came`);
    }
    if (wanted) record[name] = value;
  };
}

function compileReader(shape: Shape, name: string): ReadShape {
  switch (shape.kind) {
    case 'integer': {
      const read = compileIntegerReader(shape);
      return (reader) => read(reader, name);
    }
    case 'float': {
      const little = shape.endian === 'little';
      return shape.sizeBytes === 4
        ? (reader) => dataViewOf(reader.buffer).getFloat32(reader.take(4, name), little)
        : (reader) => dataViewOf(reader.buffer).getFloat64(reader.take(8, name), little);
    }
    case 'bool':
      return (reader) => reader.buffer[reader.take(1, name)] !== 0;
    case 'string':
      return stringReader(shape, name);
    case 'bytes': {
      const takeSize = compileSize(shape.extent, 1, name);
      return (reader, seen) => {
        const size = takeSize(reader, seen);
        const at = reader.take(size, name);
        return reader.buffer.slice(at, at + size);
      };
    }
    case 'struct':
      return structReader(
        name,
        compileStructReader(shape.parts, () => true),
      );
    case 'array':
      return arrayReader(shape, name);
  }
}

/** `read`, whose errors name the structure. */
function structReader(name: string, read: (reader: BodyReader) => FieldRecord): ReadShape {
  return (reader) => {
    try {
      return read(reader);
    } catch (error) {
      throw error instanceof DecodeError ? error.within(name) : error;
    }
  };
}

function stringReader({ encoding, extent }: Extract<Shape, { kind: 'string' }>, name: string): ReadShape {
  const takeSize = compileSize(extent, characterSize(encoding), name);
  return (reader, seen) => {
    const size = takeSize(reader, seen);
    const at = reader.take(size, name);
    switch (extent.kind) {
      case 'fixed':
        return readText(encoding, reader, at, endOfText(encoding, reader.buffer, at, at + size), name);
      case 'terminated':
        return readText(encoding, reader, at, at + size - characterSize(encoding), name);
      default:
        return readText(encoding, reader, at, at + size, name);
    }
  };
}

/** Where the first U+0000 stands, or `end`. */
function endOfText(encoding: TextEncoding, buffer: Uint8Array, start: number, end: number): number {
  const step = characterSize(encoding);
  for (let at = start; at + step <= end; at += step) {
    if (buffer[at] === 0 && (step === 1 || buffer[at + 1] === 0)) return at;
  }
  return end;
}

/** Takes what says how long texts and bytes are, and gives their size in bytes, terminator included. */
function compileSize(extent: Extent, terminatorSize: number, name: string): TakeLength {
  switch (extent.kind) {
    case 'rest':
      return (reader) => reader.remaining;
    case 'terminated':
      return (reader) => terminatedSize(reader, terminatorSize, name);
    default:
      return compileCount(extent, name);
  }
}

function terminatedSize({ buffer, position, remaining }: BodyReader, step: number, name: string): number {
  for (let size = step; size <= remaining; size += step) {
    if (buffer[position + size - step] === 0 && (step === 1 || buffer[position + size - 1] === 0)) return size;
  }
  throw new DecodeError('truncated', name, `no zero ends the text in the ${remaining} bytes left`);
}

function compileCount(extent: Exclude<Extent, { readonly kind: 'rest' | 'terminated' }>, name: string): TakeLength {
  switch (extent.kind) {
    case 'prefixed': {
      const read = compileCountReader(extent.length);
      return (reader) => read(reader, name);
    }
    case 'fixed':
      return () => extent.size;
    case 'counted':
      return (_reader, seen) => Number(seen[extent.part]);
  }
}

function arrayReader({ of, extent }: Extract<Shape, { kind: 'array' }>, name: string): ReadShape {
  const takeCount = compileElementCount(of, extent, name);
  const read = of.kind === 'struct' ? compileStructReader(of.parts, () => true) : compileReader(of, '');
  return (reader, seen) => {
    const elements: FieldValue[] = [];
    forEachElement(name, reader, takeCount(reader, seen), () => elements.push(read(reader, seen)));
    return elements as FieldRecord[] | SingleValue[];
  };
}

/** Moves past each element: what is found wrong is found without keeping any. */
function arraySkipper({ of, extent }: Extract<Shape, { kind: 'array' }>, name: string): SkipShape {
  const takeCount = compileElementCount(of, extent, name);
  const skip = of.kind === 'struct' ? structSkipper(of.parts) : compileSkipper(of, '');
  return (reader, seen) => forEachElement(name, reader, takeCount(reader, seen), () => skip(reader, seen));
}

/** Moves past `parts`; all that a reader would find wrong is found, but for texts. */
export function structSkipper(parts: readonly Part[]): (reader: BodyReader) => FieldRecord {
  return compileStructReader(parts, () => false, noRecord);
}

/** Runs `visit` once for each of `count` elements, or to the end of the body, so that an error inside names its element. */
function forEachElement(name: string, reader: BodyReader, count: number | null, visit: () => unknown): void {
  let index = 0;
  try {
    for (; count === null ? reader.remaining > 0 : index < count; index++) visit();
  } catch (error) {
    throw error instanceof DecodeError ? error.within(`${name}[${index}]`) : error;
  }
}

/** How many elements come, null for all that do; a number that the rest of the body cannot hold is refused beforehand. */
function compileElementCount(
  of: Shape,
  extent: Extent,
  name: string,
): (reader: BodyReader, seen: Seen) => number | null {
  if (extent.kind === 'rest' || extent.kind === 'terminated') return () => null;
  const elementSize = minimumSize(of);
  const takeCount = compileCount(extent, name);
  return (reader, seen) => {
    const count = takeCount(reader, seen);
    if (count * elementSize <= reader.remaining) return count;
    throw new DecodeError(
      'bad-count',
      name,
      `${amountText(count)} elements cannot stand in the ${reader.remaining} bytes left`,
    );
  };
}

function compileSkipper(shape: Shape, name: string): SkipShape {
  const size = fixedSize(shape);
  if (size !== null) {
    return (reader) => {
      reader.take(size, name);
    };
  }
  if (shape.kind === 'string' || shape.kind === 'bytes') {
    const takeSize = compileSize(shape.extent, shape.kind === 'string' ? characterSize(shape.encoding) : 1, name);
    return (reader, seen) => {
      reader.take(takeSize(reader, seen), name);
    };
  }
  if (shape.kind === 'integer') {
    const take = compileCountReader(shape);
    return (reader) => {
      take(reader, name);
    };
  }
  if (shape.kind === 'struct') return structReader(name, structSkipper(shape.parts));
  if (shape.kind !== 'array') return compileReader(shape, name);
  const elementSize = fixedSize(shape.of);
  if (elementSize === null || shape.extent.kind === 'rest') return arraySkipper(shape, name);
  const takeCount = compileElementCount(shape.of, shape.extent, name);
  return (reader, seen) => {
    reader.take(takeCount(reader, seen)! * elementSize, name);
  };
}
