import type { PacketDefinition, PacketSet } from '../packets/index.js';
import { BodyParts } from './body-parts.js';
import type { Explained } from './explain.js';
import { explainInline } from './explain-inline.js';
import { explainPdl } from './explain-pdl.js';
import { explainProto } from './explain-proto.js';

/** A packet of the set by its name: what a format knows of it beyond its fields lies in the set. */
function explainWith(set: PacketSet, packet: PacketDefinition): (body: BodyParts) => void {
  switch (set.format) {
    case 'pdl':
      return (body) => explainPdl(body, packet);
    case 'inline':
      return (body) => explainInline(body, set.packets.find(({ name }) => name === packet.name)!);
    case 'proto':
      return (body) => explainProto(body, packet, set.root);
    default:
      throw new Error(`${packet.name}: frames without names have no fields`);
  }
}

/**
 * Explains the fields of `packet`, one of `set`, whose body stands from `start` to `frameEnd`: that is where the frame's size says
 * it ends, and may lie beyond the end of `bytes`.
 */
export function explainBody(
  bytes: Uint8Array,
  start: number,
  frameEnd: number,
  packet: PacketDefinition,
  set: PacketSet,
): Explained {
  const body = new BodyParts(bytes, start, frameEnd);
  const explain = explainWith(set, packet);
  return body.explain(() => explain(body));
}
