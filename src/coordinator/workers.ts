import { SwarmError } from '../errors.js';

/** A second worker is worth its memory and its share of a core from about this many clients on. */
const clientsPerWorker = 500;
/** Of a process's file descriptors, those that are not connections. */
export const reservedDescriptors = 100;
const mostWorkers = 256;

/**
 * How many worker processes a run gets. `auto`: enough that each stays within its descriptor limit, and beyond that one for each 500
 * clients up to the number of cores. A number is taken as it is.
 * @throws SwarmError `workers-invalid` for anything else.
 */
export function decideWorkers(option: string, clients: number, cores: number): number {
  if (option !== 'auto') return parseWorkers(option);
  const forDescriptors = Math.ceil(clients / Math.max(1, descriptorLimit() - reservedDescriptors));
  const forSpeed = Math.min(cores, Math.ceil(clients / clientsPerWorker));
  return Math.min(mostWorkers, Math.max(1, forDescriptors, forSpeed));
}

function parseWorkers(option: string): number {
  const count = Number(option);
  if (Number.isInteger(count) && count >= 1 && count <= mostWorkers) return count;
  throw new SwarmError('workers-invalid', `--workers ${option}: not a number of worker processes`, {
    hint: `Give a whole number from 1 to ${mostWorkers}, or auto.`,
  });
}

/** The soft limit of this process, which its children inherit; Node's own report is the one place that tells it. */
export function descriptorLimit(): number {
  const { report } = process;
  if (report === undefined) return Number.POSITIVE_INFINITY;
  const limits = (report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } }).userLimits;
  const soft = Number(limits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Number.POSITIVE_INFINITY;
}
