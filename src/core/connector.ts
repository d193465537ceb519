import { type CancelSignal, whenAborted } from './cancel-signal.js';
import { type Clock, systemClock } from './clock.js';
import { CoreError } from './errors.js';
import type { Network } from './network.js';
import type { Session } from './session.js';
import type { SocketOptions } from './socket-options.js';
import { systemNetwork } from './system-network.js';
import { type EndPoint, formatEndPoint, type Transport } from './transport.js';

export interface ConnectOptions extends SocketOptions {
  /** For the TLS handshake too; 10,000 by default. */
  readonly timeoutMs?: number;
  /** Hears how long the TLS handshake took, in microseconds from connected to secure, before the session is made. */
  readonly onSecure?: (handshakeUs: number) => void;
  /** Cancels the connect while it is under way; a session that has started is no concern of it. */
  readonly signal?: CancelSignal;
  readonly clock?: Clock;
}

const defaultTimeoutMs = 10_000;

/** Makes connections and starts a session for each. One connector serves any number of connects at a time. */
export class Connector {
  readonly #network: Network;

  constructor(network: Network = systemNetwork) {
    this.#network = network;
  }

  /**
   * Connects, makes a session with `sessionFactory`, starts it, and resolves with it. Rejects with a CoreError: the system's
   * code (`ECONNREFUSED`, `ENOTFOUND`, `EMFILE`, …), that of a failed TLS handshake (`DEPTH_ZERO_SELF_SIGNED_CERT`,
   * `ERR_TLS_CERT_ALTNAME_INVALID`, …), `ETIMEDOUT` after `timeoutMs` (`handshake-timeout` where the connection stood by then),
   * `cancelled`, `session-factory` or `bad-tls-options`.
   */
  connect<S extends Session>(endPoint: EndPoint, sessionFactory: () => S, options: ConnectOptions = {}): Promise<S> {
    const { timeoutMs = defaultTimeoutMs, clock = systemClock, signal, onSecure } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(cancelled(endPoint));
        return;
      }
      let handshakeFromUs: number | undefined;
      let handshakeUs: number | undefined;
      const attempt = this.#network.connect(endPoint, options, {
        onHandshake() {
          handshakeFromUs = clock.nowUs();
        },
        onSecure() {
          handshakeUs = clock.nowUs() - handshakeFromUs!;
        },
        onConnected(transport) {
          release();
          const makeSession = (): S => {
            if (handshakeUs !== undefined) onSecure?.(handshakeUs);
            return sessionFactory();
          };
          startSession(transport, makeSession, resolve, reject);
        },
        onFailed: fail,
      });
      const timer = clock.setTimer(timeoutMs, () =>
        abandon(timedOut(endPoint, timeoutMs, handshakeFromUs === undefined)),
      );
      const stopWaiting = signal && whenAborted(signal, () => abandon(cancelled(endPoint)));

      function release(): void {
        timer.cancel();
        stopWaiting?.();
      }
      function fail(error: CoreError): void {
        release();
        reject(error);
      }
      function abandon(error: CoreError): void {
        attempt.cancel();
        fail(error);
      }
    });
  }

  /** Makes `count` connections at once, each as `connect` does, and tells for each how it went. */
  connectMany<S extends Session>(
    endPoint: EndPoint,
    sessionFactory: () => S,
    count: number,
    options: ConnectOptions = {},
  ): Promise<PromiseSettledResult<S>[]> {
    return Promise.allSettled(Array.from({ length: count }, () => this.connect(endPoint, sessionFactory, options)));
  }
}

function startSession<S extends Session>(
  transport: Transport,
  sessionFactory: () => S,
  resolve: (session: S) => void,
  reject: (error: CoreError) => void,
): void {
  try {
    const session = sessionFactory();
    session.start(transport);
    resolve(session);
  } catch (error) {
    transport.destroy();
    reject(new CoreError('session-factory', 'no session could be made for a connection', { cause: error }));
  }
}

function timedOut(endPoint: EndPoint, timeoutMs: number, isConnecting: boolean): CoreError {
  const [code, missing] = isConnecting ? ['ETIMEDOUT', 'connection to'] : ['handshake-timeout', 'TLS handshake with'];
  return new CoreError(code, `no ${missing} ${formatEndPoint(endPoint)} within ${timeoutMs} ms`);
}

function cancelled(endPoint: EndPoint): CoreError {
  return new CoreError('cancelled', `the connect to ${formatEndPoint(endPoint)} was cancelled`);
}
