import { nearest } from '../nearest.js';
import type { PacketDefinition } from './definition.js';

/** The widest id field of any framing has 32 bits. */
const maxId = 0xffff_ffff;

/** More names than these are no help in a hint. */
const mostListed = 20;

/** What of a packet its id is held against. */
type Identified = Pick<PacketDefinition, 'name' | 'id' | 'direction'>;

/** Says what is wrong with the id of a packet; `given` is the name under which it was given by hand, null where the definition has it. */
export type ReportId<Packet> = (packet: Packet | null, given: string | null, message: string, hint: string) => void;

/** Ids by packet name, and the names for which they can be given. */
export interface GivenIds {
  readonly given: Readonly<Record<string, number>>;
  readonly names: readonly string[];
}

/** Checks ids that were given by hand, or counted, or read: two packets collide if they share a direction. */
export function checkPacketIds<Packet extends Identified>(
  packets: readonly Packet[],
  { given, names }: GivenIds,
  report: ReportId<Packet>,
): void {
  const givenAs = (name: string) => (Object.hasOwn(given, name) ? name : null);
  const known = new Set(names);
  for (const name of Object.keys(given).filter((candidate) => !known.has(candidate))) {
    const close = nearest(name, names);
    const hint = close === undefined ? listed(names) : `Did you mean \`${close}\`?`;
    report(null, name, `an id is given for ${name}, and there is no such packet`, hint);
  }
  const taken = new Map<string, Packet>();
  for (const packet of packets) {
    const { name, id, direction } = packet;
    if (!Number.isInteger(id) || id < 0 || id > maxId) {
      report(packet, givenAs(name), `${id} cannot be the id of ${name}`, `Ids are whole numbers from 0 to ${maxId}.`);
      continue;
    }
    const keys = (direction === 'both' ? ['toServer', 'toClient'] : [direction]).map((lane) => `${lane} ${id}`);
    const other = keys.map((key) => taken.get(key)).find((found) => found !== undefined);
    for (const key of keys) taken.set(key, packet);
    if (other === undefined) continue;
    const message = `${name} and ${other.name} have the same id ${id}`;
    report(packet, givenAs(name) ?? givenAs(other.name), message, 'Give one of them another id.');
  }
}

function listed(names: readonly string[]): string {
  return `It is one of ${names.slice(0, mostListed).join(', ')}${names.length > mostListed ? ' …' : ''}.`;
}
