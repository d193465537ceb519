import type { PacketDecoder } from './codec.js';
import { DecodeError } from './codec-errors.js';
import type { FieldRecord } from './definition.js';
import { type Protocol, type Side, slotOf } from './protocol.js';

export type PacketHandler<S> = (session: S, packet: FieldRecord) => void;

/**
 * `unhandled`: the packet is defined, and nobody asked for it; it was not decoded. `unknown`: no packet with this id
 * travels this way. A DecodeError is the protocol error of a malformed body: returned, never thrown, for the caller to count.
 */
export type DispatchResult = 'handled' | 'unhandled' | 'unknown' | DecodeError;

interface Registration<S> {
  readonly decoder: PacketDecoder;
  readonly handler: PacketHandler<S>;
}

/** What one side does with the packets it receives: id → codec and handler, for all its sessions. */
export class PacketManager<S> {
  readonly #protocol: Protocol;
  readonly #side: Side;
  /** Sparse; see `slotOf`. */
  readonly #registrations: (Registration<S> | undefined)[] = [];

  constructor(protocol: Protocol, side: Side) {
    this.#protocol = protocol;
    this.#side = side;
  }

  /**
   * Registers who handles the packet `name`, and which of its fields it reads (all unless said otherwise).
   * @throws SwarmError `unknown-packet`; Error where the packet has a handler already.
   */
  handle(name: string, handler: PacketHandler<S>, fields: readonly string[] | 'all' = 'all'): void {
    const decoder = this.#protocol.decoder(name, fields, this.#side);
    const { id } = this.#protocol.packetsTo(this.#side).find((packet) => packet.name === name)!;
    const slot = slotOf(id);
    if (this.#registrations[slot] !== undefined) throw new Error(`Packet ${name} has a handler already.`);
    this.#registrations[slot] = { decoder, handler };
  }

  /**
   * Decodes the frame from `start` to `end`, header included, and hands it to its handler. What a handler throws passes
   * through: it is the session's end, not a protocol error.
   */
  dispatch(session: S, buffer: Uint8Array, start: number, end: number, id: number): DispatchResult {
    const registration = this.#registrations[slotOf(id)];
    if (registration === undefined) {
      return this.#protocol.nameOf(id, this.#side) === undefined ? 'unknown' : 'unhandled';
    }
    let packet: FieldRecord;
    try {
      packet = registration.decoder.decode(buffer, start, end);
    } catch (error) {
      if (error instanceof DecodeError) return error;
      throw error;
    }
    registration.handler(session, packet);
    return 'handled';
  }
}
