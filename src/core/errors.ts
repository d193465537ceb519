/** A failure inside the core; `code` is the system's (`ECONNREFUSED`, `EADDRINUSE`, …) or one of the core's own. */
export class CoreError extends Error {
  override readonly name = 'CoreError';
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
