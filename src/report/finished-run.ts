import type { RunResult } from '../coordinator/run-result.js';

/** A run's result with what only its caller knows: everything that a report is made from. */
export interface FinishedRun extends RunResult {
  /** The scenario's file as the user named it. */
  readonly scenarioFile: string;
  /** What stands in it. */
  readonly scenarioText: string;
  /** The wall clock at the run's start, ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly machine: Machine;
  readonly exitCode: number;
}

/** The machine that generated the load. */
export interface Machine {
  readonly hostname?: string;
  /** Operating system and architecture, `linux x64`. */
  readonly platform: string;
  readonly cpuModel: string;
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly nodeVersion: string;
}
