import {
  compileFraming,
  type DelimiterFraming,
  type FixedFraming,
  type FrameParser,
  type Framing,
  type LengthFraming,
  maxPacketSizeOf,
} from '../core/index.js';
import { writeUint } from '../core/uint.js';
import { longestVarint, varintSize, varintSizeAt, writeVarint } from '../core/varint.js';
import type { TransformPlan } from '../scenario/plan.js';
import { coveredOffset, wireFraming } from '../scenario/wire-framing.js';
import { TransformError } from './transform.js';

type FrameCovers = Exclude<TransformPlan['covers'], 'stream'>;

/** What a transform covers of the frames that are sent, and how a frame is put together around what it made of that. */
export interface SendCover {
  /** Where the covered part of the frame at `start` begins. */
  coveredStart(buffer: Uint8Array, start: number): number;
  /** Bytes behind the covered part, which are the same on the wire. */
  readonly trailerSize: number;
  /**
   * Bytes before a covered part of `size` bytes, on the wire.
   * @throws TransformError where the framing cannot carry so many bytes.
   */
  headSize(size: number): number;
  /**
   * Completes the frame at `start` of `target`, whose covered part stands at its place, `size` bytes: writes what is around it, as it
   * was in the frame `from` to `to` of `source`, with a length that is true.
   * @throws TransformError where the framing would cut the frame otherwise.
   */
  finish(source: Uint8Array, from: number, to: number, target: Uint8Array, start: number, size: number): void;
}

/** How received frames are cut while they are covered. */
export interface ReceiveCover {
  /** The framing of the wire: it knows nothing of what is covered. */
  readonly wire: Framing;
  /** The framing of what was decoded. */
  readonly plain: FrameParser;
  coveredStart(buffer: Uint8Array, start: number): number;
}

/** A transform may make more of a packet than the wire carried, but not without end: so many times as much, at most. */
const largestGrowth = 16;
/** The largest chunk that a socket reads at once; more than most packets. */
const chunkBytes = 65_536;

/** The most bytes that one `decode` may give; what packs more into a packet is a bomb. */
export function largestDecodedOf(framing: Framing): number {
  const maxPacketSize = maxPacketSizeOf(framing);
  return largestGrowth * Math.max(chunkBytes, Number.isFinite(maxPacketSize) ? maxPacketSize : 0);
}

/** A stream has no frames: each send is covered as a whole. */
export const streamCover: SendCover = {
  coveredStart: (_buffer, start) => start,
  trailerSize: 0,
  headSize: () => 0,
  finish() {},
};

export function compileSendCover(framing: Framing, covers: FrameCovers): SendCover {
  switch (framing.kind) {
    case 'length':
      return lengthCover(framing, covers);
    case 'delimiter':
      return delimiterCover(framing);
    case 'fixed':
      return fixedCover(framing);
    case 'raw':
      throw new Error('`validate` refuses a transform of frames where there are none');
  }
}

export function compileReceiveCover(framing: Framing, covers: FrameCovers): ReceiveCover {
  const plain = compileFraming(framing);
  if (framing.kind !== 'length') return { wire: framing, plain, coveredStart: streamCover.coveredStart };
  const coveredStart = compileCoveredStart(framing, coveredOffset(framing, covers));
  return { wire: wireFraming(framing, covers), plain, coveredStart };
}

function compileCoveredStart({ lengthFieldLength, lengthFieldOffset }: LengthFraming, offset: number) {
  if (lengthFieldLength !== 'varint') return (_buffer: Uint8Array, start: number) => start + offset;
  return (buffer: Uint8Array, start: number) => start + offset + varintSizeAt(buffer, start + lengthFieldOffset);
}

function lengthCover(framing: LengthFraming, covers: FrameCovers): SendCover {
  const { lengthFieldOffset, lengthFieldLength, lengthAdjustment, endian, maxPacketSize } = framing;
  const isVarint = lengthFieldLength === 'varint';
  const offset = coveredOffset(framing, covers);
  const lengthFieldEnd = lengthFieldOffset + (isVarint ? 0 : lengthFieldLength);
  /** The length field says the size of what is covered and this much more. */
  const added = offset - lengthFieldEnd - lengthAdjustment;
  const largestValue = isVarint ? 128 ** longestVarint - 1 : 256 ** lengthFieldLength - 1;
  const writeLength = isVarint ? writeVarint : writeUint(lengthFieldLength, endian);
  const coveredStart = compileCoveredStart(framing, offset);
  const headSizeOf = isVarint ? (size: number) => offset + varintSize(size + added) : () => offset;

  return {
    coveredStart,
    trailerSize: 0,
    headSize(size) {
      checkSize(size, -added, largestValue - added);
      const headSize = headSizeOf(size);
      checkSize(size, 0, maxPacketSize - headSize);
      return headSize;
    },
    finish(source, from, _to, target, start, size) {
      const covered = coveredStart(source, from);
      // What stands between the length field and what is covered.
      const between = source.subarray(covered - (offset - lengthFieldEnd), covered);
      target.set(source.subarray(from, from + lengthFieldOffset), start);
      writeLength(target, start + lengthFieldOffset, size + added);
      target.set(between, start + headSizeOf(size) - between.length);
    },
  };
}

function delimiterCover(framing: DelimiterFraming): SendCover {
  const trailerSize = framing.delimiters[0]!.length;
  const parser = compileFraming(framing);
  return {
    ...streamCover,
    trailerSize,
    headSize(size) {
      checkSize(size, 0, framing.maxPacketSize);
      return 0;
    },
    finish(source, _from, to, target, start, size) {
      const trailer = start + size;
      const end = trailer + trailerSize;
      target.set(source.subarray(to - trailerSize, to), trailer);
      const isCutThere = parser.frameSize(target, start, end, 0) === end - start;
      if (!isCutThere || parser.bodyEnd(target, start, end) !== trailer) {
        throw new TransformError(
          'gave bytes from `encode` that contain the delimiter, and would arrive as another frame',
        );
      }
    },
  };
}

function fixedCover({ length }: FixedFraming): SendCover {
  return {
    ...streamCover,
    headSize(size) {
      checkSize(size, length, length);
      return 0;
    },
  };
}

function checkSize(size: number, smallest: number, largest: number): void {
  if (size >= smallest && size <= largest) return;
  const allowed = smallest === largest ? smallest : size < smallest ? `at least ${smallest}` : `at most ${largest}`;
  throw new TransformError(`gave ${size} bytes from \`encode\`, where the framing has room for ${allowed}`);
}
