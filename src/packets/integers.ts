import { type BodyReader, takeIntoScratch } from './body-reader.js';
import { DecodeError } from './codec-errors.js';
import type { ScalarType } from './definition.js';
import type { Endian } from './layout.js';

/** A whole number on the wire; `sizeBytes` is null for an unsigned LEB128 (`varint`), of up to 64 bits. */
export interface IntegerLayout {
  readonly kind: 'integer';
  readonly sizeBytes: 1 | 2 | 3 | 4 | 8 | null;
  readonly signed: boolean;
  readonly endian: Endian;
}

/** The type whose values fill the integer; for 24 bits, the next wider. */
export function scalarTypeOf({ sizeBytes, signed }: IntegerLayout): ScalarType {
  switch (sizeBytes) {
    case 1:
      return signed ? 'sbyte' : 'byte';
    case 2:
      return signed ? 'short' : 'ushort';
    case 3:
    case 4:
      return signed ? 'int' : 'uint';
    default:
      return signed ? 'long' : 'ulong';
  }
}

/** Whether its values are bigints. */
export function isWide({ sizeBytes }: IntegerLayout): boolean {
  return sizeBytes === 8 || sizeBytes === null;
}

/** The largest value, as far as a number can say it exactly: what a count may be. */
export function maximumOf({ sizeBytes, signed }: IntegerLayout): number {
  if (sizeBytes === null || sizeBytes === 8) return Number.MAX_SAFE_INTEGER;
  return 2 ** (8 * sizeBytes - (signed ? 1 : 0)) - 1;
}

/** Bytes that this value takes. */
export function integerSize(layout: IntegerLayout, value: number | bigint): number {
  if (layout.sizeBytes !== null) return layout.sizeBytes;
  let size = 1;
  if (typeof value === 'bigint') for (let rest = value >> 7n; rest > 0n; rest >>= 7n) size++;
  else for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) size++;
  return size;
}

type WriteInteger = (value: number | bigint, buffer: Uint8Array, offset: number) => number;

/** Writes a value that the integer can hold; returns where it ends. Negative numbers are two's complement. */
export function compileIntegerWriter(layout: IntegerLayout): WriteInteger {
  const { sizeBytes, endian } = layout;
  if (sizeBytes === null) return writeVarint;
  if (sizeBytes === 8) return (value, buffer, offset) => writeEight(BigInt(value), endian, buffer, offset);
  const last = sizeBytes - 1;
  const step = endian === 'little' ? 1 : -1;
  const first = endian === 'little' ? 0 : last;
  return (value, buffer, offset) => {
    const number = Number(value);
    for (let i = 0, at = offset + first; i <= last; i++, at += step) buffer[at] = number >> (8 * i);
    return offset + sizeBytes;
  };
}

function writeEight(value: bigint, endian: Endian, buffer: Uint8Array, offset: number): number {
  let rest = value;
  for (let i = 0; i < 8; i++, rest >>= 8n) buffer[offset + (endian === 'little' ? i : 7 - i)] = Number(rest & 0xffn);
  return offset + 8;
}

function writeVarint(value: number | bigint, buffer: Uint8Array, offset: number): number {
  let rest = BigInt(value);
  let at = offset;
  for (; rest > 0x7fn; rest >>= 7n) buffer[at++] = Number(rest & 0x7fn) | 0x80;
  buffer[at++] = Number(rest);
  return at;
}

type ReadInteger = (reader: BodyReader, field: string) => number | bigint;

export function compileIntegerReader(layout: IntegerLayout): ReadInteger {
  const { sizeBytes, signed, endian } = layout;
  if (sizeBytes === null) return readVarint;
  const little = endian === 'little';
  if (sizeBytes === 8) {
    return (reader, field) => {
      const view = takeIntoScratch(reader, 8, field);
      return signed ? view.getBigInt64(0, little) : view.getBigUint64(0, little);
    };
  }
  const first = little ? sizeBytes - 1 : 0;
  const step = little ? -1 : 1;
  const unused = 32 - 8 * sizeBytes;
  return (reader, field) => {
    const start = reader.take(sizeBytes, field);
    let bits = 0;
    for (let i = 0, at = start + first; i < sizeBytes; i++, at += step) bits = (bits << 8) | reader.buffer[at]!;
    return signed ? (bits << unused) >> unused : bits >>> 0;
  };
}

/** @throws DecodeError `bad-number` for one of more than 64 bits. */
function readVarint(reader: BodyReader, field: string): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.buffer[reader.take(1, field)]!;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (value <= 0xffff_ffff_ffff_ffffn) return value;
      break;
    }
  }
  throw new DecodeError('bad-number', field, 'a varint of more than 64 bits');
}
