import type { LimitName } from '../control/server-messages.js';
import type { CoreError, DisconnectReason } from '../core/index.js';

/** What the server bears. Infinity: any amount. */
export interface ServerLimits {
  /** At a time; who comes when there are so many is closed at once. */
  readonly maxConnections: number;
  /** The largest packet that a client may send, header included; more than the framing can say changes nothing. */
  readonly maxPacketBytes: number;
  /** What may wait to be sent to one session, which is ended where it does not read. */
  readonly maxQueuedBytes: number;
  /** How long a session may bring no packet and take none. It is dropped up to a fifth of that later, a second at most; where that is short, up to 20 ms. */
  readonly idleTimeoutMs: number;
  /** How long a TLS handshake may take. */
  readonly handshakeTimeoutMs: number;
  /** The packets that one session may bring in a second. */
  readonly maxPacketsPerSec: number;
}

/** So much that no run meets them by accident, and little enough that a mistake does not go on for ever. */
export const defaultLimits: ServerLimits = {
  maxConnections: 100_000,
  maxPacketBytes: 65_535,
  maxQueuedBytes: 16 * 1024 * 1024,
  idleTimeoutMs: 3_600_000,
  handshakeTimeoutMs: 10_000,
  maxPacketsPerSec: 1_000_000,
};

/** The limit that a session met, by the reason that it ended for; undefined where it ended otherwise. */
export function limitOfSession({ cause, code }: DisconnectReason): LimitName | undefined {
  if (cause === 'queue') return 'max-queued';
  if (cause === 'protocol') return code === 'packet-too-large' ? 'max-packet' : undefined;
  return code === 'idle-timeout' || code === 'max-packet-rate' ? code : undefined;
}

/** The limit that a connection met before it had a session. */
export function limitOfAccept({ code }: CoreError): LimitName | undefined {
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'handshake-timeout';
  return code === 'max-connections' ? code : undefined;
}
