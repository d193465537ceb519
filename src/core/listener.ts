import { CoreError } from './errors.js';
import type { Network, ServerTlsOptions } from './network.js';
import type { Session } from './session.js';
import { longestSocketPath, removeStaleSocket } from './socket-path.js';
import { systemNetwork } from './system-network.js';
import type { EndPoint, Transport } from './transport.js';

export interface ListenOptions {
  /** Connections that the system completes before they are accepted; it may cap this (`net.core.somaxconn`). 4,096 by default. */
  readonly backlog?: number;
  /** Connections at a time, those that still shake hands included; who comes when there are so many is closed at once. Any number by default. */
  readonly maxConnections?: number;
  /** Speaks TLS; absent: plain. */
  readonly tls?: ServerTlsOptions;
  /**
   * Hears of each accept that failed (`EMFILE`, …) or was one too many (`max-connections`), of each TLS handshake that failed, and of each
   * session that could not be made (`session-factory`). Accepting goes on.
   */
  readonly onAcceptError?: (error: CoreError) => void;
}

/**
 * Accepts connections and starts a session for each. libuv (1.45 and later) accepts one connection in each turn of the event loop: a
 * server whose turns are long accepts slowly, and the others wait in the backlog, connected as far as they can tell.
 */
export class Listener {
  readonly #network: Network;
  #server: { close(): void } | undefined;

  constructor(network: Network = systemNetwork) {
    this.#network = network;
  }

  /**
   * Listens, and resolves with the end point bound: port 0 lets the system choose one. `sessionFactory` makes the session of
   * each connection. The file that a dead server has left at the path of a Unix socket is removed first. Rejects with a CoreError
   * (`EADDRINUSE`, `EACCES`, `ENOTFOUND`, …; `already-listening`, `bad-tls-options`, `not-a-socket`, `path-too-long`).
   */
  async listen(endPoint: EndPoint, sessionFactory: () => Session, options: ListenOptions = {}): Promise<EndPoint> {
    const { path } = endPoint;
    if (path !== undefined && Buffer.byteLength(path) > longestSocketPath) {
      throw new CoreError('path-too-long', `the path of a socket may have ${longestSocketPath} bytes: ${path}`);
    }
    try {
      return await this.#bind(endPoint, sessionFactory, options);
    } catch (error) {
      const isTaken = error instanceof CoreError && error.code === 'EADDRINUSE';
      if (path === undefined || !isTaken || !(await removeStaleSocket(path))) throw error;
      return this.#bind(endPoint, sessionFactory, options);
    }
  }

  #bind(endPoint: EndPoint, sessionFactory: () => Session, options: ListenOptions): Promise<EndPoint> {
    if (this.#server !== undefined) {
      return Promise.reject(new CoreError('already-listening', 'a listener listens on one end point'));
    }
    return new Promise((resolve, reject) => {
      let isListening = false;
      this.#server = this.#network.listen(
        endPoint,
        { backlog: options.backlog ?? 4096, maxConnections: options.maxConnections, tls: options.tls },
        {
          onListening(bound) {
            isListening = true;
            resolve(bound);
          },
          onAccepted: (transport) => this.#onAccepted(transport, sessionFactory, options.onAcceptError),
          onError: (error) => {
            if (isListening) return options.onAcceptError?.(error);
            this.#server = undefined;
            reject(error);
          },
        },
      );
    });
  }

  /** Stops accepting; the port is free, and the file of a Unix socket gone, at once. Who still shakes hands is turned away; sessions live on. */
  async close(): Promise<void> {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Hands a connection to its session. A subclass may do so later, or put a transport of its own between the two. */
  protected start(session: Session, transport: Transport): void {
    session.start(transport);
  }

  #onAccepted(transport: Transport, factory: () => Session, onError: ListenOptions['onAcceptError']): void {
    try {
      this.start(factory(), transport);
    } catch (error) {
      transport.destroy();
      onError?.(new CoreError('session-factory', 'no session could be made for a connection', { cause: error }));
    }
  }
}
