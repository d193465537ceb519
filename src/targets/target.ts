import type { Plan } from '../scenario/plan.js';
import { startEmbedded } from './embedded.js';
import { reachableAddresses } from './lookup.js';
import type { RunningTarget } from './running-target.js';

/**
 * Makes the target of a plan ready: looks a host name up (once, for all clients), or starts the embedded server.
 * @throws TargetError where the name does not resolve or the server does not start.
 */
export async function startTarget({
  target,
  load,
  seed,
}: Pick<Plan, 'target' | 'load' | 'seed'>): Promise<RunningTarget> {
  switch (target.kind) {
    case 'embedded':
      return startEmbedded(target, seed);
    case 'unix':
      return { ...nothingStarted, endPoints: [{ path: target.path }], warnings: [] };
    default: {
      const { hosts, warnings } = await reachableAddresses(target, load.localAddresses);
      return { ...nothingStarted, endPoints: hosts.map((host) => ({ host, port: target.port })), warnings };
    }
  }
}

const nothingStarted: Pick<RunningTarget, 'onDied' | 'stop'> = { onDied() {}, stop: async () => null };
