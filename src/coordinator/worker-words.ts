import { counted } from '../metrics/format.js';
import type { Plan } from '../scenario/plan.js';
import type { WorkerLink } from './worker-link.js';

const moreMemory = 'use more workers, fewer clients, or NODE_OPTIONS=--max-old-space-size=<MiB>';

/** That a worker is stuck, and how that shows: `sign` follows its name. */
export function describeStuck({ index, pid }: WorkerLink, sign: string, plan: Plan): string {
  const perhaps = runsUserCode(plan) ? ', as by a bot or a transform that never comes to an end' : '';
  return `worker ${index} (pid ${pid}) ${sign} and is ended: its process is stuck${perhaps}`;
}

/** That a worker was lost, and how its process ended. */
export function describeLoss(worker: WorkerLink, plan: Plan): string {
  const { index, pid, clients } = worker;
  return `worker ${index} (pid ${pid}) was lost with its ${counted(clients, 'client')}${endOf(worker, plan)}; what it had not reported is missing`;
}

/** How a worker's process ended, as a clause; where the plan has code of the user, also that this may have done it. */
function endOf({ exit, killed }: WorkerLink, plan: Plan): string {
  if (exit === null) return '';
  if (exit.signal === 'SIGABRT') return `; it was ended by SIGABRT, as where its heap is full: ${moreMemory}`;
  if (exit.signal === 'SIGKILL' && !killed) return '; it was ended by SIGKILL, as by the system where memory runs out';
  if (exit.signal !== null) return `; it was ended by ${exit.signal}`;
  if (exit.code === null) return '; it could not be started';
  const perhaps = runsUserCode(plan) ? ', as where the code of a bot or of a transform calls process.exit' : '';
  return `; it ended with exit code ${exit.code}${perhaps}`;
}

function runsUserCode({ kinds, protocol }: Plan): boolean {
  return protocol.transform !== null || kinds.some(({ bot }) => bot !== null);
}
