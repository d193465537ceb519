import type { DisconnectCause, EndPoint } from '../core/index.js';
import type { ServerFault, ServerFaultPlan } from '../scenario/plan.js';

/** What the reference server makes of its connections. */
export const serverModes = ['chat', 'move', 'echo', 'sink', 'hello'] as const;

export type ServerMode = (typeof serverModes)[number];

/** What the reference server bears at most; each is the flag of `swarm serve` that sets it. */
export type LimitName =
  | 'max-connections'
  | 'max-packet'
  | 'max-queued'
  | 'idle-timeout'
  | 'handshake-timeout'
  | 'max-packet-rate';

/** What the coordinator says to the embedded server. */
export type ToServer =
  /** The first message: listen on a port of 127.0.0.1 that the system chooses. */
  | {
      readonly type: 'listen';
      readonly mode: ServerMode;
      readonly faults: readonly ServerFaultPlan[];
      /** What the faults draw follows from it. */
      readonly seed: number;
    }
  /** Flush and close every session, then report the totals. */
  | { readonly type: 'close' };

/** What the embedded server says to the coordinator. */
export type FromServer =
  | { readonly type: 'listening'; readonly endPoint: EndPoint }
  /** No session is left. The server ends once its channel is closed. */
  | { readonly type: 'closed'; readonly totals: ServerTotals }
  | { readonly type: 'failed'; readonly message: string };

/** What the reference server counted since it began to listen. Plain data. */
export interface ServerTotals {
  readonly mode: ServerMode;
  readonly sessions: { readonly accepted: number; readonly current: number; readonly peak: number };
  readonly received: TrafficTotals;
  /** What sessions took to send: a broadcast that n sessions took is n packets. With faults: what these let through so far. */
  readonly sent: TrafficTotals;
  /** Packets that a session did not take, because its send queue was full or its connection gone. */
  readonly refusedPackets: number;
  /** Sessions that ended, by cause; causes that never came are left out. */
  readonly disconnects: Readonly<Partial<Record<DisconnectCause, number>>>;
  /**
   * By code (`size-below-header`, `unknown-packet`, …). Each ended its session, with the cause `protocol`, but for `unfinished-packet`: there
   * the peer ended it in the middle of a packet, and the cause is how it did (`remote`, `reset`, …). So these may be more than the disconnects of that cause.
   */
  readonly protocolErrors: Readonly<Record<string, number>>;
  /**
   * What kept connections from a session, by code: no file descriptor for the next one (`EMFILE`, …), one too many (`max-connections`), a TLS
   * handshake that failed, or a session that the server failed to make (`session-factory`).
   */
  readonly acceptErrors: Readonly<Record<string, number>>;
  /** Of all these, what a limit ended or turned away, by limit; limits that nobody met are left out. */
  readonly limits: Readonly<Partial<Record<LimitName, number>>>;
  /** How often each kind of fault struck: packets, or connections where it concerns these; a stall counts the packets that it made wait. */
  readonly faults: Readonly<Partial<Record<ServerFault['kind'], number>>>;
}

export interface TrafficTotals {
  readonly packets: number;
  /** Of these packets, headers included. */
  readonly bytes: number;
  /** In the order of their ids; ids that never came are left out. */
  readonly byId: readonly PacketTotals[];
}

export interface PacketTotals {
  /** −1 where the mode has no packets: each receive and each send counts as one. */
  readonly id: number;
  /** Null where the mode does not know the packet. */
  readonly name: string | null;
  readonly packets: number;
}
