import { DecodeError } from './codec-errors.js';
import { dataViewOf } from './data-view.js';
import type { FieldRecord, FieldValue, SingleValue } from './definition.js';
import { isRival, type ProtoField, type ProtoScalar } from './proto-messages.js';
import type { ProtoReader } from './proto-reader.js';
import { wire, wireTypeOf } from './proto-wire.js';
import type { MutableRecord } from './records.js';
import { joinSigned, joinUnsigned } from './wide-integers.js';

/** What did not come, in the record: for the compiler a value, as a record's missing field is. Whoever reads a field asks for undefined. */
const absent = undefined as unknown as FieldValue;

/** Reads a message up to the reader's end. */
export interface MessageReader {
  /** A record with the defaults of all fields that are read, in their order. */
  create(): MutableRecord;
  /** Reads on into a record: what occurs again replaces, joins or continues what is there, as protobuf has it. */
  readInto(record: MutableRecord, reader: ProtoReader): void;
}

/** Takes in one occurrence of a field, whose tag was just read. */
type FieldStep = (reader: ProtoReader, tag: number, record: MutableRecord) => void;

/** Compiles the reading of those of a message's fields that are wanted. The others are passed over. */
export function compileMessageReader(
  fields: readonly ProtoField[],
  isWanted: (name: string) => boolean = () => true,
): MessageReader {
  // Sparse, by the field's number; whatever is not here is passed over.
  const steps: (FieldStep | undefined)[] = [];
  // As sparse: for errors. A list names its elements itself.
  const names: string[] = [];
  const wanted = fields.filter(({ definition }) => isWanted(definition.name));
  for (const field of fields) {
    const others = wanted.filter((other) => isRival(other, field));
    const step: FieldStep = wanted.includes(field) ? compileStep(field) : (reader, tag) => reader.skip(tag);
    if (others.length > 0) steps[field.number] = clearing(others, step);
    else if (wanted.includes(field)) steps[field.number] = step;
    if (wanted.includes(field) && field.definition.type !== 'list') names[field.number] = field.definition.name;
  }
  const constants = Object.fromEntries(wanted.map((field) => [field.definition.name, constantDefault(field)]));
  const made = wanted.flatMap((field) => {
    const make = madeDefault(field);
    return make === null ? [] : [{ name: field.definition.name, make }];
  });
  return {
    create() {
      const record: MutableRecord = { ...constants };
      for (let i = 0; i < made.length; i++) record[made[i]!.name] = made[i]!.make();
      return record;
    },
    readInto(record, reader) {
      let tag = 0;
      try {
        while (reader.position < reader.end) {
          tag = 0;
          tag = reader.tag();
          const step = steps[tag >>> 3];
          if (step === undefined) reader.skip(tag);
          else step(reader, tag, record);
        }
      } catch (error) {
        const name = names[tag >>> 3];
        throw error instanceof DecodeError && name !== undefined ? error.within(name) : error;
      }
    },
  };
}

/** Of a oneof the last that came is there, and no other. */
function clearing(others: readonly ProtoField[], step: FieldStep): FieldStep {
  const names = others.map(({ definition }) => definition.name);
  return (reader, tag, record) => {
    for (const name of names) record[name] = absent;
    step(reader, tag, record);
  };
}

/** What a scalar is that did not come; undefined where that is told apart, and where a default is made for each record. */
function constantDefault({ definition }: ProtoField): FieldValue {
  if (definition.type === 'list' || definition.type === 'array' || definition.type === 'struct') return absent;
  return definition.optional === true ? absent : zeros[definition.type as keyof typeof zeros];
}

function madeDefault({ definition, required, fields }: ProtoField): (() => FieldValue) | null {
  if (definition.type === 'list' || definition.type === 'array') return () => [];
  return definition.type === 'struct' && required ? compileMessageReader(fields).create : null;
}

const zeros = {
  int: 0,
  uint: 0,
  long: 0n,
  ulong: 0n,
  float: 0,
  double: 0,
  bool: false,
  string: '',
  bytes: new Uint8Array(0),
} as const satisfies Readonly<Record<string, SingleValue>>;

function compileStep(field: ProtoField): FieldStep {
  const { name } = field.definition;
  if (field.type === 'message') return field.repeated ? listStep(field) : structStep(field);
  const read = scalarReaders[field.type];
  const expected = wireTypeOf(field.type);
  if (field.repeated) return arrayStep(name, read, expected);
  return (reader, tag, record) => {
    checkWireType(tag, expected);
    record[name] = read(reader);
  };
}

/** Packed or one by one: writers may choose, readers take both. */
function arrayStep(name: string, read: (reader: ProtoReader) => SingleValue, expected: number): FieldStep {
  return (reader, tag, record) => {
    const values = record[name] as SingleValue[];
    if ((tag & 7) === wire.bytes && expected !== wire.bytes) {
      const outerEnd = reader.end;
      reader.end = endOfNested(reader);
      while (reader.position < reader.end) values.push(read(reader));
      reader.end = outerEnd;
      return;
    }
    checkWireType(tag, expected);
    values.push(read(reader));
  };
}

function structStep({ definition: { name }, fields }: ProtoField): FieldStep {
  const message = compileMessageReader(fields);
  return (reader, tag, record) => {
    checkWireType(tag, wire.bytes);
    const value = (record[name] as MutableRecord | undefined) ?? message.create();
    readNested(message, value, reader);
    record[name] = value;
  };
}

function listStep({ definition: { name }, fields }: ProtoField): FieldStep {
  const message = compileMessageReader(fields);
  return (reader, tag, record) => {
    const elements = record[name] as FieldRecord[];
    const element = message.create();
    try {
      checkWireType(tag, wire.bytes);
      readNested(message, element, reader);
    } catch (error) {
      throw error instanceof DecodeError ? error.within(`${name}[${elements.length}]`) : error;
    }
    elements.push(element);
  };
}

function readNested(message: MessageReader, record: MutableRecord, reader: ProtoReader): void {
  const outerEnd = reader.end;
  reader.end = endOfNested(reader);
  message.readInto(record, reader);
  reader.end = outerEnd;
}

function endOfNested(reader: ProtoReader): number {
  const length = reader.length();
  return reader.position + length;
}

function checkWireType(tag: number, expected: number): void {
  if ((tag & 7) === expected) return;
  throw new DecodeError('bad-wire', '', `its wire type is ${tag & 7}, not ${expected}`);
}

/** How the values of each type are read, one by one. */
export const scalarReaders: Readonly<Record<ProtoScalar, (reader: ProtoReader) => SingleValue>> = {
  double: (reader) => dataViewOf(reader.buffer).getFloat64(reader.take(8), true),
  float: (reader) => dataViewOf(reader.buffer).getFloat32(reader.take(4), true),
  int32(reader) {
    reader.varint();
    return reader.low | 0;
  },
  sint32(reader) {
    reader.varint();
    return (reader.low >>> 1) ^ -(reader.low & 1);
  },
  sfixed32: (reader) => dataViewOf(reader.buffer).getInt32(reader.take(4), true),
  uint32(reader) {
    reader.varint();
    return reader.low;
  },
  fixed32: (reader) => dataViewOf(reader.buffer).getUint32(reader.take(4), true),
  int64(reader) {
    reader.varint();
    return joinSigned(reader.low, reader.high);
  },
  sint64(reader) {
    reader.varint();
    const sign = -(reader.low & 1);
    const low = ((reader.low >>> 1) | (reader.high << 31)) ^ sign;
    return joinSigned(low, (reader.high >>> 1) ^ sign);
  },
  sfixed64: (reader) => dataViewOf(reader.buffer).getBigInt64(reader.take(8), true),
  uint64(reader) {
    reader.varint();
    return joinUnsigned(reader.low, reader.high);
  },
  fixed64: (reader) => dataViewOf(reader.buffer).getBigUint64(reader.take(8), true),
  bool(reader) {
    reader.varint();
    return (reader.low | reader.high) !== 0;
  },
  string: (reader) => reader.text(),
  bytes: (reader) => reader.bytes(),
};
