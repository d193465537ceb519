import type { SessionFactory } from '../client/client-session.js';
import type { Carrier } from '../control/carrier.js';
import type { FromWorker, ToWorker } from '../control/messages.js';
import { type Clock, type Connector, createTransportPair } from '../core/index.js';
import { Protocol } from '../packets/index.js';
import type { Plan } from '../scenario/plan.js';
import { transformedSessions } from '../transform/sessions.js';
import { unchangedCode } from '../transform/transform.js';
import { practicePlan } from './practice-plan.js';
import { PracticeServer, PracticeSession } from './practice-server.js';
import { VirtualClock } from './virtual-clock.js';
import { Worker } from './worker.js';

type Init = Extract<ToWorker, { type: 'init' }>;

const longestUs = 1_000_000;

const deaf: Carrier<FromWorker, ToWorker> = { send() {}, onMessage() {}, onClose() {}, close() {} };

/**
 * Plays the plan in memory, on a clock of its own, against a server that answers everything, until the code that the run will measure
 * with is compiled: the first 16,000 packets through it cost up to a hundred times what later ones do. Nothing of it is kept.
 * Resolves with the number of packets that went either way; gives up after a second by `clock`.
 */
export async function practise({ plan, endPoints }: Init, clock: Clock, packets = 50_000): Promise<number> {
  const hurried = practicePlan(plan);
  if (hurried.kinds.length === 0) return 0;
  const virtual = new VirtualClock();
  const server = new PracticeServer(hurried, new Protocol(hurried.protocol), virtual);
  const connector: Pick<Connector, 'connect'> = {
    async connect(_endPoint, sessionFactory) {
      const [near, far] = createTransportPair({ clock: virtual });
      new PracticeSession(server).start(far);
      const session = sessionFactory();
      session.start(near);
      return session;
    },
  };
  const worker = new Worker(
    { type: 'init', worker: 0, workers: 1, plan: hurried, endPoints },
    { clock: virtual, carrier: deaf, connector, sessions: practiceSessions(hurried) },
  );
  worker.start(0);
  const giveUpUs = clock.nowUs() + longestUs;
  while (server.packets < packets && clock.nowUs() < giveUpUs && virtual.turn()) await nextTurn(clock);
  worker.stop('now');
  return server.packets;
}

/** A transform is practised without its code, which is the user's: bytes pass through it as they are, so the server needs none. */
function practiceSessions({ protocol }: Plan): SessionFactory | undefined {
  const { transform } = protocol;
  return transform === null ? undefined : transformedSessions(protocol, transform, unchangedCode());
}

/** Sessions write, and connects resolve, once a callback of the event loop is over. */
function nextTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.setImmediate(resolve);
  });
}
