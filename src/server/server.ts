import type { ServerMode, ServerTotals } from '../control/server-messages.js';
import { type Clock, type CoreError, type EndPoint, Listener, SendBufferHelper, systemClock } from '../core/index.js';
import { SwarmError } from '../errors.js';
import { ServerCounters } from './counters.js';
import { createService } from './services.js';
import { SessionManager } from './session-manager.js';

export interface ServerOptions {
  readonly mode: ServerMode;
  /** An address of this machine, or a name for one. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** From one flush of a room's broadcasts to the next, in milliseconds; 250 by default, as in the original. */
  readonly flushMs?: number;
  /** The most bytes that may wait for one session; at the limit it is disconnected. The core's default where absent. */
  readonly maxQueuedBytes?: number;
  readonly clock?: Clock;
}

export interface RunningServer {
  /** What it is bound to: the port is never 0. */
  readonly endPoint: EndPoint;
  totals(): ServerTotals;
  /**
   * Stops accepting, flushes and ends every session, and resolves with the totals once none is left. A peer that does not
   * read, or does not close its side, is cut off after a second.
   */
  close(): Promise<ServerTotals>;
}

/** The original's own. */
const defaultFlushMs = 250;

const endTimeoutMs = 1000;

/**
 * Starts the reference server.
 * @throws SwarmError `port-in-use`, `port-forbidden`, `host-unknown` or `listen-failed`.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { mode, host, port, flushMs = defaultFlushMs, maxQueuedBytes, clock = systemClock } = options;
  const counters = new ServerCounters();
  const sessions = new SessionManager(counters);
  const sendBuffers = new SendBufferHelper();
  const sessionOptions = { clock, endTimeoutMs, ...(maxQueuedBytes !== undefined && { maxQueuedBytes }) };
  const service = createService(mode, { counters, sessions, sendBuffers, sessionOptions, clock, flushMs });
  const listener = new Listener();

  const totals = (): ServerTotals => counters.totals(mode, service.receivedNames, service.sentNames);

  async function close(): Promise<ServerTotals> {
    await listener.close();
    service.stop();
    await sessions.endAll();
    return totals();
  }

  let closed: Promise<ServerTotals> | undefined;
  try {
    const endPoint = await listener.listen({ host, port }, () => service.createSession(), {
      onAcceptError: (error) => counters.acceptFailed(error),
    });
    return {
      endPoint,
      totals,
      close() {
        closed ??= close();
        return closed;
      },
    };
  } catch (error) {
    service.stop();
    throw listenError(error as CoreError, host, port);
  }
}

function listenError(error: CoreError, host: string, port: number): SwarmError {
  const { code } = error;
  switch (code) {
    case 'EADDRINUSE':
      return new SwarmError('port-in-use', `Port ${port} of ${host} is in use.`, {
        hint: 'Stop what listens there, or choose another port; with port 0 the system chooses a free one.',
        cause: error,
      });
    case 'EACCES':
      return new SwarmError('port-forbidden', `Port ${port} of ${host} may not be used by this user.`, {
        hint: 'Choose a port above 1023.',
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new SwarmError('host-unknown', `${host} is not an address of this machine (${code}).`, {
        hint: 'Listen on 127.0.0.1 for this machine alone, or on 0.0.0.0 for all its networks.',
        cause: error,
      });
    default:
      return new SwarmError('listen-failed', `The server cannot listen on ${host}, port ${port}: ${error.message}.`, {
        cause: error,
      });
  }
}
