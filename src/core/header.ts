import { byteCount } from './byte-count.js';
import { CoreError } from './errors.js';
import type { HeaderField, LengthFraming } from './framing.js';
import { type Read, readUint, type Write, writeUint } from './uint.js';
import { varintSizeAt } from './varint.js';

/** Writes what packets with this id have in the header of the frame at `start`. */
type WriteId = (buffer: Uint8Array, start: number, id: number) => void;

/** Finds what stands `offset` bytes into a header, behind a varint by as many bytes more as that has. */
function locate({ lengthFieldLength, lengthFieldOffset }: LengthFraming, offset: number) {
  if (lengthFieldLength !== 'varint' || offset < lengthFieldOffset) return null;
  return (buffer: Uint8Array, start: number) => start + offset + varintSizeAt(buffer, start + lengthFieldOffset);
}

/** `read`, for what stands at `offset` of the frame at `start`. */
function readAt(framing: LengthFraming, offset: number, read: Read): Read {
  const find = locate(framing, offset);
  if (find !== null) return (buffer, start) => read(buffer, find(buffer, start));
  return offset === 0 ? read : (buffer, start) => read(buffer, start + offset);
}

/** `write`, for what stands at `offset` of the frame at `start`, whose length is written already. */
function writeAt(framing: LengthFraming, offset: number, write: Write): Write {
  const find = locate(framing, offset);
  if (find !== null) return (buffer, start, value) => write(buffer, find(buffer, start), value);
  return (buffer, start, value) => write(buffer, start + offset, value);
}

/** Where the body of the frame at `start` begins. */
export function compileBodyOffset(framing: LengthFraming): Read {
  const { headerSize, lengthFieldOffset } = framing;
  if (framing.lengthFieldLength !== 'varint') return (_buffer, start) => start + headerSize;
  return (buffer, start) => start + headerSize + varintSizeAt(buffer, start + lengthFieldOffset);
}

/** The bits of the id's bytes that are the id; all of them unless the framing says otherwise. */
function idMaskOf({ idLength = 2, idMask = 256 ** idLength - 1 }: LengthFraming): number {
  return idMask;
}

/** The largest packet id that the framing has room for; -1 where it has none for any. */
export function largestIdOf(framing: LengthFraming): number {
  return framing.idOffset === undefined ? -1 : idMaskOf(framing) >>> (framing.idShift ?? 0);
}

/** Reads the id of the frame at `start`; null where frames have none. */
export function compileIdReader(framing: LengthFraming): Read | null {
  const { idOffset, idLength, endian, idShift = 0 } = framing;
  if (idOffset === undefined || idLength === undefined) return null;
  const read = readUint(idLength, endian);
  const mask = idMaskOf(framing);
  if (framing.idMask === undefined && idShift === 0) return readAt(framing, idOffset, read);
  return readAt(framing, idOffset, (buffer, at) => (read(buffer, at) & mask) >>> idShift);
}

/** The writer refuses an id that does not fit with a CoreError (`bad-packet-id`). Null where frames have none. */
export function compileIdWriter(framing: LengthFraming): WriteId | null {
  const { idOffset, idLength, endian, idShift = 0, idRest = 0 } = framing;
  if (idOffset === undefined || idLength === undefined) return null;
  const write = writeAt(framing, idOffset, writeUint(idLength, endian));
  const largest = largestIdOf(framing);
  const restOf = typeof idRest === 'number' ? () => idRest : (id: number) => idRest[id] ?? 0;
  return (buffer, start, id) => {
    if (!Number.isInteger(id) || id < 0 || id > largest) {
      throw new CoreError('bad-packet-id', `the packet id ${id} does not fit the ${byteCount(idLength)} of its field`);
    }
    write(buffer, start, ((id << idShift) | restOf(id)) >>> 0);
  };
}

/** Writers of the header's constants, each with its value. */
export function compileConstants(framing: LengthFraming): readonly ((buffer: Uint8Array, start: number) => void)[] {
  return (framing.headerFields ?? []).flatMap(({ offset, length, value }) => {
    if (typeof value !== 'number') return [];
    const write = writeAt(framing, offset, writeUint(length, framing.endian));
    return [(buffer: Uint8Array, start: number) => write(buffer, start, value)];
  });
}

/** Reads the number by which replies find their requests; null where frames have none. */
export function compileMatchReader(framing: LengthFraming): Read | null {
  const field = framing.headerFields?.find(isMatch);
  return field === undefined ? null : readAt(framing, field.offset, readUint(field.length, framing.endian));
}

/** Writes the number of a packet into every field that counts; null where none does. See `FrameWriter.writeSequence`. */
export function compileSequenceWriter(
  framing: LengthFraming,
): ((buffer: Uint8Array, start: number, sequence: number) => number) | null {
  const writers = (framing.headerFields ?? []).flatMap((field) => {
    if (typeof field.value === 'number') return [];
    const numbers = 256 ** field.length;
    return [
      {
        write: writeAt(framing, field.offset, writeUint(field.length, framing.endian)),
        numbers,
        match: isMatch(field),
      },
    ];
  });
  if (writers.length === 0) return null;
  return (buffer, start, sequence) => {
    let matched = -1;
    for (let i = 0; i < writers.length; i++) {
      const { write, numbers, match } = writers[i]!;
      const number = sequence % numbers;
      write(buffer, start, number);
      if (match) matched = number;
    }
    return matched;
  };
}

/** Whether replies are matched by this field. */
export function isMatch({ value }: HeaderField): boolean {
  return typeof value === 'object' && 'match' in value;
}
