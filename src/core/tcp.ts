import { connect } from 'node:net';
import type { ConnectAttempt, ConnectHandler } from './network.js';
import type { SocketOptions } from './socket-options.js';
import { type SocketEnds, SocketTransport, toCoreError } from './socket-transport.js';
import type { EndPoint } from './transport.js';

/** All outgoing connections of the process read into this one: each read is dealt with before the next is made. */
const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** What a connect without a handshake tells. */
type PlainHandler = Pick<ConnectHandler, 'onConnected' | 'onFailed'>;

/** Connects over TCP, or to a Unix socket, to which none of the options applies. */
export function connectTcp(endPoint: EndPoint, options: SocketOptions, handler: PlainHandler): ConnectAttempt {
  let transport: SocketTransport | undefined;
  let cancelled = false;
  const socket = connect({
    ...addressOf(endPoint, options),
    noDelay: options.noDelay ?? true,
    // A session decides itself what the peer's end means; `end()` still has something to send then.
    allowHalfOpen: true,
    ...(options.keepAliveMs !== undefined && { keepAlive: true, keepAliveInitialDelay: options.keepAliveMs }),
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
    transport = new SocketTransport(socket, unixEndsAt(endPoint));
    handler.onConnected(transport);
  });
  return {
    cancel() {
      cancelled = true;
      socket.destroy();
    },
  };
}

/** Where to connect, as node:net and node:tls both take it. */
export function addressOf(
  { host, port, path }: EndPoint,
  { localAddress }: SocketOptions,
): { host: string; port: number; localAddress?: string } | { path: string } {
  return path === undefined ? { host, port, ...(localAddress !== undefined && { localAddress }) } : { path };
}

/** The ends of a connection to `endPoint` where that is a Unix socket: the socket itself does not know them. */
export function unixEndsAt(endPoint: EndPoint): SocketEnds | undefined {
  return endPoint.path === undefined ? undefined : { localEndPoint: { path: '' }, remoteEndPoint: endPoint };
}
