import { type CancelSignal, whenAborted } from './cancel-signal.js';
import { type Clock, systemClock } from './clock.js';
import { CoreError } from './errors.js';
import type { Session } from './session.js';
import { connectTcp } from './tcp.js';
import type { EndPoint, Transport } from './transport.js';

export interface ConnectOptions {
  /** 10,000 by default. */
  readonly timeoutMs?: number;
  /** The address of this machine to connect from. */
  readonly localAddress?: string;
  /** Cancels the connect while it is under way; a session that has started is no concern of it. */
  readonly signal?: CancelSignal;
  readonly clock?: Clock;
}

const defaultTimeoutMs = 10_000;

/** Makes connections and starts a session for each. One connector serves any number of connects at a time. */
export class Connector {
  /**
   * Connects, makes a session with `sessionFactory`, starts it, and resolves with it. Rejects with a CoreError: the system's
   * code (`ECONNREFUSED`, `ENOTFOUND`, `EMFILE`, …), `ETIMEDOUT` after `timeoutMs`, `cancelled`, or `session-factory`.
   */
  connect<S extends Session>(endPoint: EndPoint, sessionFactory: () => S, options: ConnectOptions = {}): Promise<S> {
    const { timeoutMs = defaultTimeoutMs, clock = systemClock, signal, localAddress } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(cancelled(endPoint));
        return;
      }
      const attempt = connectTcp(endPoint, localAddress, {
        onConnected(transport) {
          release();
          startSession(transport, sessionFactory, resolve, reject);
        },
        onFailed: fail,
      });
      const timer = clock.setTimer(timeoutMs, () => abandon(timedOut(endPoint, timeoutMs)));
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

function timedOut({ host, port }: EndPoint, timeoutMs: number): CoreError {
  return new CoreError('ETIMEDOUT', `no connection to ${host}:${port} within ${timeoutMs} ms`);
}

function cancelled({ host, port }: EndPoint): CoreError {
  return new CoreError('cancelled', `the connect to ${host}:${port} was cancelled`);
}
