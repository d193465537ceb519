import { byteCount } from './byte-count.js';
import { checkFraming } from './check-framing.js';
import { ProtocolError } from './errors.js';
import type { DelimiterFraming, FixedFraming, Framing, LengthFraming } from './framing.js';
import { compileBodyOffset, compileIdReader, compileMatchReader } from './header.js';
import { readUint } from './uint.js';
import { longestVarint, readVarint, varintSizeAt } from './varint.js';

/** A framing, compiled to find frames by offsets: nothing here allocates, copies or keeps a byte. */
export interface FrameParser {
  /** The most bytes that an incomplete frame can hold: what a receive buffer must have room for. */
  readonly largestFrame: number;
  /**
   * The size on the wire, trailer included, of the frame that begins at `start`; 0 where the bytes up to `end` do not tell
   * yet. The frame is complete where the size is at most `end - start`.
   * The first `scanned` of these bytes were looked at by an earlier call for this frame, which answered 0.
   * Throws a ProtocolError (`size-below-header`, `packet-too-large`, `bad-length`) as soon as the bytes break the framing.
   */
  frameSize(buffer: Uint8Array, start: number, end: number, scanned: number): number;
  /** Where the body of the frame that begins at `start` begins. */
  bodyOffset(buffer: Uint8Array, start: number): number;
  /** Where the body of the complete frame from `start` to `end` ends, which is where its delimiter begins. */
  bodyEnd(buffer: Uint8Array, start: number, end: number): number;
  /** The id of the complete frame that begins at `start`; -1 where the framing has none. */
  readId(buffer: Uint8Array, start: number): number;
  /** The number by which the reply that begins at `start` finds its request; null where the framing has no field to match by. */
  readonly readMatch: ((buffer: Uint8Array, start: number) => number) | null;
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
    case 'fixed':
      return compileFixed(framing);
    case 'raw':
      return rawParser;
  }
}

const noId = (): number => -1;
const noHeader = (_buffer: Uint8Array, start: number): number => start;
const noTrailer = (_buffer: Uint8Array, _start: number, end: number): number => end;

/** Each chunk is a whole frame, so nothing is ever left incomplete. */
const rawParser: FrameParser = {
  largestFrame: 0,
  frameSize: (_buffer, start, end) => end - start,
  bodyOffset: noHeader,
  bodyEnd: noTrailer,
  readId: noId,
  readMatch: null,
};

function compileFixed({ length }: FixedFraming): FrameParser {
  return { ...rawParser, largestFrame: length, frameSize: () => length };
}

function compileLength(framing: LengthFraming): FrameParser {
  const isVarint = framing.lengthFieldLength === 'varint';
  return {
    // A varint is read to its end before it is found to be too large.
    largestFrame: Math.max(framing.maxPacketSize, isVarint ? framing.lengthFieldOffset + longestVarint : 0),
    frameSize: isVarint ? compileVarintSize(framing) : compileFieldSize(framing, framing.lengthFieldLength),
    bodyOffset: compileBodyOffset(framing),
    bodyEnd: noTrailer,
    readId: compileIdReader(framing) ?? noId,
    readMatch: compileMatchReader(framing),
  };
}

function compileFieldSize(
  framing: LengthFraming,
  lengthFieldLength: Parameters<typeof readUint>[0],
): FrameParser['frameSize'] {
  const { lengthFieldOffset, headerSize, maxPacketSize } = framing;
  const lengthFieldEnd = lengthFieldOffset + lengthFieldLength;
  const added = lengthFieldEnd + framing.lengthAdjustment;
  const readLength = readUint(lengthFieldLength, framing.endian);
  return (buffer, start, end) => {
    if (end - start < lengthFieldEnd) return 0;
    // A field of 8 bytes loses its low bits above 2^53; such a value exceeds any maxPacketSize all the same.
    const size = readLength(buffer, start + lengthFieldOffset) + added;
    if (size < headerSize) throw sizeBelowHeader(size, headerSize);
    if (size > maxPacketSize) throw packetTooLarge(size, maxPacketSize);
    return size;
  };
}

function compileVarintSize(framing: LengthFraming): FrameParser['frameSize'] {
  const { lengthFieldOffset, lengthAdjustment, headerSize, maxPacketSize } = framing;
  return (buffer, start, end) => {
    const at = start + lengthFieldOffset;
    if (at >= end) return 0;
    const width = varintSizeAt(buffer, at);
    if (at + width > end) return 0;
    if (buffer[at + width - 1]! >= 128) {
      throw new ProtocolError('bad-length', `the length has more than ${longestVarint} bytes`);
    }
    const size = lengthFieldOffset + width + readVarint(buffer, at, width) + lengthAdjustment;
    if (size < headerSize + width) throw sizeBelowHeader(size, headerSize + width);
    if (size > maxPacketSize) throw packetTooLarge(size, maxPacketSize);
    return size;
  };
}

function compileDelimiter({ delimiters, maxPacketSize }: DelimiterFraming): FrameParser {
  const longestFirst = delimiters.toSorted((a, b) => b.length - a.length);
  const longest = longestFirst[0]!.length;
  const findLast = compileByteFinder([...new Set(delimiters.map((delimiter) => delimiter.at(-1)!))]);

  /** The length of the longest delimiter that ends at `end` of the frame at `start`; 0 where none does. */
  function trailerSize(buffer: Uint8Array, start: number, end: number): number {
    for (let i = 0; i < longestFirst.length; i++) {
      const delimiter = longestFirst[i]!;
      const at = end - delimiter.length;
      if (at >= start && standsAt(delimiter, buffer, at)) return delimiter.length;
    }
    return 0;
  }

  function frameSize(buffer: Uint8Array, start: number, end: number, scanned: number): number {
    for (let at = findLast(buffer, start + scanned, end); at < end; at = findLast(buffer, at + 1, end)) {
      const trailer = trailerSize(buffer, start, at + 1);
      if (trailer === 0) continue;
      const size = at + 1 - trailer - start;
      if (size > maxPacketSize) throw packetTooLarge(size, maxPacketSize);
      return size + trailer;
    }
    // Where a delimiter could begin at the earliest from now on.
    if (end - start - (longest - 1) > maxPacketSize) throw packetTooLarge(end - start, maxPacketSize);
    return 0;
  }

  return {
    largestFrame: maxPacketSize + longest,
    frameSize,
    bodyOffset: noHeader,
    bodyEnd: (buffer, start, end) => end - trailerSize(buffer, start, end),
    readId: noId,
    readMatch: null,
  };
}

/** Finds the first of these bytes from `start` on; `end`, or beyond, where there is none before it. */
function compileByteFinder(bytes: readonly number[]): (buffer: Uint8Array, start: number, end: number) => number {
  const [only] = bytes;
  if (bytes.length === 1) {
    // Native code, five times as fast as a loop. It looks beyond `end` too, which only what ends inside a line pays for.
    return (buffer, start, end) => {
      const at = buffer.indexOf(only!, start);
      return at === -1 ? end : at;
    };
  }
  const isWanted = new Uint8Array(256);
  for (const byte of bytes) isWanted[byte] = 1;
  return (buffer, start, end) => {
    let at = start;
    while (at < end && isWanted[buffer[at]!] === 0) at++;
    return at;
  };
}

function standsAt(delimiter: readonly number[], buffer: Uint8Array, at: number): boolean {
  for (let i = 0; i < delimiter.length; i++) if (buffer[at + i] !== delimiter[i]) return false;
  return true;
}

function sizeBelowHeader(size: number, headerSize: number): ProtocolError {
  return new ProtocolError(
    'size-below-header',
    `a packet of ${byteCount(size)} is smaller than its header of ${headerSize}`,
  );
}

function packetTooLarge(size: number, maxPacketSize: number): ProtocolError {
  // A length of 8 bytes may be too large to be exact.
  const bytes = Number.isSafeInteger(size) ? `${size} bytes or more` : 'more than 2^53 bytes';
  return new ProtocolError('packet-too-large', `a packet of ${bytes} exceeds maxPacketSize ${maxPacketSize}`);
}
