import type { Framing } from '../core/index.js';
import type { PacketDecoder, PacketEncoder } from './codec.js';
import { EncodeError } from './codec-errors.js';
import type { PacketDefinition, PacketSet } from './definition.js';
import type { PacketFormat } from './format.js';
import { frameBody } from './frame-body.js';
import { bodyDecoder, containsDelimiter, delimitersOf, noId, refuseIds } from './plain-frame.js';
import { asBuffer, readUtf8 } from './texts.js';
import { type FieldValues, toValues } from './values.js';

/** The one packet of a text protocol: `line` is a frame's text, without its delimiter. */
export const textPacket: PacketDefinition = {
  name: 'text',
  id: noId,
  direction: 'both',
  fields: [{ name: 'line', type: 'string' }],
};

/**
 * The encoder of one UTF-8 text a frame; its values are `[line]`. Half a surrogate pair, which UTF-8 cannot express,
 * becomes U+FFFD.
 * @throws SwarmError `framing-unfit` where frames carry a packet id.
 */
export function compileTextEncoder(framing: Framing): PacketEncoder {
  refuseIds(framing, 'Text packets');
  const delimiters = delimitersOf(framing);
  return frameBody(textPacket, framing, {
    size: (values) => Buffer.byteLength(lineOf(values)),
    write(values, buffer, offset) {
      const line = lineOf(values);
      if (delimiters.length > 0 && containsDelimiter(Buffer.from(line), delimiters)) {
        throw new EncodeError('line', 'the text contains the delimiter, and would arrive as more than one frame');
      }
      return offset + asBuffer(buffer).write(line, offset);
    },
  });
}

/**
 * The decoder of one UTF-8 text a frame; its records are `{ line }`. Bytes that are not UTF-8 are a DecodeError `bad-text`.
 * @throws SwarmError `framing-unfit` where frames carry a packet id.
 */
export function compileTextDecoder(framing: Framing): PacketDecoder {
  refuseIds(framing, 'Text packets');
  return bodyDecoder(framing, (body, start, end) => ({ line: readUtf8(body, start, end, 'line') }));
}

function lineOf(values: FieldValues): string {
  const [line] = values;
  if (values.length !== 1 || typeof line !== 'string') throw new EncodeError('line', 'the value must be one string');
  return line;
}

export const textFormat: PacketFormat<Extract<PacketSet, { readonly format: 'text' }>> = {
  sole: textPacket,
  freelyOptional: false,
  packets: () => [textPacket],
  compileEncoder: (_packet, framing) => compileTextEncoder(framing),
  compileDecoder: (_packet, framing) => compileTextDecoder(framing),
  toValues,
  whereReader: () => null,
  stampWidth: () => 1,
};
