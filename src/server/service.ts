import type { Clock, Framing, PacketSessionOptions, SendBufferHelper, Session } from '../core/index.js';
import type { PacketNames, ServerCounters } from './counters.js';
import type { SessionManager } from './session-manager.js';
import type { SessionWatch } from './session-watch.js';

/** What the sessions of one server share. */
export interface ServerContext {
  readonly counters: ServerCounters;
  readonly sessions: SessionManager;
  readonly sendBuffers: SendBufferHelper;
  readonly watch: SessionWatch;
  readonly sessionOptions: PacketSessionOptions;
  readonly clock: Clock;
  /** From one flush of a room's broadcasts to the next, in milliseconds. */
  readonly flushMs: number;
}

/** What a mode makes of connections. */
export interface Service {
  /** How packets are told apart in what the sessions send. */
  readonly framing: Framing;
  /** The session of the next connection. */
  createSession(): Session;
  /** Hands the sessions what still waits for them, and cancels every timer. */
  stop(): void;
  /** Names for what the server receives. */
  readonly receivedNames: PacketNames;
  /** Names for what the server sends. */
  readonly sentNames: PacketNames;
}
