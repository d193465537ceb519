import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { longestTimerMs } from './clock.js';
import { descriptorShortage } from './descriptors.js';
import { CoreError } from './errors.js';
import { Handshakes } from './handshakes.js';
import type { ListenHandler, NetworkListenOptions, ServerTlsOptions } from './network.js';
import { endPointOf, type SocketEnds, SocketTransport, toCoreError } from './socket-transport.js';
import { usable } from './tls.js';
import type { EndPoint } from './transport.js';

/** Node's own. */
const defaultHandshakeTimeoutMs = 120_000;

/** Made once: a flood of connects is when it is needed. */
const tooManyConnections = new CoreError('max-connections', 'there are as many connections as there may be');

/**
 * Listens on TCP or on a Unix socket, whose file is there until `close`. Who still shakes hands by then is turned away.
 * @throws CoreError `bad-tls-options` where the certificate or key cannot be used.
 */
export function listenOn(
  endPoint: EndPoint,
  { backlog, maxConnections, tls }: NetworkListenOptions,
  handler: ListenHandler,
): { close(): void } {
  const ends = endPoint.path === undefined ? undefined : { localEndPoint: endPoint, remoteEndPoint: { path: '' } };
  const handshakes = new Handshakes();
  const server = makeServer(tls, (socket) => {
    handshakes.complete(socket);
    accept(socket, ends, handler);
  });
  server.on('error', (error) => handler.onError(toCoreError(error, 'listen')));
  if (maxConnections !== undefined) server.maxConnections = maxConnections;
  server.on('drop', () => handler.onError(tooManyConnections));
  if (tls !== undefined) server.on('connection', (socket) => handshakes.begin(socket));
  server.on('tlsClientError', (error, socket) => {
    // Node leaves the connection of a handshake that took too long as it is.
    socket.destroy();
    handler.onError(toCoreError(error, 'handshake'));
  });
  const { host, port, path } = endPoint;
  server.listen(path === undefined ? { host, port, backlog } : { path, backlog }, () => {
    const address = server.address();
    const bound =
      typeof address === 'object' && address !== null ? endPointOf(address.address, address.port) : endPoint;
    handler.onListening(bound);
  });
  return {
    close() {
      server.close();
      // Who is turned away has not failed.
      server.removeAllListeners('tlsClientError');
      handshakes.cut();
    },
  };
}

function makeServer(tls: ServerTlsOptions | undefined, onSocket: (socket: Socket) => void): Server {
  const plain = { noDelay: true, allowHalfOpen: true };
  if (tls === undefined) return createServer(plain, onSocket);
  const { cert, key, clientCa, handshakeTimeoutMs = defaultHandshakeTimeoutMs } = tls;
  // Node waits for it with a timer of its own: 25 days are for ever here.
  const handshakeTimeout = Math.min(handshakeTimeoutMs, longestTimerMs);
  const clients = clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  return usable(() => createTlsServer({ ...plain, cert, key, handshakeTimeout, ...clients }, onSocket));
}

function accept(socket: Socket, ends: SocketEnds | undefined, handler: ListenHandler): void {
  const transport = new SocketTransport(socket, ends);
  socket.on('error', (error) => transport.fail(toCoreError(error, 'socket')));
  handler.onAccepted(transport);
  socket.on('data', (chunk: Uint8Array) => transport.receive(chunk, chunk.length));
  const shortage = descriptorShortage();
  if (shortage !== undefined) handler.onError(shortage);
}
