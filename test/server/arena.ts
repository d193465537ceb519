import type { ServerMode, ServerTotals } from '../../src/control/server-messages.js';
import {
  createTransportPair,
  type Framing,
  SendBufferHelper,
  type Session,
  serverCoreFraming,
} from '../../src/core/index.js';
import { ServerCounters } from '../../src/server/counters.js';
import { defaultLimits, type ServerLimits } from '../../src/server/limits.js';
import type { ServerContext, Service } from '../../src/server/service.js';
import { createService } from '../../src/server/services.js';
import { SessionManager } from '../../src/server/session-manager.js';
import { SessionWatch } from '../../src/server/session-watch.js';
import { flushed, RecordingSession } from '../core/recording-session.js';
import { ManualClock } from '../support/manual-clock.js';

/** One service of the server, without a listener: its sessions are joined to the test's in memory, on a clock that stands still. */
export class Arena {
  readonly clock = new ManualClock();
  readonly context: ServerContext;
  readonly #mode: ServerMode;
  readonly #service: Service;

  constructor(
    mode: ServerMode,
    sessionOptions: { maxQueuedBytes?: number } = {},
    limits: Partial<ServerLimits> = {},
    { hasFaults = false }: { hasFaults?: boolean } = {},
  ) {
    const counters = new ServerCounters({ hasFaults });
    const sessions = new SessionManager(counters);
    this.context = {
      counters,
      sessions,
      watch: new SessionWatch({ ...defaultLimits, ...limits }, sessions, this.clock),
      sendBuffers: new SendBufferHelper(),
      sessionOptions: { clock: this.clock, ...sessionOptions },
      clock: this.clock,
      flushMs: 250,
    };
    this.#mode = mode;
    this.#service = createService(mode, this.context);
  }

  createSession(): Session {
    return this.#service.createSession();
  }

  /** A client that is in the room when this resolves; it has the original's framing unless another is given. */
  async connect(framing: Framing = serverCoreFraming, service = this.#service): Promise<RecordingSession> {
    const client = new RecordingSession({}, { framing });
    const [near, far] = createTransportPair({ clock: this.clock });
    service.createSession().start(far);
    client.start(near);
    await this.settle();
    return client;
  }

  /** Lets everything that is under way arrive; time stands still. Each exchange takes one round, and no test needs more than these. */
  async settle(): Promise<void> {
    for (let round = 0; round < 8; round++) {
      await flushed();
      this.clock.advance(0);
    }
  }

  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  totals(): ServerTotals {
    return this.context.counters.totals(this.#mode, this.#service.receivedNames, this.#service.sentNames);
  }
}
