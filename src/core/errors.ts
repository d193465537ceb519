/** A failure inside the core; `code` is the system's (`ECONNREFUSED`, `EADDRINUSE`, …) or one of the core's own. */
export class CoreError extends Error {
  override readonly name: string = 'CoreError';
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * What the peer sent breaks the protocol. Thrown from any receiving callback it ends the session with the cause
 * `protocol` and this code, where any other exception ends it with the cause `handler`.
 */
export class ProtocolError extends CoreError {
  override readonly name: string = 'ProtocolError';
}

/** Whatever was thrown, as an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
