import { bytesFormat } from './bytes.js';
import type { PacketDefinition, PacketSet } from './definition.js';
import type { PacketFormat } from './format.js';
import { inlineFormat } from './inline-format.js';
import { jsonFormat } from './json.js';
import { pdlFormat } from './pdl-format.js';
import { protoFormat } from './proto-format.js';
import { textFormat } from './text.js';

type SetOf<Name extends PacketSet['format']> = Extract<PacketSet, { readonly format: Name }>;

const formats = {
  pdl: pdlFormat,
  inline: inlineFormat,
  proto: protoFormat,
  text: textFormat,
  json: jsonFormat,
  bytes: bytesFormat,
} satisfies { readonly [Name in PacketSet['format']]: PacketFormat<SetOf<Name>> };

/** The format of a set; it is to be asked about that set and its packets alone. */
export function formatOf({ format }: PacketSet): PacketFormat<PacketSet> {
  return formats[format];
}

/** The packets that a scenario can name; null where frames have no names. */
export function namedPackets(set: PacketSet): readonly PacketDefinition[] | null {
  const format = formatOf(set);
  return format.sole === null ? format.packets(set) : null;
}

const byName = new WeakMap<readonly PacketDefinition[], ReadonlyMap<string, PacketDefinition>>();

/** The packet with this name; undefined where there is none. Servers have thousands of packets, and scenarios name them as often. */
export function packetNamed(packets: readonly PacketDefinition[], name: string): PacketDefinition | undefined {
  let known = byName.get(packets);
  if (known === undefined) {
    known = new Map(packets.map((packet) => [packet.name, packet]));
    byName.set(packets, known);
  }
  return known.get(name);
}
