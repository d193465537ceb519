import type { CoreError, EndPoint, Transport, TransportHandler } from '../core/index.js';

/** What becomes of received bytes; null where they ended the connection. They are valid until the call returns. */
type Decode = (buffer: Uint8Array, start: number, end: number) => Uint8Array | null;

/** A transport that hands on what `decode` makes of each chunk. */
export class DecodingTransport implements Transport {
  readonly #inner: Transport;
  readonly #decode: Decode;

  constructor(inner: Transport, decode: Decode) {
    this.#inner = inner;
    this.#decode = decode;
  }

  get localEndPoint(): EndPoint {
    return this.#inner.localEndPoint;
  }

  get remoteEndPoint(): EndPoint {
    return this.#inner.remoteEndPoint;
  }

  open(handler: TransportHandler): void {
    this.#inner.open(new DecodingHandler(handler, this.#decode));
  }

  write(buffers: readonly Uint8Array[]): void {
    this.#inner.write(buffers);
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  end(): void {
    this.#inner.end();
  }

  destroy(reset?: boolean): void {
    this.#inner.destroy(reset);
  }
}

class DecodingHandler implements TransportHandler {
  readonly #inner: TransportHandler;
  readonly #decode: Decode;

  constructor(inner: TransportHandler, decode: Decode) {
    this.#inner = inner;
    this.#decode = decode;
  }

  onChunk(buffer: Uint8Array, start: number, end: number): void {
    const decoded = this.#decode(buffer, start, end);
    // Also where nothing is left: a receive is a receive.
    if (decoded !== null) this.#inner.onChunk(decoded, 0, decoded.length);
  }

  onEnd(): void {
    this.#inner.onEnd();
  }

  onError(error: CoreError): void {
    this.#inner.onError(error);
  }

  onDrained(): void {
    this.#inner.onDrained();
  }
}
