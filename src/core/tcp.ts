import { connect, createServer, type Socket } from 'node:net';
import { descriptorShortage } from './descriptors.js';
import { CoreError } from './errors.js';
import { type EndPoint, type Transport, type TransportHandler, unknownEndPoint } from './transport.js';

/** All outgoing connections of the process read into this one: each read is dealt with before the next is made. */
const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** Below this average size, copying the pieces of a write into one buffer costs less than the system's list of hundreds of entries. */
const copyBelowBytes = 4096;

/** What Writable passes to `_write` with bytes; Node's types know the encodings of strings only. */
const binary = 'buffer' as BufferEncoding;

class TcpTransport implements Transport {
  #handler: TransportHandler | undefined;
  readonly #socket: Socket;
  readonly localEndPoint: EndPoint;
  readonly remoteEndPoint: EndPoint;

  /** Takes over a connected socket. The end points are captured now, because a socket whose peer has left knows them no more. */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.localEndPoint = endPointOf(socket.localAddress, socket.localPort);
    this.remoteEndPoint = endPointOf(socket.remoteAddress, socket.remotePort);
  }

  open(handler: TransportHandler): void {
    this.#handler = handler;
    this.#socket.on('end', () => this.#handler?.onEnd());
  }

  /**
   * `_write` and `_writev` are what the socket's own queue calls. A session has a queue of its own, and one write under way at most, so
   * they are called directly: a tenth less for a round trip. A write that the kernel takes at once, as it does nearly all, is
   * complete before the call returns.
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

  end(): void {
    this.#socket.end();
  }

  destroy(reset = false): void {
    this.#handler = undefined;
    if (reset) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
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

/** Connects over TCP. One of `onConnected` and `onFailed` is called, once; neither after `cancel`. */
export function connectTcp(
  endPoint: EndPoint,
  localAddress: string | undefined,
  handler: { onConnected(transport: Transport): void; onFailed(error: CoreError): void },
): { cancel(): void } {
  let transport: TcpTransport | undefined;
  let cancelled = false;
  const socket = connect({
    host: endPoint.host,
    port: endPoint.port,
    noDelay: true,
    // A session decides itself what the peer's end means; `end()` still has something to send then.
    allowHalfOpen: true,
    ...(localAddress === undefined ? {} : { localAddress }),
    onread: {
      buffer: sharedReadBuffer,
      callback(size, buffer) {
        transport?.receive(buffer, size);
        return true;
      },
    },
  });
  socket.on('error', (error) => {
    const failure = toCoreError(error, 'connect');
    if (transport !== undefined) transport.fail(failure);
    else if (!cancelled) handler.onFailed(failure);
  });
  socket.on('connect', () => {
    transport = new TcpTransport(socket);
    handler.onConnected(transport);
  });
  return {
    cancel() {
      cancelled = true;
      socket.destroy();
    },
  };
}

/** Listens on TCP. `onError` hears of a failure to listen (before `onListening`) and of every accept that failed (after it). */
export function listenTcp(
  endPoint: EndPoint,
  backlog: number,
  handler: {
    onListening(endPoint: EndPoint): void;
    onAccepted(transport: Transport): void;
    onError(error: CoreError): void;
  },
): { close(): void } {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    const transport = new TcpTransport(socket);
    socket.on('error', (error) => transport.fail(toCoreError(error, 'socket')));
    handler.onAccepted(transport);
    socket.on('data', (chunk: Uint8Array) => transport.receive(chunk, chunk.length));
    const shortage = descriptorShortage();
    if (shortage !== undefined) handler.onError(shortage);
  });
  server.on('error', (error) => handler.onError(toCoreError(error, 'listen')));
  server.listen({ host: endPoint.host, port: endPoint.port, backlog }, () => {
    const address = server.address();
    const bound =
      typeof address === 'object' && address !== null ? endPointOf(address.address, address.port) : endPoint;
    handler.onListening(bound);
  });
  return {
    close() {
      server.close();
    },
  };
}

function endPointOf(host: string | undefined, port: number | undefined): EndPoint {
  return host === undefined || port === undefined ? unknownEndPoint : { host, port };
}

/** Node's message where it has one: an attempt at several addresses has none of its own. */
function toCoreError(error: Error & { code?: string }, action: string): CoreError {
  const code = error.code ?? 'UNKNOWN';
  return new CoreError(code, error.message || `${action} ${code}`, { cause: error });
}
