import type { ScalarType } from './definition.js';
import type { PdlScalarType } from './pdl-field.js';

interface IntegerRange {
  readonly min: bigint;
  readonly max: bigint;
}

interface ScalarTraits {
  /** Bytes on the wire; null for a string, whose size its value decides. */
  readonly sizeBytes: number | null;
  /** What a whole number of this type may hold; null for types that are not whole numbers. */
  readonly range: IntegerRange | null;
}

const fixed = (sizeBytes: number): ScalarTraits => ({ sizeBytes, range: null });
const unsigned = (sizeBytes: number): ScalarTraits => ({
  sizeBytes,
  range: { min: 0n, max: 2n ** BigInt(8 * sizeBytes) - 1n },
});
const signed = (sizeBytes: number): ScalarTraits => ({
  sizeBytes,
  range: { min: -(2n ** BigInt(8 * sizeBytes - 1)), max: 2n ** BigInt(8 * sizeBytes - 1) - 1n },
});

/** PDL's scalar types with size and range; C#'s, whose names it uses. */
export const scalarTraits: Readonly<Record<PdlScalarType, ScalarTraits>> = {
  byte: unsigned(1),
  sbyte: signed(1),
  bool: fixed(1),
  short: signed(2),
  ushort: unsigned(2),
  int: signed(4),
  float: fixed(4),
  long: signed(8),
  double: fixed(8),
  string: { sizeBytes: null, range: null },
};

/** What the whole numbers hold that PDL does not have. */
const unsignedRanges = { uint: unsigned(4).range!, ulong: unsigned(8).range! };

/** A string's length in bytes and a list's element count are u16. */
export const maxU16 = 0xffff;

/**
 * Why `value` cannot be written as a `type`, as a sentence without a full stop; undefined where it can.
 * Whole numbers may be given as number or bigint, for `float` and `double` too.
 */
export function misfit(type: ScalarType, value: unknown): string | undefined {
  if (type === 'bool') return typeof value === 'boolean' ? undefined : `${show(value)} is not true or false`;
  if (type === 'string') return stringMisfit(value);
  if (type === 'bytes') return value instanceof Uint8Array ? undefined : `${show(value)} is not a Uint8Array`;
  if (typeof value !== 'number' && typeof value !== 'bigint') return `${show(value)} is not a number`;
  if (type === 'double') return undefined;
  if (type === 'float') return floatMisfit(Number(value));
  return integerMisfit(type === 'uint' || type === 'ulong' ? unsignedRanges[type] : scalarTraits[type].range!, value);
}

function stringMisfit(value: unknown): string | undefined {
  if (typeof value !== 'string') return `${show(value)} is not a string`;
  const sizeBytes = 2 * value.length;
  return sizeBytes <= maxU16 ? undefined : `a text of ${sizeBytes} bytes in UTF-16 is longer than ${maxU16}`;
}

function floatMisfit(value: number): string | undefined {
  const overflows = Number.isFinite(value) && !Number.isFinite(Math.fround(value));
  return overflows ? `${value} is too large for a float` : undefined;
}

function integerMisfit({ min, max }: IntegerRange, value: number | bigint): string | undefined {
  if (typeof value === 'number' && !Number.isInteger(value)) return `${value} is not a whole number`;
  if (value < min || value > max) return `${value} is not within ${min} to ${max}`;
  const inexact = typeof value === 'number' && !Number.isSafeInteger(value);
  return inexact ? `${value} is a number beyond 2^53, which is not exact: it must be a bigint` : undefined;
}

function show(value: unknown): string {
  if (typeof value === 'string') return value.length <= 40 ? JSON.stringify(value) : 'a string';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return value === undefined ? 'nothing' : String(value);
}
