import { type DisconnectReason, type EndPoint, type JobTimer, Session, type TimerHandle } from '../core/index.js';
import type { ServerContext } from './service.js';
import type { ServedSession } from './session-manager.js';

const welcome = new TextEncoder().encode('Welcome to MMORPG Server!');

/** How long the first lecture's session lasts: its `Thread.Sleep(1000)`. */
const lifetimeMs = 1000;

/** Without frames there are no packets: each receive and each send counts as one, under the id of what has none. */
const noId = -1;

/** The first lecture: an unframed session that greets, counts what it hears, and disconnects after a second. */
export class HelloSession extends Session implements ServedSession {
  readonly #server: ServerContext;
  readonly #timer: JobTimer;
  #farewell: TimerHandle | undefined;

  constructor(server: ServerContext, timer: JobTimer) {
    super(server.sessionOptions);
    this.#server = server;
    this.#timer = timer;
  }

  protected override onConnected(_endPoint: EndPoint): void {
    this.#server.sessions.add(this);
    this.#farewell = this.#timer.push(lifetimeMs, () => this.disconnect());
    this.#greet();
  }

  #greet(): void {
    const { counters } = this.#server;
    if (!this.send(welcome)) {
      counters.refusedPackets++;
      return;
    }
    counters.sent.addPackets(noId, 1);
    counters.sent.addBytes(welcome.length);
  }

  protected override onRecv(_buffer: Uint8Array, start: number, end: number): number {
    const { received } = this.#server.counters;
    received.addPackets(noId, 1);
    received.addBytes(end - start);
    return end - start;
  }

  /** It has no packets to count, and no time to be idle. */
  onLook(): void {}

  protected override onDisconnected(_endPoint: EndPoint, reason: DisconnectReason): void {
    this.#farewell?.cancel();
    this.#server.sessions.remove(this, reason);
  }
}
