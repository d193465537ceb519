import type { Framing } from '../core/index.js';
import type { PacketDecoder, PacketEncoder } from './codec.js';
import { EncodeError } from './codec-errors.js';
import type { PacketDefinition, PacketSet } from './definition.js';
import type { PacketFormat } from './format.js';
import { frameBody } from './frame-body.js';
import type { FrameMatcher } from './frame-matcher.js';
import { bodyDecoder, containsDelimiter, delimitersOf, noId, refuseIds } from './plain-frame.js';
import { type FieldValues, toValues } from './values.js';

/** The one packet of a protocol that is described no further: a frame's bytes, without header and delimiter. */
const bytesPacket: PacketDefinition = {
  name: 'bytes',
  id: noId,
  direction: 'both',
  fields: [{ name: 'bytes', type: 'bytes' }],
};

function compileBytesEncoder(framing: Framing): PacketEncoder {
  refuseIds(framing, 'Bytes');
  const delimiters = delimitersOf(framing);
  return frameBody(bytesPacket, framing, {
    size: (values) => bytesOf(values).length,
    write(values, buffer, offset) {
      const bytes = bytesOf(values);
      if (delimiters.length > 0 && containsDelimiter(bytes, delimiters)) {
        throw new EncodeError('bytes', 'they contain the delimiter, and would arrive as more than one frame');
      }
      buffer.set(bytes, offset);
      return offset + bytes.length;
    },
  });
}

/** Its records are `{ bytes }`, a copy. */
function compileBytesDecoder(framing: Framing): PacketDecoder {
  refuseIds(framing, 'Bytes');
  return bodyDecoder(framing, (body, start, end) => ({
    bytes: Uint8Array.from(body.subarray(start, end)),
  }));
}

function bytesOf([bytes]: FieldValues): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new EncodeError('bytes', 'the value must be bytes');
  return bytes;
}

export const bytesFormat: PacketFormat<Extract<PacketSet, { readonly format: 'bytes' }>> = {
  sole: bytesPacket,
  freelyOptional: false,
  packets: () => [bytesPacket],
  compileEncoder: (_packet, framing) => compileBytesEncoder(framing),
  compileDecoder: (_packet, framing) => compileBytesDecoder(framing),
  toValues,
  whereReader: () => null,
  stampWidth: () => 1,
};

/**
 * Frames that have these bytes: two hexadecimal digits each, of which `?` is any; a `*` at the end lets anything follow.
 */
export function bytesFrames(pattern: string): FrameMatcher {
  const isOpen = pattern.endsWith('*');
  const digits = isOpen ? pattern.slice(0, -1) : pattern;
  const value = Uint8Array.from(Buffer.from(digits.replaceAll('?', '0'), 'hex'));
  const mask = Uint8Array.from(Buffer.from(digits.replace(/[^?]/g, 'f').replaceAll('?', '0'), 'hex'));
  return {
    match(frame) {
      const bytes = frame.bytes as Uint8Array;
      if (isOpen ? bytes.length < value.length : bytes.length !== value.length) return null;
      for (let i = 0; i < value.length; i++) if ((bytes[i]! & mask[i]!) !== value[i]) return null;
      return { bytes, size: bytes.length };
    },
    // What may be anything is what was asked, so that stamps come back.
    example: (heard) => [value.length === 0 && isOpen && heard !== null ? (heard.bytes as Uint8Array) : value],
  };
}
