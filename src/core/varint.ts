/** Base 128, low bits first: every byte but the last has its high bit set. */

/** Bytes of the longest varint that is read or written: 35 bits, more than any length. */
export const longestVarint = 5;

/** How many bytes `value`, a whole number below 2^35, takes. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** How many bytes the varint at `at` takes; at most `longestVarint`, whatever stands there. */
export function varintSizeAt(buffer: Uint8Array, at: number): number {
  let size = 1;
  while (size < longestVarint && buffer[at + size - 1]! >= 128) size++;
  return size;
}

/** The varint of `size` bytes at `at`. */
export function readVarint(buffer: Uint8Array, at: number, size: number): number {
  let value = 0;
  // Multiplied, not shifted: bit operators end at 32 bits.
  for (let i = size - 1; i >= 0; i--) value = value * 128 + (buffer[at + i]! & 0x7f);
  return value;
}

/** Writes `value`, a whole number below 2^35, in as few bytes as it takes. */
export function writeVarint(buffer: Uint8Array, at: number, value: number): void {
  let rest = value;
  let next = at;
  for (; rest >= 128; rest = Math.floor(rest / 128)) buffer[next++] = (rest % 128) | 0x80;
  buffer[next] = rest;
}
