import { type CoreError, ProtocolError, toError } from './errors.js';

/**
 * Why a session ended: this side (`local`) or the peer (`remote`) closed it, the peer reset it, the peer broke the protocol,
 * a callback threw (`handler`), a write failed (`send`), the send queue reached its limit (`queue`), anything else (`error`).
 */
export type DisconnectCause = 'local' | 'remote' | 'reset' | 'protocol' | 'handler' | 'send' | 'queue' | 'error';

export interface DisconnectReason {
  readonly cause: DisconnectCause;
  /** The system's code (`ECONNRESET`, …) or the core's own (`size-below-header`, `packet-too-large`, `end-timeout`, …). */
  readonly code?: string;
  readonly error?: Error;
  /** Where the peer closed or reset it in the middle of something: the bytes that had come and that `onRecv` had left. */
  readonly unconsumedBytes?: number;
}

/** The reason of a session whose callback threw `thrown`. */
export function thrownReason(thrown: unknown): DisconnectReason {
  const error = toError(thrown);
  if (error instanceof ProtocolError) return { cause: 'protocol', code: error.code, error };
  return { cause: 'handler', error };
}

/** The reason of a session whose connection broke. EPIPE is what a write to a peer that has left fails with. */
export function brokenReason(error: CoreError): DisconnectReason {
  return { cause: brokenCause(error.code), code: error.code, error };
}

function brokenCause(code: string): DisconnectCause {
  if (code === 'ECONNRESET') return 'reset';
  return code === 'EPIPE' ? 'send' : 'error';
}
