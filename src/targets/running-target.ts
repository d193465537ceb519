import type { EndPoint } from '../core/index.js';

/** What the clients connect to, ready to be connected to. */
export interface RunningTarget {
  readonly endPoint: EndPoint;
  /** Ends what was started for the run; the embedded server's own totals, null where there was nothing to end or it died. */
  stop(): Promise<Readonly<Record<string, unknown>> | null>;
}

/** A target that cannot be reached at all; the message names it and the cause. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}
