import type { Limits, ScalarField, ScalarType } from './definition.js';
import { textMisfit, textSize } from './texts.js';

type SizeLimits = Extract<Limits, { readonly kind: 'size' }>;

interface IntegerRange {
  readonly min: bigint;
  readonly max: bigint;
}

interface ScalarTraits {
  /** Bytes on the wire; null for texts and bytes, whose size their value decides. */
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

/** Every scalar type with its size and range. */
export const scalarTraits: Readonly<Record<ScalarType, ScalarTraits>> = {
  byte: unsigned(1),
  sbyte: signed(1),
  bool: fixed(1),
  short: signed(2),
  ushort: unsigned(2),
  int: signed(4),
  uint: unsigned(4),
  float: fixed(4),
  long: signed(8),
  ulong: unsigned(8),
  double: fixed(8),
  string: { sizeBytes: null, range: null },
  bytes: { sizeBytes: null, range: null },
};

/** A PDL string's length in bytes and a list's element count are u16. */
export const maxU16 = 0xffff;

/**
 * Why `value` cannot go into `field`, as a sentence without a full stop; undefined where it can. An enum's names are not values.
 */
export function fieldMisfit({ type, limits }: ScalarField, value: unknown): string | undefined {
  if (limits === undefined) return misfit(type, value);
  if (limits.kind === 'integer') {
    const { min, max } = limits;
    return misfit(type, value) ?? integerMisfit({ min: BigInt(min), max: BigInt(max) }, value as number | bigint);
  }
  const { encoding, terminated } = limits;
  if (encoding === null) return misfit('bytes', value) ?? sizeMisfit((value as Uint8Array).length, 'a value', limits);
  if (typeof value !== 'string') return `${show(value)} is not a string`;
  if (terminated && value.includes('\0')) return 'a text with U+0000 in it would end there';
  return textMisfit(encoding, value) ?? sizeMisfit(textSize(encoding, value), `a text in ${encoding}`, limits);
}

function sizeMisfit(size: number, what: string, { minBytes, maxBytes }: SizeLimits): string | undefined {
  if (size >= minBytes && size <= maxBytes) return undefined;
  if (minBytes === maxBytes) return `${what} must have ${maxBytes} bytes, not ${size}`;
  return `${what} of ${size} bytes is longer than ${maxBytes}`;
}

/**
 * Why `value` cannot be written as a `type`, as a sentence without a full stop; undefined where it can.
 * Whole numbers may be given as number or bigint, for `float` and `double` too.
 */
export function misfit(type: ScalarType, value: unknown): string | undefined {
  if (type === 'bool') return typeof value === 'boolean' ? undefined : `${show(value)} is not true or false`;
  if (type === 'string') return stringMisfit(value);
  if (type === 'bytes') return value instanceof Uint8Array ? undefined : `${show(value)} is not bytes`;
  if (typeof value !== 'number' && typeof value !== 'bigint') return `${show(value)} is not a number`;
  if (type === 'double') return undefined;
  if (type === 'float') return floatMisfit(Number(value));
  return integerMisfit(scalarTraits[type].range!, value);
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
  if (value instanceof Uint8Array) return 'bytes';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return value === undefined || value === null ? 'nothing' : String(value);
}
