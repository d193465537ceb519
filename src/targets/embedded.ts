import { forkChild } from '../control/ipc.js';
import type { FromServer, ToServer } from '../control/server-messages.js';
import { type EndPoint, systemClock } from '../core/index.js';
import type { TargetPlan } from '../scenario/plan.js';
import { type RunningTarget, TargetError } from './running-target.js';

type EmbeddedPlan = Extract<TargetPlan, { kind: 'embedded' }>;

/** How long the server may take to close its sessions before it is ended. */
const closeLimitMs = 5_000;

/** Starts the bundled server in a process of its own, on a port that the system chooses; what its faults draw follows from `seed`. */
export async function startEmbedded({ mode, faults }: EmbeddedPlan, seed: number): Promise<RunningTarget> {
  const child = forkChild<ToServer, FromServer>(new URL('../server/main.js', import.meta.url));
  const closed = new Promise<Readonly<Record<string, unknown>> | null>((resolve) => {
    child.carrier.onMessage((message) => message.type === 'closed' && resolve({ ...message.totals }));
    void child.exited.then(() => resolve(null));
  });
  const endPoint = await new Promise<EndPoint>((resolve, reject) => {
    child.carrier.onMessage((message) => {
      if (message.type === 'listening') resolve(message.endPoint);
      if (message.type === 'failed') reject(new TargetError(`the embedded server did not start: ${message.message}`));
    });
    void child.exited.then(() => reject(new TargetError('the embedded server ended before it listened')));
    child.carrier.send({ type: 'listen', mode, faults, seed });
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
      const limit = systemClock.setTimer(closeLimitMs, () => child.kill());
      child.carrier.send({ type: 'close' });
      const totals = await closed;
      child.carrier.close();
      await child.exited;
      limit.cancel();
      return totals;
    },
  };
}
