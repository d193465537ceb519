import { counted, formatMs } from '../metrics/format.js';
import type { Report, WorkerUsageReport } from './report.js';

/** What the load cost this machine, in a few words each: without it nobody can tell whose slowness the times show. */
export function generatorFacts({ generator, outcome }: Report): string[] {
  const { workers, sendLag, senderSideP99Ms } = generator;
  const usages = workers.flatMap(({ usage }) => usage ?? []);
  const cpuPercent = usages.reduce((sum, usage) => sum + usage.cpuPercent, 0);
  const delayMs = Math.max(...usages.map(({ loopDelayMaxMs }) => loopDelayMaxMs));
  return [
    counted(workers.length, 'worker'),
    ...(outcome.workersLost > 0 ? [`${outcome.workersLost} lost`] : []),
    ...(usages.length > 0 ? [`cpu ${Math.round(cpuPercent)} %`, `loop delay max ${formatMs(delayMs)}`] : []),
    ...(usages.length === 0 && workers.length > 0 ? ['too short to tell its cost'] : []),
    ...(sendLag === null ? [] : [`send lag p99 ${formatMs(sendLag.p99.value)}`]),
    ...(senderSideP99Ms === null ? [] : [`sender’s side of p99 ${formatMs(senderSideP99Ms)}`]),
  ];
}

/** Why the verdict is not ok, a sentence each without its full stop, and what explains it; empty where all is well. */
export function generatorReasons({ generator: { reasons, workers } }: Report): string[] {
  return reasons.length === 0 ? [] : [...reasons.map(({ sentence }) => sentence), ...burden(workers)];
}

/** Of each worker's time, the highest shares; nothing where no worker's can be told. */
function burden(workers: Report['generator']['workers']): string[] {
  const usages = workers.flatMap(({ usage }) => usage ?? []);
  if (usages.length === 0) return [];
  const most = (share: keyof WorkerUsageReport): string =>
    `${Math.round(100 * Math.max(...usages.map((usage) => usage[share] ?? 0)))} %`;
  const waited = usages.some(({ runQueueShare }) => runQueueShare !== null)
    ? `, ${most('runQueueShare')} waiting for a CPU`
    : '';
  return [`a worker’s time, at most: ${most('loopUtilization')} busy, ${most('gcShare')} collecting garbage${waited}`];
}
