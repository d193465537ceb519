import { hostname } from 'node:os';
import type { LoadedBots } from '../bot/load.js';
import { ignoreSignals, parentCarrier } from '../control/ipc.js';
import type { FromWorker, ToWorker } from '../control/messages.js';
import { Connector, systemClock } from '../core/index.js';
import { practise } from './practice.js';
import { Worker } from './worker.js';

// The entry file of a worker process: it obeys the coordinator's messages and ends when the channel closes.

ignoreSignals();
const carrier = parentCarrier<FromWorker, ToWorker>();
const noBots: LoadedBots = { drivers: new Map(), onUncaught: () => false };
let bots = noBots;
let worker: Worker | undefined;

function fail(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  carrier.send({ type: 'failed', message, stack: stack ?? '' });
}

async function prepare(init: Extract<ToWorker, { type: 'init' }>): Promise<void> {
  bots = await botsOf(init);
  const { drivers } = bots;
  await practise(init, systemClock);
  worker = new Worker(init, { clock: systemClock, carrier, connector: new Connector(), drivers });
  carrier.send({ type: 'ready', clients: worker.clients });
}

/** The loader of bots brings a compiler along: who has no bot does without. */
async function botsOf({ plan }: Extract<ToWorker, { type: 'init' }>): Promise<LoadedBots> {
  if (plan.kinds.every(({ bot }) => bot === null)) return noBots;
  const { loadBots } = await import('../bot/load.js');
  return loadBots(plan, process.env);
}

function obey(message: ToWorker): void {
  switch (message.type) {
    case 'init':
      prepare(message).catch(fail);
      break;
    case 'clock':
      carrier.send({ type: 'clock', nowUs: systemClock.nowUs() });
      break;
    case 'start':
      worker?.start(message.epochUs);
      break;
    case 'begin':
      worker?.begin(message.atUs);
      break;
    case 'control':
      worker?.control(message);
      break;
    case 'stop':
      worker?.stop(message.mode);
      break;
  }
}

process.on('uncaughtException', (error) => {
  if (!bots.onUncaught(error)) fail(error);
});
carrier.onClose(() => process.exit(0));
carrier.onMessage((message) => {
  try {
    obey(message);
  } catch (error) {
    fail(error);
  }
});
carrier.send({ type: 'hello', host: hostname(), pid: process.pid });
