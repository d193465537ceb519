import type { CoreError } from './errors.js';
import type { SocketOptions } from './socket-options.js';
import type { EndPoint, Transport } from './transport.js';

/** Where connections come from: the system's sockets, or a test's simulated network. */
export interface Network {
  /** Begins to connect; `handler` hears of it in a later callback of the event loop. Throws a CoreError for options that cannot be used. */
  connect(endPoint: EndPoint, options: SocketOptions, handler: ConnectHandler): ConnectAttempt;
  /** Begins to listen, until `close`. Throws a CoreError for options that cannot be used. */
  listen(endPoint: EndPoint, options: NetworkListenOptions, handler: ListenHandler): { close(): void };
}

/** A connect that is under way. */
export interface ConnectAttempt {
  cancel(): void;
}

/** Of `onConnected` and `onFailed` one is called, once; nothing after `cancel`. */
export interface ConnectHandler {
  /** TLS alone: the connection stands and the handshake begins. */
  onHandshake(): void;
  /** TLS alone: the handshake is complete; `onConnected` follows. */
  onSecure(): void;
  onConnected(transport: Transport): void;
  onFailed(error: CoreError): void;
}

/** How a server proves who it is, as PEM texts. */
export interface ServerTlsOptions {
  /** Its certificate, the chain behind it. */
  readonly cert: string;
  readonly key: string;
  /** Where given, clients must show a certificate that one of these authorities signed. */
  readonly clientCa?: string;
  /** How long a handshake may take, in milliseconds; then it fails with `ERR_TLS_HANDSHAKE_TIMEOUT`. 120,000 by default; Infinity: for ever. */
  readonly handshakeTimeoutMs?: number;
}

export interface NetworkListenOptions {
  readonly backlog: number;
  readonly maxConnections: number | undefined;
  /** Speaks TLS; absent: plain. */
  readonly tls: ServerTlsOptions | undefined;
}

/** Nothing is called after `close`. */
export interface ListenHandler {
  onListening(endPoint: EndPoint): void;
  onAccepted(transport: Transport): void;
  /** A failure to listen (before `onListening`), an accept or a handshake that failed (after it). */
  onError(error: CoreError): void;
}
