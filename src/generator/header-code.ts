import type { Framing, LengthFraming } from '../core/index.js';
import { SwarmError } from '../errors.js';

/** Generated code for a header whose fields stand at fixed places, with nothing in it but length and id. */
export interface HeaderCode {
  readonly headerSize: number;
  /** The largest packet that the length field and the framing allow. */
  readonly maxPacketSize: number;
  /** As a reader of the file would draw it: `[size u16][id u16]`. */
  readonly picture: string;
  /** What is to be known of the numbers in it. */
  readonly rule: string;
  /** Whether there are bytes in it that mean nothing, and are zero. */
  readonly hasGaps: boolean;
  /** A statement that writes the id into the packet that begins at `start`; an empty one stands for 0. */
  writeId(id: string, start: string): string;
  /** A statement that writes its length; `size` is that of the whole packet. */
  writeLength(size: string, start: string): string;
}

interface HeaderPart {
  readonly name: 'size' | 'id';
  readonly offset: number;
  readonly width: 1 | 2 | 4 | 8;
}

/** The file's one header. @throws SwarmError `framing-ungeneratable` for a header with more in it than length and id. */
export function headerCode(framing: Framing): HeaderCode {
  const { size, id, counted, plain } = partsOf(framing);
  const { endian, headerSize, maxPacketSize } = plain;
  const setter = ({ offset, width }: HeaderPart, value: string, start: string) => {
    const at = [start, ...(offset > 0 ? [String(offset)] : [])].filter((text) => text !== '').join(' + ') || '0';
    const number = width === 8 ? `BigInt(${value})` : value;
    const order = width === 1 ? '' : `, ${endian === 'little'}`;
    return `written.set${width === 8 ? 'BigUint' : 'Uint'}${8 * width}(${at}, ${number}${order});`;
  };
  return {
    headerSize,
    maxPacketSize: Math.min(maxPacketSize, 256 ** size.width - 1 + counted),
    picture: pictureOf([size, id], headerSize),
    rule: `${endian}-endian; ${countRule(counted, size)}`,
    hasGaps: size.width + id.width < headerSize,
    writeId: (value, start) => setter(id, value, start),
    writeLength(value, start) {
      const less = counted === 0 ? value : `${value} ${counted < 0 ? '+' : '-'} ${Math.abs(counted)}`;
      return setter(size, less, start);
    },
  };
}

function partsOf(framing: Framing) {
  if (framing.kind !== 'length' || framing.idOffset === undefined || framing.idLength === undefined) {
    throw unfit('without packet ids');
  }
  const { lengthFieldOffset, lengthFieldLength, lengthAdjustment, idOffset, idLength } = framing;
  if (lengthFieldLength === 'varint') throw unfit('with a length of varying width');
  if (lengthFieldLength === 3) throw unfit('with a length of three bytes');
  if (framing.idMask !== undefined || framing.idShift !== undefined) throw unfit('whose id is a part of a byte');
  if ((framing.headerFields ?? []).length > 0) throw unfit('with fields beside length and id');
  const size: HeaderPart = { name: 'size', offset: lengthFieldOffset, width: lengthFieldLength };
  const id: HeaderPart = { name: 'id', offset: idOffset, width: idLength };
  const plain: LengthFraming = framing;
  return { size, id, plain, counted: lengthFieldOffset + lengthFieldLength + lengthAdjustment };
}

function unfit(what: string): SwarmError {
  return new SwarmError('framing-ungeneratable', `No code is made for a header ${what}.`, {
    hint: 'tcp-swarm/packets encodes and decodes in every framing, while the program runs.',
  });
}

function pictureOf(parts: readonly HeaderPart[], headerSize: number): string {
  const gap = (from: number, to: number) => (from < to ? `[${to - from} unused]` : '');
  let picture = '';
  let at = 0;
  for (const { name, offset, width } of parts.toSorted((a, b) => a.offset - b.offset)) {
    picture += `${gap(at, offset)}[${name} u${8 * width}]`;
    at = offset + width;
  }
  return picture + gap(at, headerSize);
}

/** `counted`: bytes of the packet that its length field does not count. */
function countRule(counted: number, { offset, width }: HeaderPart): string {
  if (counted === 0) return 'the size counts all of it';
  return counted === offset + width
    ? 'the size counts what follows it'
    : `the size is that of the packet, ${counted < 0 ? 'and' : 'less'} ${Math.abs(counted)}`;
}
