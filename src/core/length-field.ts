import type { LengthFraming } from './framing.js';
import { writeUint } from './uint.js';
import { longestVarint, varintSize, varintSizeAt, writeVarint } from './varint.js';

/** The largest number that the length field can say, as far as a number is exact. */
export function largestLength({ lengthFieldLength }: LengthFraming): number {
  if (lengthFieldLength === 'varint') return 128 ** longestVarint - 1;
  return Math.min(256 ** lengthFieldLength - 1, Number.MAX_SAFE_INTEGER);
}

/** What the length field of a frame of `size` bytes says, those of a varint left out. Below 0 where no field can say so. */
export function lengthFor(framing: LengthFraming, size: number): number {
  const { lengthFieldOffset, lengthFieldLength, lengthAdjustment } = framing;
  return size - lengthFieldOffset - (lengthFieldLength === 'varint' ? 0 : lengthFieldLength) - lengthAdjustment;
}

/** A copy of `frame` whose length field says `value`; a varint may have another width then. */
export function withLength(framing: LengthFraming, frame: Uint8Array, value: number): Uint8Array {
  const { lengthFieldOffset, lengthFieldLength, endian } = framing;
  if (lengthFieldLength !== 'varint') {
    const copy = new Uint8Array(frame);
    writeUint(lengthFieldLength, endian)(copy, lengthFieldOffset, value);
    return copy;
  }
  const rest = frame.subarray(lengthFieldOffset + varintSizeAt(frame, lengthFieldOffset));
  const restAt = lengthFieldOffset + varintSize(value);
  const copy = new Uint8Array(restAt + rest.length);
  copy.set(frame.subarray(0, lengthFieldOffset));
  writeVarint(copy, lengthFieldOffset, value);
  copy.set(rest, restAt);
  return copy;
}
