import { compileFraming, type LengthFraming, ProtocolError } from '../core/index.js';
import { readUint } from '../core/uint.js';
import type { PacketDefinition } from '../packets/index.js';
import type { Explained, Fault, Part } from './explain.js';

/** A header whose fields stand at fixed places: one with a varint has none. */
export type FixedHeader = LengthFraming & { readonly lengthFieldLength: number };

export interface ExplainedHeader extends Explained {
  /** Of the whole frame, header included; undefined where the header does not tell it. */
  readonly size: number | undefined;
  /** Undefined where there is no id, or not exactly one packet that has it. */
  readonly packet: PacketDefinition | undefined;
}

/** A stretch of the header, counted from the beginning of the frame. */
interface Stretch {
  readonly field: 'size' | 'id' | 'header';
  readonly from: number;
  readonly to: number;
}

/** Explains the header of the frame that begins at `start`. */
export function explainHeader(
  bytes: Uint8Array,
  start: number,
  packets: readonly PacketDefinition[],
  framing: FixedHeader,
): ExplainedHeader {
  const read = readUint(framing.lengthFieldLength, framing.endian);
  const readId = framing.idLength && readUint(framing.idLength, framing.endian);
  const parts: Part[] = [];
  let size: number | undefined;
  let named: readonly PacketDefinition[] = [];
  let fault: Fault | undefined;
  for (const { field, from, to } of stretchesOf(framing)) {
    const offset = start + from;
    if (start + to > bytes.length) {
      const reason = `the frame breaks off in its header: ${framing.headerSize} bytes are needed, and ${bytes.length - start} are left`;
      return { parts, size: undefined, packet: undefined, fault: fault ?? { offset: bytes.length, reason } };
    }
    let value = '';
    if (field === 'size') {
      value = String(read(bytes, offset));
      const found = frameSize(bytes, start, framing);
      if (typeof found === 'number') size = found;
      else fault ??= { offset, reason: found.message };
    } else if (field === 'id' && readId !== undefined) {
      const id = readId(bytes, offset);
      named = packets.filter((packet) => packet.id === id);
      value = named.length === 1 ? `${id} = ${named[0]!.name}` : String(id);
      if (named.length !== 1) fault ??= { offset, reason: idProblem(id, named) };
    }
    parts.push({ offset, bytes: bytes.subarray(offset, start + to), field, value });
  }
  return { parts, size, packet: named.length === 1 ? named[0] : undefined, fault };
}

/** Length field, id, and what stands around them, in their order. */
function stretchesOf(framing: FixedHeader): readonly Stretch[] {
  const { lengthFieldOffset, lengthFieldLength, idOffset, idLength, headerSize } = framing;
  const size: Stretch = { field: 'size', from: lengthFieldOffset, to: lengthFieldOffset + lengthFieldLength };
  const id: readonly Stretch[] =
    idOffset === undefined || idLength === undefined ? [] : [{ field: 'id', from: idOffset, to: idOffset + idLength }];
  const stretches: Stretch[] = [];
  let at = 0;
  for (const stretch of [size, ...id].sort((a, b) => a.from - b.from)) {
    if (at < stretch.from) stretches.push({ field: 'header', from: at, to: stretch.from });
    stretches.push(stretch);
    at = stretch.to;
  }
  if (at < headerSize) stretches.push({ field: 'header', from: at, to: headerSize });
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
