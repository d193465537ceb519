import type { ScalarType } from './definition.js';
import type { ProtoScalar } from './proto-messages.js';
import type { ProtoWriter } from './proto-writer.js';
import { misfit } from './scalars.js';
import type { EncodableValue } from './values.js';
import { halves, split } from './wide-integers.js';

/** Writes a value that was found to fit, without its tag; numbers find room made for them. */
export type WriteScalar = (value: EncodableValue, out: ProtoWriter) => void;

function writeVarint64(value: EncodableValue, out: ProtoWriter): void {
  split(value as number | bigint);
  out.varint64(halves.low, halves.high);
}

function writeZigzag64(value: EncodableValue, out: ProtoWriter): void {
  split(value as number | bigint);
  const { low, high } = halves;
  const sign = high >> 31;
  const shifted = (high << 1) | (low >>> 31);
  out.varint64(((low << 1) ^ sign) >>> 0, (shifted ^ sign) >>> 0);
}

/** As 64 bits, so that a negative number has 10 bytes; most are not negative. */
function writeInt32(value: EncodableValue, out: ProtoWriter): void {
  const number = Number(value);
  if (number >= 0) out.varint32(number);
  else out.varint64(number >>> 0, 0xffff_ffff);
}

function writeZigzag32(value: EncodableValue, out: ProtoWriter): void {
  const number = Number(value);
  out.varint32(((number << 1) ^ (number >> 31)) >>> 0);
}

const writeVarint32: WriteScalar = (value, out) => out.varint32(Number(value));
const writeFixed32: WriteScalar = (value, out) => out.fixed32(Number(value));
const writeFixed64: WriteScalar = (value, out) => out.fixed64(value as number | bigint);

/** How the values of each type are written. */
export const scalarWriters: Readonly<Record<ProtoScalar, WriteScalar>> = {
  double: (value, out) => out.float(Number(value), 8),
  float: (value, out) => out.float(Number(value), 4),
  int32: writeInt32,
  sint32: writeZigzag32,
  sfixed32: writeFixed32,
  uint32: writeVarint32,
  fixed32: writeFixed32,
  int64: writeVarint64,
  sint64: writeZigzag64,
  sfixed64: writeFixed64,
  uint64: writeVarint64,
  fixed64: writeFixed64,
  bool: writeVarint32,
  string: (value, out) => out.text(value as string),
  bytes: (value, out) => out.bytes(value as Uint8Array),
};

/** Why a value cannot be written as this type. */
export function compileMisfit(type: ScalarType): (value: EncodableValue) => string | undefined {
  return commonMisfits[type] ?? ((value) => misfit(type, value));
}

/** The commonest values are told without `misfit`, which looks closer. */
const commonMisfits: Partial<Readonly<Record<ScalarType, (value: EncodableValue) => string | undefined>>> = {
  int: (value) => (typeof value === 'number' && (value | 0) === value ? undefined : misfit('int', value)),
  uint: (value) => (typeof value === 'number' && value >>> 0 === value ? undefined : misfit('uint', value)),
  long: (value) => (Number.isSafeInteger(value) ? undefined : misfit('long', value)),
  double: (value) => (typeof value === 'number' ? undefined : misfit('double', value)),
  // Not `misfit`: its longest string is PDL's.
  string: (value) => (typeof value === 'string' ? undefined : 'the value must be a string'),
};
