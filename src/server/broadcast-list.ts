import type { SendBufferHelper } from '../core/index.js';
import type { FieldValues, PacketEncoder } from '../packets/index.js';

/** What one flush hands to every session. */
export interface Broadcast {
  readonly bytes: Uint8Array;
  readonly packets: number;
  /** How many of the packets have which id. */
  readonly packetsById: ReadonlyMap<number, number>;
}

/** The broadcasts of a room that wait for its flush: encoded once each, and merged once for all sessions. */
export class BroadcastList {
  readonly #sendBuffers: SendBufferHelper;
  #pending: Uint8Array[] = [];
  #packetsById = new Map<number, number>();

  constructor(sendBuffers: SendBufferHelper) {
    this.#sendBuffers = sendBuffers;
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /** @throws EncodeError for values that the packet cannot hold; nothing is added then. */
  add(encoder: PacketEncoder, values: FieldValues): void {
    const size = encoder.frameSize(values);
    const chunk = this.#sendBuffers.open(size);
    encoder.write(values, chunk.buffer, chunk.offset);
    this.#pending.push(chunk.close(size));
    this.#packetsById.set(encoder.id, (this.#packetsById.get(encoder.id) ?? 0) + 1);
  }

  /** Empties the list. */
  take(): Broadcast {
    const taken = {
      bytes: Buffer.concat(this.#pending),
      packets: this.#pending.length,
      packetsById: this.#packetsById,
    };
    this.#pending = [];
    this.#packetsById = new Map();
    return taken;
  }
}
