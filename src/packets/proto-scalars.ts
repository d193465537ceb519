import type { ProtoScalar } from './proto-messages.js';
import { scratch, scratchBytes } from './proto-wire.js';

/** A value that was found to fit its type. */
type Fitting = number | bigint | boolean;

/** The writing of one scalar type of fixed or varying size, without its tag. */
export interface ScalarWriter {
  size(value: Fitting): number;
  /** Writes at `at`, where there is room; returns where it ends. */
  write(value: Fitting, buffer: Uint8Array, at: number): number;
}

/** The bytes of a varint of 32 bits, unsigned. */
export function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

/** Writes a varint of 32 bits, unsigned; returns where it ends. */
export function writeVarint(value: number, buffer: Uint8Array, at: number): number {
  let rest = value;
  while (rest > 0x7f) {
    buffer[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}

// A whole number of 64 bits is two unsigned halves of 32: bigints are for others.
let low = 0;
let high = 0;

function split(value: Fitting): void {
  if (typeof value === 'bigint') {
    scratch.setBigInt64(0, value, true);
    low = scratch.getUint32(0, true);
    high = scratch.getUint32(4, true);
  } else {
    low = Number(value) >>> 0;
    high = Math.floor(Number(value) / 2 ** 32) >>> 0;
  }
}

function splitZigzag(value: Fitting): void {
  split(value);
  const sign = high >> 31;
  const shifted = (high << 1) | (low >>> 31);
  low = ((low << 1) ^ sign) >>> 0;
  high = (shifted ^ sign) >>> 0;
}

function halvesSize(): number {
  if (high === 0) return varintSize(low);
  // The lowest four groups of seven bits are full; the fifth has bits of both halves.
  if (high < 0x08) return 5;
  return 5 + varintSize(high >>> 3);
}

function writeHalves(buffer: Uint8Array, at: number): number {
  while (high !== 0) {
    buffer[at++] = (low & 0x7f) | 0x80;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  return writeVarint(low, buffer, at);
}

function varint32(encode: (value: number) => number): ScalarWriter {
  return {
    size: (value) => varintSize(encode(Number(value))),
    write: (value, buffer, at) => writeVarint(encode(Number(value)), buffer, at),
  };
}

function varint64(splitValue: (value: Fitting) => void): ScalarWriter {
  return {
    size(value) {
      splitValue(value);
      return halvesSize();
    },
    write(value, buffer, at) {
      splitValue(value);
      return writeHalves(buffer, at);
    },
  };
}

function fixed(size: 4 | 8, intoScratch: (value: Fitting) => void): ScalarWriter {
  return {
    size: () => size,
    write(value, buffer, at) {
      intoScratch(value);
      for (let i = 0; i < size; i++) buffer[at + i] = scratchBytes[i]!;
      return at + size;
    },
  };
}

const fixed32 = fixed(4, (value) => scratch.setInt32(0, Number(value), true));
const fixed64 = fixed(8, (value) => {
  split(value);
  scratch.setUint32(0, low, true);
  scratch.setUint32(4, high, true);
});

/** As 64 bits, so that a negative number has 10 bytes; most are not negative. */
const int32: ScalarWriter = {
  size(value) {
    const number = Number(value);
    return number >= 0 ? varintSize(number) : 10;
  },
  write(value, buffer, at) {
    const number = Number(value);
    if (number >= 0) return writeVarint(number, buffer, at);
    split(number);
    return writeHalves(buffer, at);
  },
};

/** How each type is written whose values are numbers, or true and false. */
export const scalarWriters: Readonly<Record<Exclude<ProtoScalar, 'string' | 'bytes'>, ScalarWriter>> = {
  double: fixed(8, (value) => scratch.setFloat64(0, Number(value), true)),
  float: fixed(4, (value) => scratch.setFloat32(0, Number(value), true)),
  int32,
  sint32: varint32((value) => ((value << 1) ^ (value >> 31)) >>> 0),
  sfixed32: fixed32,
  uint32: varint32((value) => value),
  fixed32,
  int64: varint64(split),
  sint64: varint64(splitZigzag),
  sfixed64: fixed64,
  uint64: varint64(split),
  fixed64,
  bool: varint32((value) => value),
};
