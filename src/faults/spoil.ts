import { compileIdWriter } from '../core/header.js';
import { compileFraming, type Framing, type LengthFraming, largestIdOf } from '../core/index.js';
import { largestLength, lengthFor, withLength } from '../core/length-field.js';
import { varintSizeAt } from '../core/varint.js';
import type { RandomStream } from '../load/random.js';
import type { PacketFaultKind, Range, WrongSize } from '../scenario/plan.js';

/**
 * What a fault makes of a whole frame, as it stands on the wire; the frame itself stays as it is. Null where it has nothing that could be
 * spoilt so: no body to cut, say. What it does depends on the frame and on what it draws alone.
 */
export type Spoil = (frame: Uint8Array, random: RandomStream) => Uint8Array | null;

/** The faults that change a packet's bytes; the others change how they are sent. */
export type SpoilingFault = Exclude<PacketFaultKind, { readonly fault: 'fragment' | 'resetMidPacket' }>;

/** `size: larger` says so many bytes more than are sent, at most. */
const mostMissing = 1000;

/** Compiles a fault for frames of `wire`; `ids`: those of the packets that there are. `validate` refused what `wire` has no place for. */
export function compileSpoil(fault: SpoilingFault, wire: Framing, ids: ReadonlySet<number>): Spoil {
  switch (fault.fault) {
    case 'wrongSize':
      return wrongSize(lengthFramed(wire), fault.sizes);
    case 'unknownId':
      return unknownId(lengthFramed(wire), ids);
    case 'truncate':
      return truncate(wire);
    case 'overlong':
      return overlong(wire, fault.bytes);
    case 'randomBytes':
      return (_frame, random) => randomBytes(fault.bytes, random);
    case 'mutate':
      return (frame, random) => mutated(frame, fault.bytes, random);
  }
}

function lengthFramed(wire: Framing): LengthFraming {
  if (wire.kind !== 'length') throw new Error('`validate` refuses faults of headers where there are none');
  return wire;
}

function wrongSize(framing: LengthFraming, sizes: readonly WrongSize[]): Spoil {
  const largest = largestLength(framing);
  return (frame, random) => {
    const size = sizes[random.int(0, sizes.length - 1)]!;
    const truth = lengthFor(framing, sizeWithoutVarint(framing, frame));
    const said = saidSize(size, framing, truth, random);
    return said === truth || said > largest ? null : withLength(framing, frame, said);
  };
}

function saidSize(size: WrongSize, framing: LengthFraming, truth: number, random: RandomStream): number {
  switch (size) {
    case 'short':
      return lengthFor(framing, framing.headerSize - 1);
    case 'larger':
      return Math.min(truth + random.int(1, mostMissing), largestLength(framing));
    case 'largest':
      return largestLength(framing);
    default:
      return size;
  }
}

function unknownId(framing: LengthFraming, ids: ReadonlySet<number>): Spoil {
  const largest = largestIdOf(framing);
  const write = compileIdWriter(framing)!;
  return (frame, random) => {
    const copy = new Uint8Array(frame);
    let id = random.int(0, largest);
    while (ids.has(id)) id = id === largest ? 0 : id + 1;
    write(copy, 0, id);
    return copy;
  };
}

function truncate(wire: Framing): Spoil {
  const { bodyOffset, bodyEnd } = compileFraming(wire);
  return (frame, random) => {
    const start = bodyOffset(frame, 0);
    const end = bodyEnd(frame, 0, frame.length);
    if (start >= end) return null;
    return withBody(wire, frame, frame.subarray(start, start + random.int(0, end - start - 1)));
  };
}

function overlong(wire: Framing, bytes: Range): Spoil {
  const { bodyOffset, bodyEnd } = compileFraming(wire);
  return (frame, random) => {
    const body = frame.subarray(bodyOffset(frame, 0), bodyEnd(frame, 0, frame.length));
    return withBody(wire, frame, joined(body, randomBytes(bytes, random)));
  };
}

/** The frame with another body, and a size that counts it as far as the size field can. */
function withBody(wire: Framing, frame: Uint8Array, body: Uint8Array): Uint8Array {
  const { bodyOffset, bodyEnd } = compileFraming(wire);
  const head = frame.subarray(0, bodyOffset(frame, 0));
  const whole = joined(head, body, frame.subarray(bodyEnd(frame, 0, frame.length)));
  if (wire.kind !== 'length') return whole;
  return withLength(wire, whole, Math.min(lengthFor(wire, sizeWithoutVarint(wire, whole)), largestLength(wire)));
}

function sizeWithoutVarint({ lengthFieldLength, lengthFieldOffset }: LengthFraming, frame: Uint8Array): number {
  return lengthFieldLength === 'varint' ? frame.length - varintSizeAt(frame, lengthFieldOffset) : frame.length;
}

function mutated(frame: Uint8Array, { min, max }: Range, random: RandomStream): Uint8Array {
  const copy = new Uint8Array(frame);
  const bytes = random.int(min, max);
  for (let i = 0; i < bytes; i++) {
    const at = random.int(0, frame.length - 1);
    // Of the byte as it was, so that one that is hit twice is not as before.
    copy[at] = frame[at]! ^ random.int(1, 255);
  }
  return copy;
}

function randomBytes({ min, max }: Range, random: RandomStream): Uint8Array {
  return Uint8Array.from({ length: random.int(min, max) }, () => random.int(0, 255));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
