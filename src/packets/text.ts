import { compileFraming, type Framing } from '../core/index.js';
import { SwarmError } from '../errors.js';
import type { PacketDecoder, PacketEncoder } from './codec.js';
import { DecodeError, EncodeError } from './codec-errors.js';
import type { PacketDefinition, PacketSet } from './definition.js';
import type { PacketFormat } from './format.js';
import { frameBody } from './frame-body.js';
import type { FieldValues } from './values.js';

/**
 * The one packet of a text protocol: `line` is a frame's text, without its delimiter. The id is what `PacketSession`
 * reports where the framing has none.
 */
export const textPacket: PacketDefinition = {
  name: 'text',
  id: -1,
  direction: 'both',
  fields: [{ name: 'line', type: 'string' }],
};

/**
 * The encoder of one UTF-8 text a frame; its values are `[line]`. Half a surrogate pair, which UTF-8 cannot express,
 * becomes U+FFFD.
 * @throws SwarmError `framing-unfit` where frames carry a packet id.
 */
export function compileTextEncoder(framing: Framing): PacketEncoder {
  refuseIds(framing);
  const delimiters = (framing.kind === 'delimiter' ? framing.delimiters : []).map((bytes) => Buffer.from(bytes));
  return frameBody(textPacket, framing, {
    size: (values) => Buffer.byteLength(lineOf(values)),
    write(values, buffer, offset) {
      const line = lineOf(values);
      if (containsDelimiter(line, delimiters)) {
        throw new EncodeError('line', 'the text contains the delimiter, and would arrive as more than one frame');
      }
      return offset + viewOf(buffer, offset, buffer.length).write(line);
    },
  });
}

/**
 * The decoder of one UTF-8 text a frame; its records are `{ line }`. Bytes that are not UTF-8 become U+FFFD.
 * @throws SwarmError `framing-unfit` where frames carry a packet id.
 */
export function compileTextDecoder(framing: Framing): PacketDecoder {
  refuseIds(framing);
  const parser = compileFraming(framing);
  return {
    decode(buffer, start, end) {
      const bodyStart = parser.bodyOffset(buffer, start);
      if (end < bodyStart) throw new DecodeError('truncated', '', 'the frame ends inside its header');
      return { line: viewOf(buffer, bodyStart, end).toString('utf8') };
    },
  };
}

function refuseIds(framing: Framing): void {
  if (framing.kind !== 'length' || framing.idOffset === undefined) return;
  throw new SwarmError('framing-unfit', 'Text packets have no id, and this framing has a place for one.', {
    hint: 'Use framing by a delimiter, raw, or a length field without idOffset.',
  });
}

function lineOf(values: FieldValues): string {
  const [line] = values;
  if (values.length !== 1 || typeof line !== 'string') throw new EncodeError('line', 'the value must be one string');
  return line;
}

/** Looks through text and delimiter together: the end of the one and the beginning of the other can form a delimiter too. */
function containsDelimiter(line: string, delimiters: readonly Buffer[]): boolean {
  const [written] = delimiters;
  if (written === undefined) return false;
  const text = Buffer.from(line);
  const frame = Buffer.concat([text, written]);
  return delimiters.some((delimiter) => {
    const at = frame.indexOf(delimiter);
    return at >= 0 && at < text.length;
  });
}

function viewOf(bytes: Uint8Array, start: number, end: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
}

export const textFormat: PacketFormat<Extract<PacketSet, { readonly format: 'text' }>> = {
  named: false,
  freelyOptional: false,
  packets: () => [textPacket],
  compileEncoder: (_packet, framing) => compileTextEncoder(framing),
  compileDecoder: (_packet, framing) => compileTextDecoder(framing),
  stampWidth: () => 1,
};
