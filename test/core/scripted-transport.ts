import type { CoreError, EndPoint, Transport, TransportHandler } from '../../src/core/index.js';
import { toHex } from './hex.js';

/** A transport that does what the test says, and keeps what the session did to it. */
export class ScriptedTransport implements Transport {
  readonly localEndPoint: EndPoint = { host: 'here', port: 1 };
  readonly remoteEndPoint: EndPoint = { host: 'there', port: 2 };
  /** One entry for each write: the hex of its pieces. */
  readonly writes: string[][] = [];
  readonly calls: string[] = [];
  /** Whether a write completes before it returns, or when `drain` is called. */
  completesAtOnce = true;
  failure: Error | undefined;
  /** Where each write arrives before it returns. */
  deliversTo: ScriptedTransport | undefined;
  #handler: TransportHandler | undefined;
  readonly #shared = new Uint8Array(256 * 1024);

  open(handler: TransportHandler): void {
    this.calls.push('open');
    this.#handler = handler;
  }

  /** Delivers `bytes` in the shared buffer, and overwrites them as soon as the call returns, as the next read would. */
  arrive(bytes: Uint8Array, offset = 0): void {
    this.#shared.set(bytes, offset);
    this.#handler?.onChunk(this.#shared, offset, offset + bytes.length);
    this.#shared.fill(0xee, offset, offset + bytes.length);
  }

  arriveEnd(): void {
    this.#handler?.onEnd();
  }

  break(error: CoreError): void {
    this.#handler?.onError(error);
  }

  drain(): void {
    this.#handler?.onDrained();
  }

  write(buffers: readonly Uint8Array[]): void {
    if (this.failure !== undefined) throw this.failure;
    this.writes.push(buffers.map(toHex));
    for (const buffer of buffers) this.deliversTo?.arrive(buffer);
    if (this.completesAtOnce) this.drain();
  }

  pause(): void {
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
  }

  end(): void {
    this.calls.push('end');
  }

  destroy(): void {
    this.calls.push('destroy');
    this.#handler = undefined;
  }
}
