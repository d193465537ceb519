import { fixedSizeOf, minimumSize as minimumPdlSize } from '../packets/field-reader.js';
import type { PacketDefinition, PacketSet } from '../packets/index.js';
import { minimumSize, type Shape } from '../packets/layout.js';
import { messageNamed, type ProtoField, protoFields } from '../packets/proto-messages.js';

import { wire, wireTypeOf } from '../packets/proto-wire.js';
import { varintSize } from '../packets/wide-integers.js';

export interface BodySize {
  /** Of every body, or, where values make it longer, of the shortest. */
  readonly bytes: number;
  readonly fixed: boolean;
}

/** What is known of the size of a packet's body before its values are. */
export function bodySizeOf(packet: PacketDefinition, set: PacketSet): BodySize {
  switch (set.format) {
    case 'pdl':
      return {
        bytes: minimumPdlSize(packet.fields),
        fixed: packet.fields.every((field) => fixedSizeOf(field) !== null),
      };
    case 'inline': {
      const parts = set.packets.find(({ name }) => name === packet.name)!.layout;
      const body: Shape = { kind: 'struct', parts };
      return { bytes: minimumSize(body), fixed: isFixed(body) };
    }
    case 'proto': {
      const fields = protoFields(messageNamed(set.root, packet.name));
      return { bytes: shortestMessage(fields), fixed: fields.length === 0 };
    }
    default:
      return { bytes: 0, fixed: false };
  }
}

/** Unlike the decoder's `fixedSize`, with what is to be looked at as it is read: constants and counts have sizes too. */
function isFixed(shape: Shape): boolean {
  switch (shape.kind) {
    case 'integer':
      return shape.sizeBytes !== null;
    case 'float':
    case 'bool':
      return true;
    case 'struct':
      return shape.parts.every((part) => part.when === undefined && isFixed(part.shape));
    case 'array':
      return shape.extent.kind === 'fixed' && isFixed(shape.of);
    default:
      return shape.extent.kind === 'fixed';
  }
}

/** Whatever is not required may be left out, or is zero, which is not written. */
function shortestMessage(fields: readonly ProtoField[]): number {
  return fields
    .filter(({ required }) => required)
    .reduce((sum, { number, type, fields: inner }) => {
      const length = type === 'message' ? shortestMessage(inner) : 0;
      return sum + varintSize((number << 3) >>> 0, 0) + valueSizes[wireTypeOf(type)]! + length;
    }, 0);
}

/** The shortest value of each wire type, with its length if it has one. */
const valueSizes: Readonly<Record<number, number>> = {
  [wire.varint]: 1,
  [wire.fixed64]: 8,
  [wire.bytes]: 1,
  [wire.fixed32]: 4,
};
