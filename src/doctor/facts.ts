import type { PreflightFacts } from '../coordinator/preflight.js';

/** What the doctor found out about a machine. */
export interface MachineFacts {
  readonly nodeVersion: string;
  /** The oldest that swarm is made for. */
  readonly leastNodeVersion: string;
  readonly cpuModel: string;
  /** Addresses of this machine on networks; the loopback is not counted. */
  readonly networkAddresses: number;
  /** What a run has to fit into, as every run looks at it. */
  readonly limits: PreflightFacts;
  readonly timers: TimerFacts;
  /** What the built-in run measured, or why it could not. */
  readonly loopback: LoopbackFacts | { readonly failed: string };
  /** Packages that are declared and not there. */
  readonly missingPackages: readonly string[];
  /** Of those that only live export needs. */
  readonly missingOptionalPackages: readonly string[];
  readonly terminal: TerminalFacts;
}

/** How late timers of a millisecond are while nothing else is done, in milliseconds. */
export interface TimerFacts {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** One worker and one echo server on the loopback, each with all that it can do. */
export interface LoopbackFacts {
  readonly connectsPerSecond: number;
  /** Sent and received together, by the worker. */
  readonly packetsPerSecond: number;
  readonly roundTripP50Ms: number;
  readonly roundTripP99Ms: number;
  /** The longest that the worker's event loop was late. */
  readonly loopDelayMaxMs: number;
}

export interface TerminalFacts {
  /** Whether `swarm run` draws its dashboard there. */
  readonly dashboard: boolean;
  readonly columns: number | null;
  readonly rows: number | null;
  readonly color: boolean;
  readonly unicode: boolean;
}
