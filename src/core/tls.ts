import { type ConnectionOptions, connect as connectSecurely, createSecureContext, type SecureContext } from 'node:tls';
import { systemClock } from './clock.js';
import { CoreError, toError } from './errors.js';
import type { ConnectAttempt, ConnectHandler } from './network.js';
import type { SocketOptions, TlsOptions } from './socket-options.js';
import { SocketTransport, toCoreError } from './socket-transport.js';
import { addressOf, unixEndsAt } from './tcp.js';
import type { EndPoint } from './transport.js';

/** To parse the certificates takes longer than a handshake, and those of the system a hundred times as long. */
const contexts = new WeakMap<TlsOptions, SecureContext>();

/**
 * Connects and shakes hands; every handshake is a whole one, because no session is resumed. A handshake that fails has OpenSSL's or Node's code
 * (`DEPTH_ZERO_SELF_SIGNED_CERT`, `ERR_TLS_CERT_ALTNAME_INVALID`, …). Bytes come by 'data': Node hangs where TLS reads into a given buffer.
 * @throws CoreError `bad-tls-options` where a certificate or key cannot be used.
 */
export function connectTls(
  endPoint: EndPoint,
  options: SocketOptions & { readonly tls: TlsOptions },
  handler: ConnectHandler,
): ConnectAttempt {
  const { tls, noDelay = true, keepAliveMs } = options;
  let transport: SocketTransport | undefined;
  let cancelled = false;
  // Node takes this one too, though its types do not say so.
  const connection: ConnectionOptions & { readonly allowHalfOpen: boolean } = {
    ...addressOf(endPoint, options),
    secureContext: contextOf(tls),
    rejectUnauthorized: tls.rejectUnauthorized ?? true,
    ...(tls.serverName !== undefined && { servername: tls.serverName }),
    allowHalfOpen: true,
  };
  const socket = connectSecurely(connection);
  socket.on('error', (error) => {
    const failure = toCoreError(error, 'connect');
    if (transport !== undefined) transport.fail(failure);
    else if (!cancelled) handler.onFailed(failure);
  });
  socket.on('connect', () => {
    // Unlike node:net, node:tls does not take these as options.
    socket.setNoDelay(noDelay);
    if (keepAliveMs !== undefined) socket.setKeepAlive(true, keepAliveMs);
    handler.onHandshake();
  });
  function onReady(): void {
    // It may have broken meanwhile, or been cancelled.
    if (socket.destroyed) return;
    const secured = new SocketTransport(socket, unixEndsAt(endPoint));
    transport = secured;
    handler.onConnected(secured);
    socket.on('data', (chunk: Uint8Array) => secured.receive(chunk, chunk.length));
  }
  // Node says so before it has sent the last of the handshake: a session that closed at once would leave the server without it.
  socket.on('secureConnect', () => {
    handler.onSecure();
    systemClock.setImmediate(onReady);
  });
  return {
    cancel() {
      cancelled = true;
      socket.destroy();
    },
  };
}

function contextOf(tls: TlsOptions): SecureContext {
  const known = contexts.get(tls);
  if (known !== undefined) return known;
  const { ca, cert, key } = tls;
  const context = usable(() => createSecureContext({ ca, cert, key }));
  contexts.set(tls, context);
  return context;
}

/** What `make` makes of certificates and keys. Throws a CoreError (`bad-tls-options`) where it cannot. */
export function usable<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const cause = toError(error);
    throw new CoreError('bad-tls-options', `a certificate or key cannot be used: ${cause.message}`, { cause });
  }
}
