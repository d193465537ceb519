import type { PacketDefinition } from '../packets/index.js';
import { explainBody } from './explain-body.js';
import { explainHeader, type FixedHeader } from './explain-header.js';

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

/**
 * Explains frames that stand one behind the other. Every byte of the input is in exactly one part. A frame that does not fit its
 * definition does not keep the next from being explained; one whose size is not known does.
 * `packets`: those that may occur. A frame whose id several of them have is a fault.
 */
export function explainFrames(
  bytes: Uint8Array,
  packets: readonly PacketDefinition[],
  framing: FixedHeader,
): readonly ExplainedFrame[] {
  const frames: ExplainedFrame[] = [];
  for (let at = 0; at < bytes.length; at = frames.at(-1)!.end) frames.push(explainFrame(bytes, at, packets, framing));
  return frames;
}

function explainFrame(
  bytes: Uint8Array,
  start: number,
  packets: readonly PacketDefinition[],
  framing: FixedHeader,
): ExplainedFrame {
  const { parts: headerParts, fault: headerFault, size, packet } = explainHeader(bytes, start, packets, framing);
  const body =
    headerFault === undefined && packet !== undefined && size !== undefined
      ? explainBody(bytes, start + framing.headerSize, start + size, packet)
      : { parts: [], fault: headerFault };
  const parts = [...headerParts, ...body.parts];
  // Without a size nobody knows where the next frame begins: all the rest is this one's.
  const end = size === undefined ? bytes.length : Math.min(start + size, bytes.length);
  const explainedTo = parts.reduce((at, part) => at + part.bytes.length, start);
  const rest = { offset: explainedTo, bytes: bytes.subarray(explainedTo, end), field: '', value: '' };
  return { start, end, packet, parts: explainedTo < end ? [...parts, rest] : parts, fault: body.fault };
}
