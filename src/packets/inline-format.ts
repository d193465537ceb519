import type { InlinePacket, PacketSet, TextEncoding } from './definition.js';
import { fieldReader, type PacketFormat } from './format.js';
import { frameBody, requireIdFraming } from './frame-body.js';
import { checkHeaderParts } from './header-parts.js';
import { compileInlineDecoder } from './inline-decoder.js';
import { compileBody } from './inline-encoder.js';
import type { Part } from './layout.js';
import { toValues } from './values.js';

/** Packets that the scenario itself describes, field by field. */
export const inlineFormat: PacketFormat<Extract<PacketSet, { readonly format: 'inline' }>, InlinePacket> = {
  sole: null,
  freelyOptional: false,
  packets: (set) => set.packets,
  compileEncoder(packet, framing) {
    checkHeaderParts(packet, requireIdFraming(packet, framing));
    return frameBody(packet, framing, compileBody(packet.layout, packet.fields));
  },
  compileDecoder: compileInlineDecoder,
  toValues,
  whereReader: fieldReader,
  stampWidth(packet) {
    const encodings = packet.layout.flatMap(encodingsOf);
    if (encodings.every((encoding) => encoding === 'utf-8' || encoding === 'latin1')) return 1;
    return encodings.every((encoding) => encoding === 'utf-16le') ? 2 : null;
  },
};

function encodingsOf({ shape }: Pick<Part, 'shape'>): readonly TextEncoding[] {
  switch (shape.kind) {
    case 'string':
      return [shape.encoding];
    case 'array':
      return encodingsOf({ shape: shape.of });
    case 'struct':
      return shape.parts.flatMap(encodingsOf);
    default:
      return [];
  }
}
