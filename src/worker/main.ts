import { ignoreSignals, parentCarrier } from '../control/ipc.js';
import type { FromWorker, ToWorker } from '../control/messages.js';
import { Connector, systemClock } from '../core/index.js';
import { practise } from './practice.js';
import { loadUserCode, type UserCode } from './user-code.js';
import { Worker } from './worker.js';

// The entry file of a worker process: it obeys the coordinator's messages and ends when the channel closes.

ignoreSignals();
const carrier = parentCarrier<FromWorker, ToWorker>();
let code: UserCode | undefined;
let worker: Worker | undefined;

function fail(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  carrier.send({ type: 'failed', message, stack: stack ?? '' });
}

async function prepare(init: Extract<ToWorker, { type: 'init' }>): Promise<void> {
  code = await loadUserCode(init.plan, process.env);
  const { drivers, sessions } = code;
  await practise(init, systemClock);
  worker = new Worker(init, { clock: systemClock, carrier, connector: new Connector(), drivers, sessions });
  carrier.send({ type: 'ready' });
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
  if (code?.onUncaught(error) !== true) fail(error);
});
carrier.onClose(() => process.exit(0));
carrier.onMessage((message) => {
  try {
    obey(message);
  } catch (error) {
    fail(error);
  }
});
carrier.send({ type: 'hello' });
