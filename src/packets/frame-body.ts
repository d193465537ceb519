import { CoreError, compileFrameWriter, type Framing, type LengthFraming } from '../core/index.js';
import { SwarmError } from '../errors.js';
import type { PacketEncoder } from './codec.js';
import { EncodeError } from './codec-errors.js';
import type { PacketDefinition } from './definition.js';
import type { FieldValues } from './values.js';

/** Writes what stands between a frame's header and its trailer. */
export interface BodyWriter {
  size(values: FieldValues): number;
  /** Writes the body at `offset`, where there is room for it; returns where it ends. */
  write(values: FieldValues, buffer: Uint8Array, offset: number): number;
}

/**
 * An encoder that puts what `body` writes into frames; every error it throws names the packet.
 * @throws CoreError `bad-framing` where the framing contradicts itself.
 */
export function frameBody(definition: PacketDefinition, framing: Framing, body: BodyWriter): PacketEncoder {
  const { name, id } = definition;
  const frame = compileFrameWriter(framing);
  const maxPacketSize = framing.kind === 'raw' ? Number.POSITIVE_INFINITY : framing.maxPacketSize;

  function measure(values: FieldValues): number {
    const size = frame.headerSize + body.size(values);
    if (size <= maxPacketSize) return size + frame.trailerSize;
    throw new EncodeError('', `a packet of ${size} bytes is larger than the framing's ${maxPacketSize}`);
  }

  function frameSize(values: FieldValues): number {
    try {
      return measure(values);
    } catch (error) {
      throw inPacket(name, error);
    }
  }

  function write(values: FieldValues, buffer: Uint8Array, offset: number): number {
    try {
      const size = measure(values);
      const room = buffer.length - offset;
      if (size > room) throw new EncodeError('', `a frame of ${size} bytes does not fit the ${room} bytes of room`);
      return frame.finish(buffer, offset, body.write(values, buffer, offset + frame.headerSize), id);
    } catch (error) {
      throw inPacket(name, error);
    }
  }

  return { packet: name, id, definition, frameSize, write };
}

function inPacket(name: string, error: unknown): unknown {
  if (error instanceof EncodeError) return error.within(name);
  // The size does not fit a length field that is narrower than maxPacketSize says.
  return error instanceof CoreError ? new EncodeError(name, error.message) : error;
}

/**
 * The framing of a packet that has an id and a body of fields.
 * @throws SwarmError `framing-unfit` where there is no place for an id, or one too small.
 */
export function requireIdFraming({ name, id }: PacketDefinition, framing: Framing): LengthFraming {
  if (framing.kind !== 'length' || framing.idLength === undefined) {
    throw new SwarmError('framing-unfit', `Packet ${name} cannot travel in a framing without packet ids.`, {
      hint: 'Use a framing with a length field and an id, such as servercore.',
    });
  }
  if (id < 256 ** framing.idLength) return framing;
  throw new SwarmError('framing-unfit', `The id ${id} of packet ${name} needs more than ${framing.idLength} bytes.`, {
    hint: 'Give the packet a smaller id, or the framing a longer id field.',
  });
}
