import { ProtocolError, type Transport } from '../core/index.js';
import { DecodingTransport } from './decoding-transport.js';
import { TransformSession } from './transform-session.js';

/** A connection of which every byte is covered. */
export class StreamSession extends TransformSession {
  /** Bytes of the chunk under way, on the wire. */
  #chunkBytes = 0;

  override start(transport: Transport): void {
    super.start(new DecodingTransport(transport, (buffer, start, end) => this.#decodeChunk(buffer, start, end)));
  }

  protected override onRecvBatch(packets: number): void {
    super.onRecvBatch(packets, this.#chunkBytes);
  }

  #decodeChunk(buffer: Uint8Array, start: number, end: number): Uint8Array | null {
    this.client.host.onReceive();
    this.noteArrival();
    this.#chunkBytes = end - start;
    try {
      return this.decode(buffer, start, end, null);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.disconnect({ cause: 'protocol', code: error.code, error });
      return null;
    }
  }
}
