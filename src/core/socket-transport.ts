import type { Socket } from 'node:net';
import { systemClock } from './clock.js';
import { CoreError } from './errors.js';
import { type EndPoint, type Transport, type TransportHandler, unknownEndPoint } from './transport.js';

/** Below this average size, copying the pieces of a write into one buffer costs less than the system's list of hundreds of entries. */
const copyBelowBytes = 4096;

/** What Writable passes to `_write` with bytes; Node's types know the encodings of strings only. */
const binary = 'buffer' as BufferEncoding;

/** The two ends of a socket. */
export type SocketEnds = Pick<Transport, 'localEndPoint' | 'remoteEndPoint'>;

/** A connected socket as a transport: TCP, Unix or TLS. Whoever made the socket hands on its bytes and errors. */
export class SocketTransport implements Transport {
  #handler: TransportHandler | undefined;
  readonly #socket: Socket;
  readonly localEndPoint: EndPoint;
  readonly remoteEndPoint: EndPoint;

  /** Takes over a connected socket. The end points are captured now, because a socket whose peer has left knows them no more. */
  constructor(socket: Socket, { localEndPoint, remoteEndPoint }: SocketEnds = endsOf(socket)) {
    this.#socket = socket;
    this.localEndPoint = localEndPoint;
    this.remoteEndPoint = remoteEndPoint;
  }

  open(handler: TransportHandler): void {
    this.#handler = handler;
    const onEnd = (): void => this.#handler?.onEnd();
    const { errored, readableEnded, destroyed } = this.#socket;
    // It may have broken, or the peer finished, before anyone listened. What `onConnected` sent goes out first, as it does elsewhere.
    if (errored !== null) process.nextTick(() => this.fail(toCoreError(errored, 'socket')));
    else if (readableEnded || destroyed) process.nextTick(onEnd);
    else this.#socket.on('end', onEnd);
  }

  /**
   * `_write` and `_writev` are what the socket's own queue calls. A session has a queue of its own, and one write under way at most, so
   * they are called directly: a tenth less for a round trip. A write that the kernel takes at once, as it does nearly all, is
   * complete before the call returns. A TLS socket encrypts at once, and is done when the kernel has taken what that gave.
   */
  write(buffers: readonly Uint8Array[]): void {
    if (buffers.length === 1) this.#socket._write(buffers[0], binary, this.#onWritten);
    else this.#writeMany(buffers);
  }

  #writeMany(buffers: readonly Uint8Array[]): void {
    let size = 0;
    for (const buffer of buffers) size += buffer.length;
    if (size < buffers.length * copyBelowBytes) {
      this.#socket._write(Buffer.concat(buffers, size), binary, this.#onWritten);
      return;
    }
    const chunks = buffers.map((chunk) => ({ chunk, encoding: binary }));
    this.#socket._writev!(chunks, this.#onWritten);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /**
   * Node ends TLS by calling SSL_shutdown twice, and the second call throws away what was received and is not decrypted yet: within a
   * callback of the handshake that can be the peer's first packets. After the I/O that is ready now there is none.
   */
  end(): void {
    if (this.#isTls) systemClock.setImmediate(() => this.#socket.end());
    else this.#socket.end();
  }

  destroy(reset = false): void {
    this.#handler = undefined;
    // Node resets plain TCP only, and throws for any other socket.
    if (reset && !this.#isTls && this.remoteEndPoint.path === undefined) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  get #isTls(): boolean {
    return 'encrypted' in this.#socket;
  }

  receive(chunk: Uint8Array, size: number): void {
    this.#handler?.onChunk(chunk, 0, size);
  }

  fail(error: CoreError): void {
    this.#handler?.onError(error);
  }

  readonly #onWritten = (error?: Error | null): void => {
    // The socket tells of it by its 'error'.
    if (error) this.#socket.destroy(error);
    else this.#handler?.onDrained();
  };
}

/** The ends of a socket between hosts, as far as it still knows them. */
function endsOf(socket: Socket): SocketEnds {
  return {
    localEndPoint: endPointOf(socket.localAddress, socket.localPort),
    remoteEndPoint: endPointOf(socket.remoteAddress, socket.remotePort),
  };
}

export function endPointOf(host: string | undefined, port: number | undefined): EndPoint {
  return host === undefined || port === undefined ? unknownEndPoint : { host, port };
}

/** Node's message where it has one: an attempt at several addresses has none of its own. Of OpenSSL's, which names its sources, the reason. */
export function toCoreError(error: Error & { code?: string; reason?: string }, action: string): CoreError {
  const { code = 'UNKNOWN', reason, message } = error;
  const isOpenSsl = code.startsWith('ERR_SSL_') && reason !== undefined;
  return new CoreError(code, isOpenSsl ? `TLS: ${reason}` : message || `${action} ${code}`, { cause: error });
}
