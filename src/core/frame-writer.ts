import { byteCount } from './byte-count.js';
import { checkFraming } from './check-framing.js';
import { CoreError } from './errors.js';
import type { DelimiterFraming, FixedFraming, Framing, LengthFraming } from './framing.js';
import { compileConstants, compileIdWriter, compileSequenceWriter } from './header.js';
import { writeUint } from './uint.js';
import { longestVarint, varintSize, writeVarint } from './varint.js';

/** A framing, compiled to write frames in place: leave room for the header, write the body behind it, then `finish`. */
export interface FrameWriter {
  /** Bytes before a body of `bodySize` bytes. */
  headerSize(bodySize: number): number;
  /** Bytes that `finish` writes behind the body. */
  readonly trailerSize: number;
  /**
   * Completes the frame whose body stands from `bodyStart` to `bodyEnd`: writes the header before it and the trailer behind it,
   * and returns where the frame ends. `id` is ignored where the framing has none; fields that count are 0.
   * Throws a CoreError (`packet-too-large`, `packet-too-small`, `bad-packet-id`) where size or id do not fit their fields; a size
   * that wrapped round would be worse. Does not look for a delimiter inside the body.
   */
  finish(buffer: Uint8Array, bodyStart: number, bodyEnd: number, id: number): number;
  /**
   * Writes into the fields that count, of the complete frame at `start`, which packet of its connection this is, from 0. Returns
   * the number that its reply will carry; -1 where replies are not matched by one. Null where no field counts.
   */
  readonly writeSequence: ((buffer: Uint8Array, start: number, sequence: number) => number) | null;
}

const compiled = new WeakMap<Framing, FrameWriter>();

/** Compiles a framing, once for each framing object. Throws a CoreError (`bad-framing`) where its parts contradict each other. */
export function compileFrameWriter(framing: Framing): FrameWriter {
  const known = compiled.get(framing);
  if (known !== undefined) return known;
  checkFraming(framing);
  const writer = compile(framing);
  compiled.set(framing, writer);
  return writer;
}

function compile(framing: Framing): FrameWriter {
  switch (framing.kind) {
    case 'length':
      return compileLength(framing);
    case 'delimiter':
      return compileDelimiter(framing);
    case 'fixed':
      return compileFixed(framing);
    case 'raw':
      return { ...bare, finish: (_buffer, _bodyStart, bodyEnd) => bodyEnd };
  }
}

/** What frames without a header have in common. */
const bare = { headerSize: () => 0, trailerSize: 0, writeSequence: null } as const;

function compileLength(framing: LengthFraming): FrameWriter {
  const { lengthFieldOffset, lengthFieldLength, headerSize, maxPacketSize, idOffset, idLength = 0 } = framing;
  const isVarint = lengthFieldLength === 'varint';
  /** The length field says the body's size and this much more. */
  const added = headerSize - lengthFieldOffset - (isVarint ? 0 : lengthFieldLength) - framing.lengthAdjustment;
  const largestValue = isVarint ? 128 ** longestVarint - 1 : 256 ** lengthFieldLength - 1;
  const constants = compileConstants(framing);
  const constantBytes = (framing.headerFields ?? []).reduce(
    (sum, { length, value }) => (typeof value === 'number' ? sum + length : sum),
    0,
  );
  const writtenBytes = (isVarint ? 0 : lengthFieldLength) + (idOffset === undefined ? 0 : idLength) + constantBytes;
  const hasGaps = writtenBytes < headerSize;
  const writeLength = isVarint ? writeVarint : writeUint(lengthFieldLength, framing.endian);
  const writeId = compileIdWriter(framing);
  const headerSizeOf = isVarint ? (bodySize: number) => headerSize + varintSize(bodySize + added) : () => headerSize;

  function finish(buffer: Uint8Array, bodyStart: number, bodyEnd: number, id: number): number {
    const value = bodyEnd - bodyStart + added;
    if (value < 0) throw tooSmall(bodyEnd - bodyStart, -added);
    const start = bodyStart - headerSizeOf(bodyEnd - bodyStart);
    const size = bodyEnd - start;
    if (size > maxPacketSize) throw tooLarge(size, maxPacketSize);
    if (value > largestValue) throw tooLarge(size, size - value + largestValue);
    if (hasGaps) buffer.fill(0, start, bodyStart);
    writeLength(buffer, start + lengthFieldOffset, value);
    if (writeId !== null) writeId(buffer, start, id);
    for (let i = 0; i < constants.length; i++) constants[i]!(buffer, start);
    return bodyEnd;
  }

  return { headerSize: headerSizeOf, trailerSize: 0, finish, writeSequence: compileSequenceWriter(framing) };
}

function compileDelimiter(framing: DelimiterFraming): FrameWriter {
  const { maxPacketSize } = framing;
  const delimiter = framing.delimiters[0]!;
  function finish(buffer: Uint8Array, bodyStart: number, bodyEnd: number): number {
    if (bodyEnd - bodyStart > maxPacketSize) throw tooLarge(bodyEnd - bodyStart, maxPacketSize);
    buffer.set(delimiter, bodyEnd);
    return bodyEnd + delimiter.length;
  }
  return { ...bare, trailerSize: delimiter.length, finish };
}

function compileFixed({ length }: FixedFraming): FrameWriter {
  function finish(_buffer: Uint8Array, bodyStart: number, bodyEnd: number): number {
    const size = bodyEnd - bodyStart;
    if (size === length) return bodyEnd;
    throw size > length ? tooLarge(size, length) : tooSmall(size, length);
  }
  return { ...bare, finish };
}

function tooLarge(size: number, largest: number): CoreError {
  return new CoreError('packet-too-large', `a packet of ${size} bytes exceeds the ${largest} that its framing allows`);
}

function tooSmall(bodySize: number, smallest: number): CoreError {
  return new CoreError(
    'packet-too-small',
    `a body of ${byteCount(bodySize)} is below the ${smallest} that its framing can express`,
  );
}
