import { compileFraming, type Framing } from '../core/index.js';
import type { PacketDecoder, PacketEncoder } from './codec.js';
import { DecodeError } from './codec-errors.js';
import type { PacketDefinition, PacketSet } from './definition.js';
import { frameBody, requireIdFraming } from './frame-body.js';
import { compileMessageReader } from './proto-decoder.js';
import { compileMessageBody } from './proto-encoder.js';
import { messageNamed, protoFields } from './proto-messages.js';
import { ProtoReader } from './proto-reader.js';
import { noRecord } from './records.js';

export type ProtoPacketSet = Extract<PacketSet, { format: 'proto' }>;

/**
 * Compiles the encoder of one message for the framing it travels in. A field without presence is not written where it is
 * zero; null leaves any field out but those that are required.
 * @throws SwarmError `framing-unfit` where the framing has no room for the packet's id.
 */
export function compileProtoEncoder(
  definition: PacketDefinition,
  framing: Framing,
  { root }: ProtoPacketSet,
): PacketEncoder {
  const fields = protoFields(messageNamed(root, definition.name));
  return frameBody(definition, requireIdFraming(definition, framing), compileMessageBody(fields));
}

/** One for all decoders: decoding never waits half-way, and no decoder calls another. */
const sharedReader = new ProtoReader();

/**
 * Compiles a decoder that yields only `fields` (top-level names, each decoded whole). The others, and those that the message
 * does not define, are passed over; what they hold is not looked at.
 * @throws SwarmError `framing-unfit` where the framing carries no packet id.
 */
export function compileProtoDecoder(
  definition: PacketDefinition,
  framing: Framing,
  fields: readonly string[] | 'all',
  { root }: ProtoPacketSet,
): PacketDecoder {
  const parser = compileFraming(requireIdFraming(definition, framing));
  const message = compileMessageReader(
    protoFields(messageNamed(root, definition.name)),
    (name) => fields === 'all' || fields.includes(name),
  );
  const create = fields.length === 0 ? noRecord : message.create;
  return {
    decode(buffer, start, end) {
      const bodyStart = parser.bodyOffset(buffer, start);
      if (end < bodyStart) throw new DecodeError('truncated', '', 'the frame ends inside its header');
      sharedReader.begin(buffer, bodyStart, end);
      const record = create();
      message.readInto(record, sharedReader);
      return record;
    },
  };
}
