import {
  CoreError,
  compileFrameWriter,
  compileFraming,
  type Framing,
  type LengthFraming,
  largestIdOf,
  maxPacketSizeOf,
} from '../core/index.js';
import { SwarmError } from '../errors.js';
import { BodyReader } from './body-reader.js';
import type { PacketDecoder, PacketEncoder } from './codec.js';
import { DecodeError, EncodeError, tooManyBytes } from './codec-errors.js';
import type { FieldRecord, PacketDefinition } from './definition.js';
import { FramingUnfit } from './framing-unfit.js';
import { noRecord } from './records.js';
import type { FieldValues } from './values.js';

/** Writes what stands between a frame's header and its trailer. */
export interface BodyWriter {
  size(values: FieldValues): number;
  /** Writes the body at `offset`, where there is room for it; returns where it ends. Nothing was measured since these values were, by any body. */
  write(values: FieldValues, buffer: Uint8Array, offset: number): number;
  /** Writes what these values have in the header of the frame at `start`, all else of which is written; absent where that is nothing. */
  readonly writeHeader?: (values: FieldValues, buffer: Uint8Array, start: number) => void;
}

/** What was measured last, by whichever encoder: who asks for a frame's size is about to write it, and measuring is half the work. */
let measuredBody: BodyWriter | null = null;
let measuredValues: FieldValues | null = null;
let measuredSize = 0;

/**
 * An encoder that puts what `body` writes into frames; every error it throws names the packet.
 * @throws CoreError `bad-framing` where the framing contradicts itself.
 */
export function frameBody(definition: PacketDefinition, framing: Framing, body: BodyWriter): PacketEncoder {
  const { name, id } = definition;
  const { writeHeader } = body;
  const frame = compileFrameWriter(framing);
  const maxPacketSize = maxPacketSizeOf(framing);

  /** The body's size, where the frame is not too large. */
  function measure(values: FieldValues): number {
    measuredValues = null;
    const bodySize = body.size(values);
    const size = frame.headerSize(bodySize) + bodySize;
    if (size > maxPacketSize) {
      throw new EncodeError('', `a packet of ${size} bytes is larger than the framing's ${maxPacketSize}`);
    }
    measuredBody = body;
    measuredValues = values;
    measuredSize = bodySize;
    return bodySize;
  }

  function frameSize(values: FieldValues): number {
    try {
      const bodySize = measure(values);
      return frame.headerSize(bodySize) + bodySize + frame.trailerSize;
    } catch (error) {
      throw inPacket(name, error);
    }
  }

  function write(values: FieldValues, buffer: Uint8Array, offset: number): number {
    try {
      const bodySize = measuredValues === values && measuredBody === body ? measuredSize : measure(values);
      measuredValues = null;
      const headerSize = frame.headerSize(bodySize);
      const size = headerSize + bodySize + frame.trailerSize;
      const room = buffer.length - offset;
      if (size > room) throw new EncodeError('', `a frame of ${size} bytes does not fit the ${room} bytes of room`);
      const bodyStart = offset + headerSize;
      const end = frame.finish(buffer, bodyStart, body.write(values, buffer, bodyStart), id);
      if (writeHeader !== undefined) writeHeader(values, buffer, offset);
      return end;
    } catch (error) {
      throw inPacket(name, error);
    }
  }

  return { packet: name, id, definition, frameSize, write, writeSequence: frame.writeSequence };
}

function inPacket(name: string, error: unknown): unknown {
  if (error instanceof EncodeError) return error.within(name);
  // The size does not fit a length field that is narrower than maxPacketSize says.
  return error instanceof CoreError ? new EncodeError(name, error.message) : error;
}

/** One for all decoders: decoding never waits half-way, and no decoder calls another. */
const sharedReader = new BodyReader();

/**
 * A decoder that hands the bodies of frames to `read`, which is to read them to their end.
 * @throws SwarmError `framing-unfit` where the framing carries no packet id.
 */
export function unframeBody(
  definition: PacketDefinition,
  framing: Framing,
  read: (reader: BodyReader) => FieldRecord,
): PacketDecoder {
  const parser = compileFraming(requireIdFraming(definition, framing));
  return {
    decode(buffer, start, end) {
      sharedReader.begin(buffer, start, end);
      sharedReader.take(parser.bodyOffset(buffer, start) - start, '');
      const record = read(sharedReader);
      const { remaining } = sharedReader;
      if (remaining === 0) return record;
      throw new DecodeError('trailing-bytes', '', tooManyBytes(remaining));
    },
  };
}

/** `decoder`, which reads no field, for bodies that all have `bodySize` bytes: only one of another size has to be gone through. */
export function comparingSize(decoder: PacketDecoder, framing: Framing, bodySize: number): PacketDecoder {
  const parser = compileFraming(framing);
  return {
    decode(buffer, start, end) {
      const isWhole = end - parser.bodyOffset(buffer, start) === bodySize;
      return isWhole ? noRecord() : decoder.decode(buffer, start, end);
    },
  };
}

/**
 * The framing of a packet that has an id and a body of fields.
 * @throws SwarmError `framing-unfit` where there is no place for an id, or one too small.
 */
export function requireIdFraming({ name, id }: PacketDefinition, framing: Framing): LengthFraming {
  const part = { packet: name, field: null };
  if (!hasIds(framing)) {
    throw new FramingUnfit(part, `Packet ${name} cannot travel in a framing without packet ids.`, withoutIdsHint);
  }
  const largest = largestIdOf(framing);
  if (id <= largest) return framing;
  const message = `The id ${id} of packet ${name} is too large: the framing has room for ids up to ${largest}.`;
  throw new FramingUnfit(part, message, 'Give the packet a smaller id, or the framing a longer id field.');
}

/**
 * The framing of packets that have ids and bodies of fields.
 * @throws SwarmError `framing-unfit` where there is no place for an id, or one too small for one of theirs.
 */
export function requireFraming(packets: readonly PacketDefinition[], framing: Framing): LengthFraming {
  if (!hasIds(framing)) {
    const message = 'Packets with fields cannot travel in a framing without packet ids.';
    throw new SwarmError('framing-unfit', message, { hint: withoutIdsHint });
  }
  for (const packet of packets) requireIdFraming(packet, framing);
  return framing;
}

function hasIds(framing: Framing): framing is LengthFraming {
  return framing.kind === 'length' && framing.idLength !== undefined;
}

const withoutIdsHint = 'Use a framing with a length field and an id, such as servercore.';
