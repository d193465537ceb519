import { CoreError } from './errors.js';
import { checkFraming } from './frame-parser.js';
import type { DelimiterFraming, Framing, LengthFraming } from './framing.js';
import { writeUint } from './uint.js';

/** A framing, compiled to write frames in place: leave `headerSize` bytes free, write the body behind them, then `finish`. */
export interface FrameWriter {
  readonly headerSize: number;
  /** Bytes that `finish` writes behind the body. */
  readonly trailerSize: number;
  /**
   * Completes the frame whose body stands from `start + headerSize` to `bodyEnd`: writes the header at `start` and the
   * trailer at `bodyEnd`, and returns where the frame ends. `id` is ignored where the framing has none.
   * Throws a CoreError (`packet-too-large`, `bad-packet-id`) where size or id do not fit their fields; a size that wrapped
   * round would be worse. Does not look for a delimiter inside the body.
   */
  finish(buffer: Uint8Array, start: number, bodyEnd: number, id: number): number;
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
    case 'raw':
      return { headerSize: 0, trailerSize: 0, finish: (_buffer, _start, bodyEnd) => bodyEnd };
  }
}

function compileLength(framing: LengthFraming): FrameWriter {
  const { lengthFieldOffset, lengthFieldLength, endian, headerSize, idOffset, idLength } = framing;
  const subtracted = lengthFieldOffset + lengthFieldLength + framing.lengthAdjustment;
  const largest = Math.min(framing.maxPacketSize, subtracted + 256 ** lengthFieldLength - 1);
  const hasGaps = lengthFieldLength + (idLength ?? 0) < headerSize;
  const writeLength = writeUint(lengthFieldLength, endian);
  const writeId = compileIdWriter();

  function compileIdWriter(): (buffer: Uint8Array, start: number, id: number) => void {
    if (idOffset === undefined || idLength === undefined) return () => {};
    const write = writeUint(idLength, endian);
    const largestId = 256 ** idLength - 1;
    return (buffer, start, id) => {
      if (!Number.isInteger(id) || id < 0 || id > largestId) {
        throw new CoreError('bad-packet-id', `the packet id ${id} does not fit ${idLength} bytes`);
      }
      write(buffer, start + idOffset, id);
    };
  }

  function finish(buffer: Uint8Array, start: number, bodyEnd: number, id: number): number {
    const size = bodyEnd - start;
    if (size < subtracted) throw tooSmall(size, subtracted);
    if (size > largest) throw tooLarge(size, largest);
    if (hasGaps) buffer.fill(0, start, start + headerSize);
    writeLength(buffer, start + lengthFieldOffset, size - subtracted);
    writeId(buffer, start, id);
    return bodyEnd;
  }

  return { headerSize, trailerSize: 0, finish };
}

function compileDelimiter({ delimiter, maxPacketSize }: DelimiterFraming): FrameWriter {
  function finish(buffer: Uint8Array, start: number, bodyEnd: number): number {
    if (bodyEnd - start > maxPacketSize) throw tooLarge(bodyEnd - start, maxPacketSize);
    buffer.set(delimiter, bodyEnd);
    return bodyEnd + delimiter.length;
  }
  return { headerSize: 0, trailerSize: delimiter.length, finish };
}

function tooLarge(size: number, largest: number): CoreError {
  return new CoreError('packet-too-large', `a packet of ${size} bytes exceeds the ${largest} that its framing allows`);
}

function tooSmall(size: number, smallest: number): CoreError {
  return new CoreError(
    'packet-too-small',
    `a packet of ${size} bytes is below the ${smallest} that its length field can express`,
  );
}
