import type { Framing } from '../core/index.js';
import type { PacketDecoder } from './codec.js';
import type { InlinePacket } from './definition.js';
import { requireIdFraming, unframeBody } from './frame-body.js';
import { checkHeaderParts } from './header-parts.js';
import { compileStructReader } from './shape-reader.js';

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
  const isWanted = (name: string) => fields === 'all' || fields.includes(name);
  return unframeBody(packet, framing, compileStructReader(packet.layout, isWanted));
}
