import type { SessionFactory } from '../../src/client/client-session.js';
import type { DriverFactory } from '../../src/client/driver.js';
import type { Carrier } from '../../src/control/carrier.js';
import type { FromWorker, ToWorker } from '../../src/control/messages.js';
import {
  type ConnectOptions,
  CoreError,
  createTransportPair,
  type EndPoint,
  PacketSession,
  type Session,
} from '../../src/core/index.js';
import { TotalsBuilder } from '../../src/metrics/totals-builder.js';
import type { Plan } from '../../src/scenario/plan.js';
import { Worker } from '../../src/worker/worker.js';
import { ManualClock } from '../support/manual-clock.js';

/** The server's side of one connection, as the test plays it. Packets are `[size][id][n int32]`. */
export class Peer extends PacketSession {
  readonly #onPacket: (peer: Peer, id: number, n: number) => void;
  closed = false;

  constructor(onPacket: (peer: Peer, id: number, n: number) => void) {
    super();
    this.#onPacket = onPacket;
  }

  /** Sends the packet `id` with the number `n`. */
  say(id: number, n: number): void {
    const frame = Buffer.from('0800000000000000', 'hex');
    frame.writeUInt16LE(id, 2);
    frame.writeInt32LE(n, 4);
    this.send(frame);
  }

  protected override onConnected(): void {}

  protected override onFrame(buffer: Uint8Array, start: number, end: number, id: number): void {
    this.#onPacket(this, id, Buffer.from(buffer.subarray(start, end)).readInt32LE(4));
  }

  protected override onDisconnected(): void {
    this.closed = true;
  }
}

export interface RehearsalOptions {
  /** Plays the server: called with each packet that a client sent. */
  readonly onPacket?: (peer: Peer, id: number, n: number) => void;
  /** Makes connects fail with a system error code, by the connect's number from 0. */
  readonly refuse?: (connect: number, options: ConnectOptions) => string | undefined;
  /** The clock of another rehearsal, for workers that play together. */
  readonly clock?: ManualClock;
  readonly worker?: number;
  readonly workers?: number;
  /** What drives the clients of kinds that have a bot. */
  readonly drivers?: ReadonlyMap<string, DriverFactory>;
  /** How the sessions of the clients are made; plain ones where nothing is said. */
  readonly sessions?: SessionFactory;
  /** Makes the server's side of a connection, in place of a `Peer`. */
  readonly accept?: () => Session;
}

/** A whole worker, its clients and sessions on a clock that stands still between steps and a network in memory. */
export class Rehearsal {
  readonly clock: ManualClock;
  readonly totals = new TotalsBuilder();
  readonly messages: FromWorker[] = [];
  readonly peers: Peer[] = [];
  readonly worker: Worker;
  readonly #options: RehearsalOptions;
  #connects = 0;

  constructor(plan: Plan, options: RehearsalOptions = {}) {
    this.#options = options;
    this.clock = options.clock ?? new ManualClock({ turnUs: 50 });
    const carrier: Carrier<FromWorker, ToWorker> = {
      send: (message) => {
        this.messages.push(message);
        if (message.type === 'snapshot') this.totals.add(message.snapshot);
      },
      onMessage() {},
      onClose() {},
      close() {},
    };
    const { worker = 0, workers = 1, drivers = new Map(), sessions } = options;
    this.worker = new Worker(
      { type: 'init', worker, workers, plan, endPoints: [{ host: 'memory', port: 1 }] },
      { clock: this.clock, carrier, connector: { connect: (...args) => this.#connect(...args) }, drivers, sessions },
    );
  }

  /** Starts the run and lets `ms` milliseconds pass. */
  async play(ms: number): Promise<void> {
    this.worker.start(this.clock.nowUs());
    await this.advance(ms);
  }

  /** Lets time pass from one event to the next; whatever is under way arrives in between. */
  async advance(ms: number): Promise<void> {
    const untilUs = this.clock.nowUs() + ms * 1000;
    await this.#settle();
    while (this.clock.nextDueUs <= untilUs) {
      this.clock.advanceTo(this.clock.nextDueUs);
      await this.#settle();
    }
    this.clock.advanceTo(untilUs);
  }

  get finished(): boolean {
    return this.messages.some(({ type }) => type === 'finished');
  }

  async #connect<S extends Session>(
    _endPoint: EndPoint,
    sessionFactory: () => S,
    options: ConnectOptions = {},
  ): Promise<S> {
    const code = this.#options.refuse?.(this.#connects++, options);
    if (code !== undefined) throw new CoreError(code, `connect ${code}`);
    const [near, far] = createTransportPair({ clock: this.clock });
    this.#accept().start(far);
    const session = sessionFactory();
    session.start(near);
    return session;
  }

  #accept(): Session {
    if (this.#options.accept !== undefined) return this.#options.accept();
    const peer = new Peer(this.#options.onPacket ?? (() => {}));
    this.peers.push(peer);
    return peer;
  }

  /** Lets all that is due now happen, also what follows from it; time stands still. */
  async #settle(): Promise<void> {
    const { clock } = this;
    do {
      clock.advanceTo(clock.nowUs());
      await new Promise((resolve) => process.nextTick(resolve));
      await Promise.resolve();
      // One promise of a bot's may wait for another, and that for the next: all of them are done before an immediate.
      if (this.#options.drivers !== undefined) await new Promise((resolve) => setImmediate(resolve));
    } while (clock.nextDueUs <= clock.nowUs());
  }
}
