import type { Framing } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { PacketDecoder, PacketEncoder } from './codec.js';
import { compileDecoder } from './decoder.js';
import type { PacketDefinition, PacketSet } from './definition.js';
import { compileEncoder } from './encoder.js';
import { compileProtoDecoder, compileProtoEncoder } from './proto-codec.js';
import { compileTextDecoder, compileTextEncoder, textPacket } from './text.js';

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
  readonly format: PacketSet['format'];
  readonly #packets: PacketSet;
  readonly #to: Readonly<Record<Side, Lane>>;

  constructor(data: ProtocolData) {
    this.#packets = data.packets;
    this.format = data.packets.format;
    const packets = data.packets.format === 'text' ? [textPacket] : data.packets.packets;
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

  /** The name of the packet with this id, of those that `side` receives; undefined where there is none. */
  nameOf(id: number, side: Side): string | undefined {
    return this.#to[side].byId[slotOf(id)]?.name;
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
      encoder = this.#compileEncoder(definition, lane.framing);
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
    switch (this.#packets.format) {
      case 'text':
        return compileTextDecoder(lane.framing);
      case 'pdl':
        return compileDecoder(definition, lane.framing, fields);
      case 'proto':
        return compileProtoDecoder(definition, lane.framing, fields, this.#packets);
    }
  }

  #compileEncoder(definition: PacketDefinition, framing: Framing): PacketEncoder {
    switch (this.#packets.format) {
      case 'text':
        return compileTextEncoder(framing);
      case 'pdl':
        return compileEncoder(definition, framing);
      case 'proto':
        return compileProtoEncoder(definition, framing, this.#packets);
    }
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
    ...(close !== undefined && { hint: `Did you mean ${close}?` }),
  });
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
