import type { Framing } from '../core/index.js';
import type { PacketDecoder } from './codec.js';
import type { InlinePacket } from './definition.js';
import { comparingSize, requireIdFraming, unframeBody } from './frame-body.js';
import { checkHeaderParts } from './header-parts.js';
import { fixedSize } from './layout.js';
import { compileStructReader, structSkipper } from './shape-reader.js';

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
  if (fields.length === 0) return compileInlineChecker(packet, framing);
  const isWanted = (name: string) => fields === 'all' || fields.includes(name);
  return unframeBody(packet, framing, compileStructReader(packet.layout, isWanted));
}

function compileInlineChecker(packet: InlinePacket, framing: Framing): PacketDecoder {
  const { layout } = packet;
  const decoder = unframeBody(packet, framing, structSkipper(layout));
  if (layout.some(({ at, constant }) => at !== undefined && constant !== undefined)) return decoder;
  const bodySize = fixedSize({ kind: 'struct', parts: layout.filter(({ at }) => at === undefined) });
  return bodySize === null ? decoder : comparingSize(decoder, framing, bodySize);
}
