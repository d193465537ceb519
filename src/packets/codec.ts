import type { FrameWriter } from '../core/index.js';
import type { FieldRecord, PacketDefinition } from './definition.js';
import type { FieldValues } from './values.js';

/** Writes one kind of packet. Compiled once, used for every packet of its name. */
export interface PacketEncoder {
  readonly packet: string;
  readonly id: number;
  readonly definition: PacketDefinition;
  /**
   * The exact size in bytes of the frame for these values, header included.
   * @throws EncodeError when a string, a list or the frame is too long, or the number of values is wrong.
   */
  frameSize(values: FieldValues): number;
  /**
   * Writes the whole frame, header included, at `offset` of `buffer`; returns where it ends. After an error the bytes
   * from `offset` on are undefined. Between `frameSize` and the `write` that follows it, the values must not change.
   * @throws EncodeError when a value does not fit its field, or the frame does not fit the buffer.
   */
  write(values: FieldValues, buffer: Uint8Array, offset: number): number;
  /** Numbers a frame that was written; null where the framing has no field that counts. See `FrameWriter.writeSequence`. */
  readonly writeSequence: FrameWriter['writeSequence'];
}

/** Reads one kind of packet: the fields that were asked for when it was compiled, and no others. */
export interface PacketDecoder {
  /**
   * Reads the frame from `start` to `end` (exclusive), header included, as `PacketSession.onFrame` hands it on. Nothing
   * of the buffer is kept. The body is checked for its length, its lists and texts for theirs, whatever was asked for: a decoder
   * of no fields makes no record, and tells a well-formed frame from one that is not.
   * @throws DecodeError, and nothing else, for a body that is not what the definition says.
   */
  decode(buffer: Uint8Array, start: number, end: number): FieldRecord;
}
