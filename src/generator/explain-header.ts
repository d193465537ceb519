import { compileFraming, type LengthFraming, ProtocolError } from '../core/index.js';
import { readUint } from '../core/uint.js';
import { readVarint, varintSizeAt } from '../core/varint.js';
import { tooFewBytes } from '../packets/codec-errors.js';
import type { PacketDefinition } from '../packets/index.js';
import type { Explained, Fault, Part } from './explain.js';

export interface ExplainedHeader extends Explained {
  /** Of the whole frame, header included; undefined where the header does not tell it. */
  readonly size: number | undefined;
  /** Undefined where there is no id, or not exactly one packet that has it. */
  readonly packet: PacketDefinition | undefined;
}

/** A stretch of the header, counted from the beginning of the frame. */
interface Stretch {
  readonly role: 'size' | 'id' | 'field' | 'other';
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Explains the header of the frame that begins at `start`. */
export function explainHeader(
  bytes: Uint8Array,
  start: number,
  packets: readonly PacketDefinition[],
  framing: LengthFraming,
): ExplainedHeader {
  const parts: Part[] = [];
  let size: number | undefined;
  let named: readonly PacketDefinition[] = [];
  let fault: Fault | undefined;
  const stretches = stretchesOf(framing, bytes, start);
  const headerSize = stretches.at(-1)!.to;
  for (const { role, name, from, to } of stretches) {
    const offset = start + from;
    if (start + to > bytes.length) {
      const reason = `the frame breaks off in its header: ${tooFewBytes(headerSize, bytes.length - start)}`;
      return { parts, size: undefined, packet: undefined, fault: fault ?? { offset: bytes.length, reason } };
    }
    const stretch = bytes.subarray(offset, start + to);
    let value = '';
    if (role === 'size') {
      value = String(numberIn(stretch, framing, framing.lengthFieldLength === 'varint'));
      const found = frameSize(bytes, start, framing);
      if (typeof found === 'number') size = found;
      else fault ??= { offset, reason: found.message };
    } else if (role === 'id') {
      const id = compileFraming(framing).readId(bytes, start);
      named = packets.filter((packet) => packet.id === id);
      value = named.length === 1 ? `${id} = ${named[0]!.name}` : String(id);
      if (named.length !== 1) fault ??= { offset, reason: idProblem(id, named) };
    } else if (role === 'field') {
      value = String(numberIn(stretch, framing, false));
    }
    parts.push({ offset, bytes: stretch, field: name, value });
  }
  return { parts, size, packet: named.length === 1 ? named[0] : undefined, fault };
}

/** The unsigned number in all of `bytes`. */
function numberIn(bytes: Uint8Array, { endian }: LengthFraming, isVarint: boolean): number {
  if (isVarint) return readVarint(bytes, 0, bytes.length);
  return readUint(bytes.length as Parameters<typeof readUint>[0], endian)(bytes, 0);
}

/** Length field, id, named fields, and what stands around them, in their order. */
function stretchesOf(framing: LengthFraming, bytes: Uint8Array, start: number): readonly Stretch[] {
  const { lengthFieldOffset, lengthFieldLength, idOffset, idLength, headerFields = [] } = framing;
  const isVarint = lengthFieldLength === 'varint';
  const width = isVarint ? varintSizeAt(bytes, start + lengthFieldOffset) : lengthFieldLength;
  // What stands behind a varint is counted as though that had no width.
  const place = (offset: number) => (isVarint && offset >= lengthFieldOffset ? offset + width : offset);
  const stretch = (role: Stretch['role'], name: string, offset: number, length: number): Stretch => ({
    role,
    name,
    from: place(offset),
    to: place(offset) + length,
  });
  const known: Stretch[] = [
    { role: 'size', name: 'size', from: lengthFieldOffset, to: lengthFieldOffset + width },
    ...(idOffset === undefined || idLength === undefined ? [] : [stretch('id', 'id', idOffset, idLength)]),
    ...headerFields.map(({ name, offset, length }) => stretch('field', name, offset, length)),
  ];
  const stretches: Stretch[] = [];
  const headerSize = place(framing.headerSize);
  let at = 0;
  for (const next of known.sort((a, b) => a.from - b.from)) {
    if (at < next.from) stretches.push({ role: 'other', name: 'header', from: at, to: next.from });
    stretches.push(next);
    at = next.to;
  }
  if (at < headerSize) stretches.push({ role: 'other', name: 'header', from: at, to: headerSize });
  return stretches;
}

function frameSize(bytes: Uint8Array, start: number, framing: LengthFraming): number | ProtocolError {
  try {
    return compileFraming(framing).frameSize(bytes, start, bytes.length, 0);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

function idProblem(id: number, named: readonly PacketDefinition[]): string {
  if (named.length === 0) return `no packet has the id ${id}`;
  return `the id ${id} is that of ${named.map(({ name }) => name).join(' and ')}: only who sent the frame tells which`;
}
