import type { BodyReader } from './body-reader.js';
import { DecodeError } from './codec-errors.js';
import { dataViewOf } from './data-view.js';
import type { ScalarType } from './definition.js';
import type { Endian } from './layout.js';
import { halves, joinUnsigned, split, varintSize, writeVarint, writeWide } from './wide-integers.js';

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
  split(value);
  return varintSize(halves.low, halves.high);
}

type WriteInteger = (value: number | bigint, buffer: Uint8Array, offset: number) => number;

/** Writes a value that the integer can hold; returns where it ends. Negative numbers are two's complement. */
export function compileIntegerWriter(layout: IntegerLayout): WriteInteger {
  const { sizeBytes, endian } = layout;
  if (sizeBytes === null) {
    return (value, buffer, offset) => {
      split(value);
      return writeVarint(halves.low, halves.high, buffer, offset);
    };
  }
  if (sizeBytes === 8) return (value, buffer, offset) => writeWide(value, endian === 'little', buffer, offset);
  const last = sizeBytes - 1;
  const step = endian === 'little' ? 1 : -1;
  const first = endian === 'little' ? 0 : last;
  return (value, buffer, offset) => {
    const number = Number(value);
    for (let i = 0, at = offset + first; i <= last; i++, at += step) buffer[at] = number >> (8 * i);
    return offset + sizeBytes;
  };
}

type ReadInteger = (reader: BodyReader, field: string) => number | bigint;

export function compileIntegerReader(layout: IntegerLayout): ReadInteger {
  const { sizeBytes, signed, endian } = layout;
  if (sizeBytes === null) return readVarint;
  const little = endian === 'little';
  if (sizeBytes === 8) {
    return (reader, field) => {
      const at = reader.take(8, field);
      const view = dataViewOf(reader.buffer);
      return signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little);
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

/** A reader of what counts something: a bigint for each count would be an object for nothing. */
export function compileCountReader(layout: IntegerLayout): (reader: BodyReader, field: string) => number {
  if (layout.sizeBytes === null) {
    return (reader, field) => {
      takeVarint(reader, field);
      return halves.high * 2 ** 32 + halves.low;
    };
  }
  const read = compileIntegerReader(layout);
  return (reader, field) => Number(read(reader, field));
}

function readVarint(reader: BodyReader, field: string): bigint {
  takeVarint(reader, field);
  return joinUnsigned(halves.low, halves.high);
}

/**
 * Takes a varint into `halves`.
 * @throws DecodeError `bad-number` for one of more than 64 bits.
 */
function takeVarint(reader: BodyReader, field: string): void {
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = reader.buffer[reader.take(1, field)]!;
    const bits = byte & 0x7f;
    if (shift < 32) low |= bits << shift;
    if (shift >= 32) high |= bits << (shift - 32);
    else if (shift === 28) high = bits >> 4;
    if (byte < 0x80) {
      if (shift === 63 && bits > 1) break;
      halves.low = low >>> 0;
      halves.high = high >>> 0;
      return;
    }
  }
  throw new DecodeError('bad-number', field, 'a varint of more than 64 bits');
}
