import { nearest } from '../nearest.js';
import type { PacketDefinition } from './definition.js';

/** The widest id field of any framing has 32 bits. */
const maxId = 0xffff_ffff;

/** What of a packet its id is held against. */
type Identified = Pick<PacketDefinition, 'name' | 'id' | 'direction'>;

/** Says what is wrong with a packet's id; `packet` is null where the name is no packet's. */
export type ReportId<Packet> = (packet: Packet | null, message: string, hint?: string) => void;

/** Checks ids that were given by hand, or counted, or read: two packets collide if they share a direction. */
export function checkPacketIds<Packet extends Identified>(
  packets: readonly Packet[],
  given: Readonly<Record<string, number>>,
  report: ReportId<Packet>,
): void {
  const names = packets.map(({ name }) => name);
  for (const name of Object.keys(given).filter((candidate) => !names.includes(candidate))) {
    const close = nearest(name, names);
    const hint = close === undefined ? undefined : `Did you mean \`${close}\`?`;
    report(null, `an id is given for ${name}, and there is no such packet`, hint);
  }
  const taken = new Map<string, Packet>();
  for (const packet of packets) {
    const { name, id, direction } = packet;
    if (!Number.isInteger(id) || id < 0 || id > maxId) {
      report(packet, `${id} cannot be the id of ${name}`, `Ids are whole numbers from 0 to ${maxId}.`);
      continue;
    }
    const keys = (direction === 'both' ? ['toServer', 'toClient'] : [direction]).map((lane) => `${lane} ${id}`);
    const other = keys.map((key) => taken.get(key)).find((found) => found !== undefined);
    for (const key of keys) taken.set(key, packet);
    if (other === undefined) continue;
    report(packet, `${name} and ${other.name} have the same id ${id}`, 'Give one of them another id.');
  }
}
