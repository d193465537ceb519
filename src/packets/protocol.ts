import { compileFraming, type FrameParser, type Framing } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { PacketDecoder, PacketEncoder } from './codec.js';
import type { PacketDefinition, PacketSet } from './definition.js';
import type { PacketFormat, WhereReader } from './format.js';
import { formatOf } from './formats.js';
import { StampFinder } from './stamp.js';
import type { FieldValues } from './values.js';

/** Who is speaking: a client sends what goes to the server and receives what goes to the client. */
export type Side = 'client' | 'server';

/** The protocol as a plan carries it: `send` is the framing of what clients send, `receive` of what they receive. */
export interface ProtocolData {
  readonly send: Framing;
  readonly receive: Framing;
  readonly packets: PacketSet;
}

/** One direction of the wire: everything that travels to one side. */
interface Lane {
  readonly framing: Framing;
  readonly packets: readonly PacketDefinition[];
  readonly byName: ReadonlyMap<string, PacketDefinition>;
  /** Sparse; see `slotOf`. */
  readonly byId: readonly (PacketDefinition | undefined)[];
  readonly encoders: Map<string, PacketEncoder>;
}

/** The packets of one server and how they are framed, ready to be encoded and decoded from either side. */
export class Protocol {
  /** The one packet of a format whose frames have no names; null where packets have names and fields. */
  readonly sole: PacketDefinition | null;
  /** An optional field may always be left out. */
  readonly freelyOptional: boolean;
  readonly #set: PacketSet;
  readonly #format: PacketFormat<PacketSet>;
  readonly #to: Readonly<Record<Side, Lane>>;

  constructor(data: ProtocolData) {
    this.#set = data.packets;
    this.#format = formatOf(data.packets);
    this.sole = this.#format.sole;
    this.freelyOptional = this.#format.freelyOptional;
    const packets = this.#format.packets(data.packets);
    this.#to = {
      server: compileLane(
        data.send,
        packets.filter((packet) => packet.direction !== 'toClient'),
      ),
      client: compileLane(
        data.receive,
        packets.filter((packet) => packet.direction !== 'toServer'),
      ),
    };
  }

  /** The packets that travel to `side`, in the definition's order. */
  packetsTo(side: Side): readonly PacketDefinition[] {
    return this.#to[side].packets;
  }

  /** The packet with this id, of those that `side` receives; undefined where there is none. */
  packetOf(id: number, side: Side): PacketDefinition | undefined {
    return this.#to[side].byId[slotOf(id)];
  }

  /** Its name. */
  nameOf(id: number, side: Side): string | undefined {
    return this.packetOf(id, side)?.name;
  }

  /**
   * The encoder with which `side` sends the packet `name`; compiled on first use and kept.
   * @throws SwarmError `unknown-packet`, or `framing-unfit` where the framing cannot carry the packet.
   */
  encoder(name: string, side: Side): PacketEncoder {
    const lane = this.#to[otherSide(side)];
    let encoder = lane.encoders.get(name);
    if (encoder === undefined) {
      const definition = findPacket(lane, name, otherSide(side));
      encoder = this.#format.compileEncoder(definition, lane.framing, this.#set);
      lane.encoders.set(name, encoder);
    }
    return encoder;
  }

  /**
   * A decoder with which `side` reads these top-level fields of the packet `name`; compiled anew for each call.
   * @throws SwarmError `unknown-packet`, or `framing-unfit` where the framing cannot carry the packet.
   */
  decoder(name: string, fields: readonly string[] | 'all', side: Side): PacketDecoder {
    const lane = this.#to[side];
    const definition = findPacket(lane, name, side);
    return this.#format.compileDecoder(definition, lane.framing, fields, this.#set);
  }

  /** How `side` tells packets `name` apart by `field`; null where they cannot be. */
  whereReader(name: string, field: string, side: Side): WhereReader | null {
    return this.#format.whereReader(findPacket(this.#to[side], name, side), field);
  }

  /** What an encoder of the packet takes for a record. @throws EncodeError where the record is not one of the packet's. */
  toValues(packet: PacketDefinition, record: Readonly<Record<string, unknown>>): FieldValues {
    return this.#format.toValues(packet, record);
  }

  /** Finds the stamps in the strings of the packet `name`, as `side` receives it; null where its strings differ in width. */
  stampFinder(name: string, side: Side): StampFinder | null {
    const width = this.#format.stampWidth(findPacket(this.#to[side], name, side));
    return width === null ? null : new StampFinder(width);
  }

  /** Reads the number that a frame to `side` carries to match replies by; null where the framing has no field for it. */
  matchReader(side: Side): FrameParser['readMatch'] {
    return compileFraming(this.#to[side].framing).readMatch;
  }
}

/** Where an array keeps what belongs to a packet id: ids begin at −1, which stands for packets without one. */
export function slotOf(id: number): number {
  return id + 1;
}

function compileLane(framing: Framing, packets: readonly PacketDefinition[]): Lane {
  const byId: (PacketDefinition | undefined)[] = [];
  for (const packet of packets) byId[slotOf(packet.id)] = packet;
  const byName = new Map(packets.map((packet) => [packet.name, packet]));
  return { framing, packets, byName, byId, encoders: new Map() };
}

function findPacket(lane: Lane, name: string, receiver: Side): PacketDefinition {
  const definition = lane.byName.get(name);
  if (definition !== undefined) return definition;
  const close = nearest(name, [...lane.byName.keys()]);
  throw new SwarmError('unknown-packet', `No packet ${name} travels to the ${receiver}.`, {
    ...(close !== undefined && { hint: `Did you mean \`${close}\`?` }),
  });
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
