import { compileFraming, type Framing } from '../core/index.js';
import { BodyReader } from './body-reader.js';
import type { PacketDecoder } from './codec.js';
import { DecodeError } from './codec-errors.js';
import type { InlinePacket } from './definition.js';
import { requireIdFraming } from './frame-body.js';
import { checkHeaderParts } from './header-parts.js';
import { compileStructReader } from './shape-reader.js';

/** One for all decoders: decoding never waits half-way, and no decoder calls another. */
const sharedReader = new BodyReader();

/**
 * Compiles a decoder that yields only `fields` (top-level names). Counts, conditions and constants are read whatever was
 * asked for, and the length of the body is checked; a text that nobody asked for is not judged.
 * @throws SwarmError `framing-unfit` where the framing carries no packet id, or has no room for a field in its header.
 */
export function compileInlineDecoder(
  packet: InlinePacket,
  framing: Framing,
  fields: readonly string[] | 'all',
): PacketDecoder {
  checkHeaderParts(packet, requireIdFraming(packet, framing));
  const parser = compileFraming(framing);
  const read = compileStructReader(packet.layout, (name) => fields === 'all' || fields.includes(name));
  return {
    decode(buffer, start, end) {
      sharedReader.begin(buffer, start, end);
      sharedReader.take(parser.bodyOffset(buffer, start) - start, '');
      const record = read(sharedReader);
      const { remaining } = sharedReader;
      if (remaining === 0) return record;
      throw new DecodeError('trailing-bytes', '', `${remaining} bytes are left over after the last field`);
    },
  };
}
