import { CoreError, ProtocolError } from './errors.js';
import type { DelimiterFraming, Framing, LengthFraming } from './framing.js';
import { readUint } from './uint.js';

/** A framing, compiled to find frames by offsets: nothing here allocates, copies or keeps a byte. */
export interface FrameParser {
  /** Bytes before the body. */
  readonly headerSize: number;
  /** Bytes of a frame behind what is handed on: the delimiter's length, else 0. */
  readonly trailerSize: number;
  /** The most bytes that an incomplete frame can hold: what a receive buffer must have room for. */
  readonly largestFrame: number;
  /**
   * The size on the wire, trailer included, of the frame that begins at `start`; 0 where the bytes up to `end` do not tell
   * yet. The frame is complete where the size is at most `end - start`.
   * The first `scanned` of these bytes were looked at by an earlier call for this frame, which answered 0.
   * Throws a ProtocolError (`size-below-header`, `packet-too-large`) as soon as the bytes break the framing.
   */
  frameSize(buffer: Uint8Array, start: number, end: number, scanned: number): number;
  /** The id of the complete frame that begins at `start`; -1 where the framing has none. */
  readId(buffer: Uint8Array, start: number): number;
}

const compiled = new WeakMap<Framing, FrameParser>();

/** Compiles a framing, once for each framing object. Throws a CoreError (`bad-framing`) where its parts contradict each other. */
export function compileFraming(framing: Framing): FrameParser {
  const known = compiled.get(framing);
  if (known !== undefined) return known;
  checkFraming(framing);
  const parser = compile(framing);
  compiled.set(framing, parser);
  return parser;
}

function compile(framing: Framing): FrameParser {
  switch (framing.kind) {
    case 'length':
      return compileLength(framing);
    case 'delimiter':
      return compileDelimiter(framing);
    case 'raw':
      return rawParser;
  }
}

const noId = (): number => -1;

/** Each chunk is a whole frame, so nothing is ever left incomplete. */
const rawParser: FrameParser = {
  headerSize: 0,
  trailerSize: 0,
  largestFrame: 0,
  frameSize: (_buffer, start, end) => end - start,
  readId: noId,
};

function compileLength(framing: LengthFraming): FrameParser {
  const { lengthFieldOffset, lengthFieldLength, endian, headerSize, maxPacketSize, idOffset, idLength } = framing;
  const lengthFieldEnd = lengthFieldOffset + lengthFieldLength;
  const added = lengthFieldEnd + framing.lengthAdjustment;
  const readLength = readUint(lengthFieldLength, endian);

  function frameSize(buffer: Uint8Array, start: number, end: number): number {
    if (end - start < lengthFieldEnd) return 0;
    // A field of 8 bytes loses its low bits above 2^53; such a value exceeds any maxPacketSize all the same.
    const size = readLength(buffer, start + lengthFieldOffset) + added;
    if (size < headerSize) throw sizeBelowHeader(size, headerSize);
    if (size > maxPacketSize) throw packetTooLarge(size, maxPacketSize);
    return size;
  }

  function compileId(): FrameParser['readId'] {
    if (idOffset === undefined || idLength === undefined) return noId;
    const read = readUint(idLength, endian);
    return (buffer, start) => read(buffer, start + idOffset);
  }

  return { headerSize, trailerSize: 0, largestFrame: maxPacketSize, frameSize, readId: compileId() };
}

function compileDelimiter({ delimiter, maxPacketSize }: DelimiterFraming): FrameParser {
  const length = delimiter.length;
  const first = delimiter[0]!;

  function isDelimiterAt(buffer: Uint8Array, at: number): boolean {
    for (let i = 1; i < length; i++) if (buffer[at + i] !== delimiter[i]) return false;
    return true;
  }

  function frameSize(buffer: Uint8Array, start: number, end: number, scanned: number): number {
    // The end of what was scanned may hold the beginning of a delimiter that was cut in two.
    const from = start + Math.max(0, scanned - (length - 1));
    const last = end - length;
    for (let at = from; at <= last; at++) {
      if (at - start > maxPacketSize) break;
      if (buffer[at] === first && isDelimiterAt(buffer, at)) return at + length - start;
    }
    // Where a delimiter could begin at the earliest from now on.
    if (Math.max(start, last + 1) - start > maxPacketSize) throw packetTooLarge(end - start, maxPacketSize);
    return 0;
  }

  return { headerSize: 0, trailerSize: length, largestFrame: maxPacketSize + length, frameSize, readId: noId };
}

function sizeBelowHeader(size: number, headerSize: number): ProtocolError {
  return new ProtocolError(
    'size-below-header',
    `a packet of ${size} bytes is smaller than its header of ${headerSize}`,
  );
}

function packetTooLarge(size: number, maxPacketSize: number): ProtocolError {
  return new ProtocolError(
    'packet-too-large',
    `a packet of ${size} bytes or more exceeds maxPacketSize ${maxPacketSize}`,
  );
}

/** Throws a CoreError (`bad-framing`) where a parser or writer for `framing` would read or write outside its header. */
export function checkFraming(framing: Framing): void {
  if (framing.kind === 'raw') return;
  const problem = framing.kind === 'length' ? lengthProblem(framing) : delimiterProblem(framing);
  if (problem !== undefined) throw new CoreError('bad-framing', problem);
}

function lengthProblem(framing: LengthFraming): string | undefined {
  const { lengthFieldOffset, lengthFieldLength, idOffset, idLength, headerSize, maxPacketSize } = framing;
  const counts = [lengthFieldOffset, lengthFieldLength, idOffset ?? 0, headerSize, maxPacketSize];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0))
    return 'offsets and sizes must be whole numbers';
  if (!Number.isSafeInteger(framing.lengthAdjustment)) return 'lengthAdjustment must be a whole number';
  if ((idOffset === undefined) !== (idLength === undefined)) return 'idOffset and idLength go together';
  if (lengthFieldOffset + lengthFieldLength > headerSize) return 'the length field reaches beyond headerSize';
  if (idOffset !== undefined && idOffset + idLength! > headerSize) return 'the id reaches beyond headerSize';
  if (maxPacketSize < headerSize) return 'maxPacketSize is smaller than headerSize';
  return undefined;
}

function delimiterProblem({ delimiter, maxPacketSize }: DelimiterFraming): string | undefined {
  if (delimiter.length === 0) return 'the delimiter is empty';
  if (!delimiter.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255))
    return 'a delimiter is made of bytes';
  if (!Number.isSafeInteger(maxPacketSize) || maxPacketSize < 1) return 'maxPacketSize must be a whole number above 0';
  return undefined;
}
