import { connect, createServer, type Socket } from 'node:net';
import { descriptorShortage } from './descriptors.js';
import { CoreError } from './errors.js';
import { type EndPoint, type Transport, type TransportHandler, unknownEndPoint } from './transport.js';

/** All outgoing connections of the process read into this one: each read is dealt with before the next is made. */
const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** Below this average size, copying the pieces of a write into one buffer costs less than the system's list of hundreds of entries. */
const copyBelowBytes = 4096;

const nothing = new Uint8Array(0);

class TcpTransport implements Transport {
  readonly localEndPoint: EndPoint;
  readonly remoteEndPoint: EndPoint;
  readonly #socket: Socket;
  #handler: TransportHandler | undefined;

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

  write(buffers: readonly Uint8Array[]): void {
    const socket = this.#socket;
    if (buffers.length === 1) socket.write(buffers[0]!);
    else this.#writeMany(buffers);
    // The kernel takes nearly every write at once. To ask is free, where a callback for each write costs a tick:
    // a tenth more instructions for a round trip.
    if (socket.writableLength > 0) socket.write(nothing, this.#onWritten);
    else if (socket.errored === null) this.#handler?.onDrained();
  }

  #writeMany(buffers: readonly Uint8Array[]): void {
    const socket = this.#socket;
    let size = 0;
    for (const buffer of buffers) size += buffer.length;
    if (size < buffers.length * copyBelowBytes) {
      socket.write(Buffer.concat(buffers, size));
      return;
    }
    socket.cork();
    for (const buffer of buffers) socket.write(buffer);
    socket.uncork();
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

  /** The empty write behind an incomplete one is through; a failure is told by the socket's 'error'. */
  readonly #onWritten = (error?: Error | null): void => {
    if (!error) this.#handler?.onDrained();
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
