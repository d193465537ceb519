import type { ServerMode, ServerTotals } from '../control/server-messages.js';
import {
  type Clock,
  type CoreError,
  type EndPoint,
  Listener,
  longestSocketPath,
  type Network,
  SendBufferHelper,
  type ServerTlsOptions,
  systemClock,
} from '../core/index.js';
import { SwarmError } from '../errors.js';
import { ServerCounters } from './counters.js';
import { createService } from './services.js';
import { SessionManager } from './session-manager.js';

export interface ServerOptions {
  readonly mode: ServerMode;
  /** An address of this machine, or a name for one, and a port, which the system chooses where it is 0; or the path of a Unix socket. */
  readonly endPoint: EndPoint;
  /** Speaks TLS; absent: plain. */
  readonly tls?: ServerTlsOptions;
  /** From one flush of a room's broadcasts to the next, in milliseconds; 250 by default, as in the original. */
  readonly flushMs?: number;
  /** The most bytes that may wait for one session; at the limit it is disconnected. The core's default where absent. */
  readonly maxQueuedBytes?: number;
  readonly clock?: Clock;
  /** The system's where absent. */
  readonly network?: Network;
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
 * @throws SwarmError `port-in-use`, `port-forbidden`, `host-unknown`, `socket-in-use`, `socket-forbidden`, `socket-invalid` or
 * `listen-failed`.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { mode, tls, flushMs = defaultFlushMs, maxQueuedBytes, clock = systemClock } = options;
  const counters = new ServerCounters();
  const sessions = new SessionManager(counters);
  const sendBuffers = new SendBufferHelper();
  const sessionOptions = { clock, endTimeoutMs, ...(maxQueuedBytes !== undefined && { maxQueuedBytes }) };
  const service = createService(mode, { counters, sessions, sendBuffers, sessionOptions, clock, flushMs });
  const listener = new Listener(options.network);

  const totals = (): ServerTotals => counters.totals(mode, service.receivedNames, service.sentNames);

  async function close(): Promise<ServerTotals> {
    await listener.close();
    service.stop();
    await sessions.endAll();
    return totals();
  }

  let closed: Promise<ServerTotals> | undefined;
  try {
    const endPoint = await listener.listen(options.endPoint, () => service.createSession(), {
      onAcceptError: (error) => counters.acceptFailed(error),
      ...(tls !== undefined && { tls }),
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
    throw listenError(error as CoreError, options.endPoint);
  }
}

function listenError(error: CoreError, endPoint: EndPoint): SwarmError {
  return endPoint.path === undefined
    ? portError(error, endPoint.host, endPoint.port)
    : socketError(error, endPoint.path);
}

function portError(error: CoreError, host: string, port: number): SwarmError {
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

function socketError(error: CoreError, path: string): SwarmError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new SwarmError('socket-in-use', `The socket ${path} is in use: a server answers there.`, {
        hint: 'Stop that server, or choose another path.',
        cause: error,
      });
    // libuv says the one where the system says ENOENT, too.
    case 'EACCES':
      return new SwarmError('socket-forbidden', `The socket ${path} cannot be made.`, {
        hint: 'Its folder does not exist, or this user may not write there.',
        cause: error,
      });
    case 'not-a-socket':
      return new SwarmError('socket-invalid', `${path} is there already, and is no socket.`, {
        hint: 'Choose a path where there is no file yet.',
        cause: error,
      });
    case 'path-too-long':
      return new SwarmError('socket-invalid', `The path ${path} is too long for a socket.`, {
        hint: `At most ${longestSocketPath} bytes are allowed: choose one nearer to the root.`,
        cause: error,
      });
    default:
      return new SwarmError('listen-failed', `The server cannot listen on ${path}: ${error.message}.`, {
        cause: error,
      });
  }
}
