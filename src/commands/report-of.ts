import { availableParallelism, cpus, hostname, totalmem } from 'node:os';
import type { RunResult } from '../coordinator/run-result.js';
import { exitCodes } from '../exit-codes.js';
import type { Machine } from '../report/finished-run.js';
import { buildReport, type Report } from '../report/report.js';
import type { LoadedScenario } from '../scenario/load.js';
import { toolVersion } from '../version.js';

/** The report of a run that this machine has just made. `startedAt`: ISO 8601 in UTC. */
export function reportOf(
  result: RunResult,
  { file, text }: Pick<LoadedScenario, 'file' | 'text'>,
  startedAt: string,
): Report {
  const exitCode = exitCodes[result.outcome].code;
  return buildReport(
    { ...result, exitCode, scenarioFile: file, scenarioText: text, startedAt, machine: thisMachine() },
    toolVersion,
  );
}

function thisMachine(): Machine {
  return {
    hostname: hostname(),
    platform: `${process.platform} ${process.arch}`,
    cpuModel: cpus()[0]?.model ?? 'unknown',
    cpuCores: availableParallelism(),
    memoryBytes: totalmem(),
    nodeVersion: process.version,
  };
}
