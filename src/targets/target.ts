import { lookup } from 'node:dns/promises';
import type { TargetPlan } from '../scenario/plan.js';
import { startEmbedded } from './embedded.js';
import { type RunningTarget, TargetError } from './running-target.js';

/**
 * Makes the target of a plan ready: looks a host name up (once, for all clients), or starts the embedded server.
 * @throws TargetError where the name does not resolve or the server does not start.
 */
export async function startTarget(target: TargetPlan): Promise<RunningTarget> {
  if (target.kind === 'embedded') return startEmbedded(target.mode);
  const { host, port } = target;
  try {
    const { address } = await lookup(host);
    return { endPoint: { host: address, port }, onDied() {}, stop: async () => null };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new TargetError(`the host name ${host} does not resolve (${code})`, { cause });
  }
}
