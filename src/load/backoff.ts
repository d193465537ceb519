/** `afterMs` before the first attempt, twice as long before each next one, never longer than `maxMs`. */
export interface Backoff {
  readonly afterMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait before reconnect `attempt`, from 0: capped exponential backoff with equal jitter. `draw`, uniform in [0, 1), puts it
 * between half of the wait and all of it, so that clients that were lost together do not come back together.
 *
 * @returns milliseconds.
 */
export function backoffMs({ afterMs, maxMs }: Backoff, attempt: number, draw: number): number {
  return Math.min(maxMs, afterMs * 2 ** attempt) * (0.5 + draw / 2);
}
