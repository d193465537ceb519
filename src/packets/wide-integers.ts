/**
 * Whole numbers of 64 bits as two unsigned halves of 32: arithmetic with bigints makes an object for each step, and most values
 * are small.
 */
export const halves = { low: 0, high: 0 };

/** Eight bytes to convert numbers in, little-endian whatever the machine's own byte order. */
const scratch = new DataView(new ArrayBuffer(8));

/** Splits a whole number into `halves`; negative ones are two's complement. A number is exact: it is below 2^53. */
export function split(value: number | bigint): void {
  if (typeof value === 'bigint') {
    scratch.setBigInt64(0, value, true);
    halves.low = scratch.getUint32(0, true);
    halves.high = scratch.getUint32(4, true);
  } else {
    halves.low = value >>> 0;
    halves.high = Math.floor(value / 2 ** 32) >>> 0;
  }
}

export function joinSigned(low: number, high: number): bigint {
  scratch.setInt32(0, low, true);
  scratch.setInt32(4, high, true);
  return scratch.getBigInt64(0, true);
}

export function joinUnsigned(low: number, high: number): bigint {
  scratch.setInt32(0, low, true);
  scratch.setInt32(4, high, true);
  return scratch.getBigUint64(0, true);
}

/** Writes eight bytes; returns where they end. */
export function writeWide(value: number | bigint, littleEndian: boolean, buffer: Uint8Array, offset: number): number {
  split(value);
  const { low, high } = halves;
  for (let i = 0; i < 4; i++) {
    buffer[littleEndian ? offset + i : offset + 7 - i] = low >> (8 * i);
    buffer[littleEndian ? offset + 4 + i : offset + 3 - i] = high >> (8 * i);
  }
  return offset + 8;
}

/** Writes an unsigned LEB128 of up to 64 bits, where there is room for it; returns where it ends. */
export function writeVarint(low: number, high: number, buffer: Uint8Array, offset: number): number {
  let at = offset;
  let rest = low;
  for (let upper = high; upper !== 0; upper >>>= 7) {
    buffer[at++] = (rest & 0x7f) | 0x80;
    rest = ((rest >>> 7) | (upper << 25)) >>> 0;
  }
  while (rest > 0x7f) {
    buffer[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}

/** The bytes of an unsigned LEB128 of up to 64 bits. */
export function varintSize(low: number, high: number): number {
  if (high === 0) {
    if (low < 0x80) return 1;
    if (low < 0x4000) return 2;
    if (low < 0x20_0000) return 3;
    return low < 0x1000_0000 ? 4 : 5;
  }
  // The lowest four groups of seven bits are full; the fifth has bits of both halves.
  return high < 0x08 ? 5 : 5 + varintSize(high >>> 3, 0);
}

/** A number of bytes or elements, for a message: what was read of 64 bits may be too large to be exact. */
export function amountText(amount: number): string {
  return Number.isSafeInteger(amount) ? String(amount) : 'more than 2^53';
}
