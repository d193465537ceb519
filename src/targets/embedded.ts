import { type Child, forkChild } from '../control/ipc.js';
import type { FromServer, ToServer } from '../control/server-messages.js';
import { type EndPoint, systemClock } from '../core/index.js';
import type { TargetPlan } from '../scenario/plan.js';
import { type RunningTarget, TargetError } from './running-target.js';

type EmbeddedPlan = Extract<TargetPlan, { kind: 'embedded' }>;

type ServerProcess = Child<ToServer, FromServer>;

/** How long the server may take to close its sessions before it is ended. */
const closeLimitMs = 5_000;

/**
 * Starts the bundled server in a process of its own, on a port that the system chooses; what its faults draw follows from `seed`.
 * @throws TargetError where it does not listen; its process is gone by then.
 */
export async function startEmbedded(plan: EmbeddedPlan, seed: number): Promise<RunningTarget> {
  const child: ServerProcess = forkChild(new URL('../server/main.js', import.meta.url));
  const closed = new Promise<Readonly<Record<string, unknown>> | null>((resolve) => {
    child.carrier.onMessage((message) => message.type === 'closed' && resolve({ ...message.totals }));
    void child.exited.then(() => resolve(null));
  });
  const endPoint = await listening(child, plan, seed).catch(async (error: unknown) => {
    await end(child);
    throw error;
  });
  let stopping = false;
  return {
    endPoints: [endPoint],
    warnings: [],
    onDied(handler) {
      void child.exited.then(({ code, signal }) => {
        if (!stopping)
          handler(`the embedded server (pid ${child.pid}) ended by itself, with ${signal ?? `code ${code}`}`);
      });
    },
    async stop() {
      stopping = true;
      child.carrier.send({ type: 'close' });
      await end(child, closed);
      return closed;
    },
  };
}

/** Where the server listens, once it does. */
function listening(child: ServerProcess, { mode, faults }: EmbeddedPlan, seed: number): Promise<EndPoint> {
  return new Promise((resolve, reject) => {
    child.carrier.onMessage((message) => {
      if (message.type === 'listening') resolve(message.endPoint);
      if (message.type === 'failed') reject(new TargetError(`the embedded server did not start: ${message.message}`));
    });
    void child.exited.then(() => reject(new TargetError('the embedded server ended before it listened')));
    child.carrier.send({ type: 'listen', mode, faults, seed });
  });
}

/** Closes the channel, by which the process ends, once `lastWord` is spoken; kills it where that takes too long. */
async function end(child: ServerProcess, lastWord?: Promise<unknown>): Promise<void> {
  const limit = systemClock.setTimer(closeLimitMs, () => child.kill());
  await lastWord;
  child.carrier.close();
  await child.exited;
  limit.cancel();
}
