import type { Framing, LengthFraming } from '../../../src/core/index.js';

/**
 * Where the frame ends that begins at `start`, by the definition of the framing and nothing of the parser; null where it is not whole
 * before `end`. For what the simulation sends: frames with a length, and of a fixed one.
 */
export function frameEnd(framing: Framing, bytes: Uint8Array, start: number, end: number): number | null {
  if (framing.kind !== 'length' && framing.kind !== 'fixed') throw new Error(`frames are not cut by ${framing.kind}`);
  const size = framing.kind === 'fixed' ? framing.length : sizeOf(framing, bytes.subarray(start, end));
  return size === null || start + size > end ? null : start + size;
}

function sizeOf(framing: LengthFraming, bytes: Uint8Array): number | null {
  const { lengthFieldOffset: from, lengthFieldLength, endian, lengthAdjustment } = framing;
  if (lengthFieldLength === 'varint') {
    let value = 0;
    for (let at = from; at < bytes.length; at++) {
      value += (bytes[at]! & 0x7f) * 128 ** (at - from);
      if (bytes[at]! < 0x80) return at + 1 + value + lengthAdjustment;
    }
    return null;
  }
  const end = from + lengthFieldLength;
  if (bytes.length < end) return null;
  let value = 0;
  for (let i = 0; i < lengthFieldLength; i++) value = value * 256 + bytes[endian === 'big' ? from + i : end - 1 - i]!;
  return end + value + lengthAdjustment;
}
