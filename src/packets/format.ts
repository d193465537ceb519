import type { Framing } from '../core/index.js';
import type { PacketDecoder, PacketEncoder } from './codec.js';
import type { FieldDefinition, FieldRecord, PacketDefinition, PacketSet } from './definition.js';
import type { FieldValues } from './values.js';

/** Reads what `where` compares; undefined where the packet does not have it. */
export type WhereReader = (record: FieldRecord) => unknown;

/** All that the rest of the code asks of one kind of packet definitions; `formats.ts` lists them. */
export interface PacketFormat<Set extends PacketSet, Packet extends PacketDefinition = PacketDefinition> {
  /** The one packet of a format whose frames have no names and no ids; null where packets have names and fields, and steps speak of them. */
  readonly sole: Packet | null;
  /** An optional field may always be left out; else the packet's other fields decide whether it is there. */
  readonly freelyOptional: boolean;
  packets(set: Set): readonly Packet[];
  /** @throws SwarmError `framing-unfit` where the framing cannot carry the packet. */
  compileEncoder(packet: Packet, framing: Framing, set: Set): PacketEncoder;
  /**
   * A decoder that yields only `fields`, which are top-level names; the packet of a format that has but one is decoded whole.
   * @throws SwarmError `framing-unfit` where the framing cannot carry the packet.
   */
  compileDecoder(packet: Packet, framing: Framing, fields: readonly string[] | 'all', set: Set): PacketDecoder;
  /** What the encoder takes for a record as code has it. @throws EncodeError where the record is not one of the packet's. */
  toValues(packet: Packet, record: Readonly<Record<string, unknown>>): FieldValues;
  /** How packets are told apart by `field`; null where they cannot be. */
  whereReader(packet: Packet, field: string): WhereReader | null;
  /** Bytes per character of the packet's strings, where a stamp can be found in them: 2 for UTF-16LE; null where they differ. */
  stampWidth(packet: Packet): 1 | 2 | null;
}

/** Of packets with fields: `field` is one of them, and a single value. */
export function fieldReader({ fields }: PacketDefinition, field: string): WhereReader | null {
  const known = fields.find(({ name }) => name === field);
  return known !== undefined && isComparable(known) ? (record) => record[field] : null;
}

/** Whether replies can be told apart by this field: `where` compares single values. */
export function isComparable({ type }: FieldDefinition): boolean {
  return type !== 'list' && type !== 'array' && type !== 'struct' && type !== 'bytes';
}
