import type { Framing, LengthFraming } from '../core/index.js';
import { requireFraming } from '../packets/frame-body.js';
import { formatOf, type PacketDefinition, type PacketSet, type Side } from '../packets/index.js';
import { explainBody } from './explain-body.js';
import { explainHeader } from './explain-header.js';

/** Bytes that belong together, and what they say. */
export interface Part {
  /** From the beginning of the input. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** The path of the field, as in `skills[1].level`; empty for bytes of which nothing is known. */
  readonly field: string;
  readonly value: string;
}

/** Where a frame does not fit, and why. */
export interface Fault {
  /** From the beginning of the input. */
  readonly offset: number;
  /** Without a full stop. */
  readonly reason: string;
}

/** What a stretch of a frame turned out to be. */
export interface Explained {
  readonly parts: readonly Part[];
  /** The first thing that does not fit; nothing behind it is explained. */
  readonly fault: Fault | undefined;
}

export interface ExplainedFrame extends Explained {
  /** From the beginning of the input; `end` is where the frame ends, or the input. */
  readonly start: number;
  readonly end: number;
  /** Undefined where the header is not whole, or does not name one packet. */
  readonly packet: PacketDefinition | undefined;
}

/** What the frames are explained by. */
export interface FrameFormat {
  readonly framing: Framing;
  readonly set: PacketSet;
  /** Who sent them; where that is not known, an id that two packets share is a fault. */
  readonly sentBy?: Side | undefined;
}

/**
 * Explains frames that stand one behind the other. Every byte of the input is in exactly one part. A frame that does not fit its
 * definition does not keep the next from being explained; one whose size is not known does.
 * @throws SwarmError `framing-unfit` where the framing cannot carry the packets.
 */
export function explainFrames(bytes: Uint8Array, { framing, set, sentBy }: FrameFormat): readonly ExplainedFrame[] {
  const packets = formatOf(set)
    .packets(set)
    .filter(({ direction }) => sentBy === undefined || direction !== notSentBy[sentBy]);
  const context: Context = { framing: requireFraming(packets, framing), set, packets };
  const frames: ExplainedFrame[] = [];
  for (let at = 0; at < bytes.length; at = frames.at(-1)!.end) frames.push(explainFrame(bytes, at, context));
  return frames;
}

const notSentBy = { client: 'toClient', server: 'toServer' } as const;

interface Context {
  readonly framing: LengthFraming;
  readonly set: PacketSet;
  /** Those that may occur. */
  readonly packets: readonly PacketDefinition[];
}

function explainFrame(bytes: Uint8Array, start: number, { framing, set, packets }: Context): ExplainedFrame {
  const header = explainHeader(bytes, start, packets, framing);
  const { packet, size } = header;
  const bodyStart = header.parts.reduce((at, part) => at + part.bytes.length, start);
  const body =
    header.fault === undefined && packet !== undefined && size !== undefined
      ? explainBody(bytes, bodyStart, start + size, packet, set)
      : { parts: [], fault: header.fault };
  const parts = [...header.parts, ...body.parts];
  // Without a size nobody knows where the next frame begins: all the rest is this one's.
  const end = size === undefined ? bytes.length : Math.min(start + size, bytes.length);
  const explainedTo = body.parts.reduce((at, part) => at + part.bytes.length, bodyStart);
  const rest = { offset: explainedTo, bytes: bytes.subarray(explainedTo, end), field: '', value: '' };
  return { start, end, packet, parts: explainedTo < end ? [...parts, rest] : parts, fault: body.fault };
}
