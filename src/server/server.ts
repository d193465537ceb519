import type { LimitName, ServerMode, ServerTotals } from '../control/server-messages.js';
import {
  type Clock,
  type CoreError,
  type EndPoint,
  type Framing,
  Listener,
  type Network,
  type PacketSessionOptions,
  SendBufferHelper,
  type ServerTlsOptions,
  serverCoreFraming,
  systemClock,
} from '../core/index.js';
import type { ServerFault, ServerFaultPlan } from '../scenario/plan.js';
import { ServerCounters } from './counters.js';
import { FaultyListener } from './faults/faulty-listener.js';
import { defaultLimits, type ServerLimits } from './limits.js';
import { listenError } from './listen-errors.js';
import { createService } from './services.js';
import { SessionManager } from './session-manager.js';
import { SessionWatch } from './session-watch.js';

export interface ServerOptions {
  readonly mode: ServerMode;
  /** An address of this machine, or a name for one, and a port, which the system chooses where it is 0; or the path of a Unix socket. */
  readonly endPoint: EndPoint;
  /** Speaks TLS; absent: plain. */
  readonly tls?: ServerTlsOptions;
  /** From one flush of a room's broadcasts to the next, in milliseconds; 250 by default, as in the original. */
  readonly flushMs?: number;
  /** What differs from `defaultLimits`. */
  readonly limits?: Partial<ServerLimits>;
  /** Hears of each session and each connection that met a limit. */
  readonly onLimit?: (limit: LimitName) => void;
  /** How it misbehaves; not at all by default. */
  readonly faults?: readonly ServerFaultPlan[];
  /** What the faults draw follows from it; 1 by default. */
  readonly seed?: number;
  /** What the fault `die-after` does, in place of killing the process. */
  readonly die?: () => void;
  readonly clock?: Clock;
  /** The system's where absent. */
  readonly network?: Network;
}

export interface RunningServer {
  /** What it is bound to: the port is never 0. */
  readonly endPoint: EndPoint;
  totals(): ServerTotals;
  /**
   * Stops accepting, flushes and ends every session, and resolves with the totals once none is left. Who has no session yet is turned
   * away; a peer that does not read, or does not close its side, is cut off after a second.
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
  const { mode, tls, flushMs = defaultFlushMs, clock = systemClock } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const { onLimit, faults = [] } = options;
  const counters = new ServerCounters({ hasFaults: faults.length > 0, ...(onLimit !== undefined && { onLimit }) });
  const sessions = new SessionManager(counters);
  const watch = new SessionWatch(limits, sessions, clock);
  const sendBuffers = new SendBufferHelper();
  const sessionOptions = sessionOptionsOf(limits, clock);
  const service = createService(mode, { counters, sessions, watch, sendBuffers, sessionOptions, clock, flushMs });
  const listener = makeListener(options, service.framing, counters);

  const totals = (): ServerTotals => counters.totals(mode, service.receivedNames, service.sentNames);

  function stop(): void {
    watch.stop();
    service.stop();
  }

  async function close(): Promise<ServerTotals> {
    await listener.close();
    stop();
    await sessions.endAll();
    return totals();
  }

  let closed: Promise<ServerTotals> | undefined;
  try {
    const endPoint = await listener.listen(options.endPoint, () => service.createSession(), {
      maxConnections: limits.maxConnections,
      onAcceptError: (error) => counters.acceptFailed(error),
      ...(tls !== undefined && { tls: { ...tls, handshakeTimeoutMs: limits.handshakeTimeoutMs } }),
    });
    watch.start();
    return {
      endPoint,
      totals,
      close() {
        closed ??= close();
        return closed;
      },
    };
  } catch (error) {
    stop();
    throw listenError(error as CoreError, options.endPoint);
  }
}

function makeListener(options: ServerOptions, framing: Framing, counters: ServerCounters): Listener {
  const { faults = [], seed = 1, die = killProcess, clock = systemClock, network } = options;
  if (faults.length === 0) return new Listener(network);
  const onStruck = (kind: ServerFault['kind']): void => counters.faultStruck(kind);
  const { passed } = counters;
  return new FaultyListener({
    faults,
    seed,
    framing,
    clock,
    onStruck,
    passed,
    die,
    ...(network !== undefined && { network }),
  });
}

function sessionOptionsOf({ maxPacketBytes, maxQueuedBytes }: ServerLimits, clock: Clock): PacketSessionOptions {
  const maxPacketSize = Math.min(maxPacketBytes, serverCoreFraming.maxPacketSize);
  const framing = { send: serverCoreFraming, receive: { ...serverCoreFraming, maxPacketSize } };
  return { clock, endTimeoutMs, maxQueuedBytes, framing };
}

/** As a crash would: no goodbye, no totals. */
function killProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}
