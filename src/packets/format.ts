import type { Framing } from '../core/index.js';
import type { PacketDecoder, PacketEncoder } from './codec.js';
import type { PacketDefinition, PacketSet } from './definition.js';

/** All that the rest of the code asks of one kind of packet definitions; `formats.ts` lists them. */
export interface PacketFormat<Set extends PacketSet, Packet extends PacketDefinition = PacketDefinition> {
  /** Its packets have names and fields, and steps speak of them; else they speak of lines. */
  readonly named: boolean;
  /** An optional field may always be left out; else the packet's other fields decide whether it is there. */
  readonly freelyOptional: boolean;
  packets(set: Set): readonly Packet[];
  /** @throws SwarmError `framing-unfit` where the framing cannot carry the packet. */
  compileEncoder(packet: Packet, framing: Framing, set: Set): PacketEncoder;
  /**
   * A decoder that yields only `fields`, which are top-level names.
   * @throws SwarmError `framing-unfit` where the framing cannot carry the packet.
   */
  compileDecoder(packet: Packet, framing: Framing, fields: readonly string[] | 'all', set: Set): PacketDecoder;
  /** Bytes per character of the packet's strings, where a stamp can be found in them: 2 for UTF-16LE; null where they differ. */
  stampWidth(packet: Packet): 1 | 2 | null;
}
