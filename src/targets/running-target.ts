import type { EndPoint } from '../core/index.js';

/** What the clients connect to, ready to be connected to. */
export interface RunningTarget {
  /** Each leads to the target: clients share them out among them. */
  readonly endPoints: readonly EndPoint[];
  /** What may not work. */
  readonly warnings: readonly string[];
  /** `handler` hears of it where what was started for the run ends by itself; the message says what and how. */
  onDied(handler: (message: string) => void): void;
  /** Ends what was started for the run; the embedded server's own totals, null where there was nothing to end or it died. */
  stop(): Promise<Readonly<Record<string, unknown>> | null>;
}

/** A target that cannot be reached at all; the message names it and the cause. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}
