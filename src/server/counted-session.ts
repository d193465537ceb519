import { type DisconnectReason, type EndPoint, PacketSession } from '../core/index.js';
import type { ServerContext } from './service.js';
import type { ServedSession } from './session-manager.js';
import { idleTimeout, type Look, packetRateExceeded } from './session-watch.js';

/** A session with the original's framing that counts each packet and drops it: all that the mode `sink` does. */
export class CountedSession extends PacketSession implements ServedSession {
  protected readonly server: ServerContext;
  #sessionId = 0;
  /** Packets that came in this second of the watch's. */
  #broughtPackets = 0;
  /** Whether a packet came or went since the watch's last look; who has just connected was not idle either. */
  #isAlive = true;
  #idleUs = 0;

  constructor(server: ServerContext) {
    super(server.sessionOptions);
    this.server = server;
  }

  /** Given on connecting; 0 before. */
  get sessionId(): number {
    return this.#sessionId;
  }

  protected override onConnected(_endPoint: EndPoint): void {
    this.#sessionId = this.server.sessions.add(this);
  }

  protected override onFrame(_buffer: Uint8Array, start: number, end: number, id: number): void {
    const { received } = this.server.counters;
    received.addPackets(id, 1);
    received.addBytes(end - start);
  }

  protected override onRecvBatch(packets: number): void {
    if (packets > 0) this.#isAlive = true;
    this.#broughtPackets += packets;
    if (this.#broughtPackets > this.server.watch.packetBudget) this.disconnect(packetRateExceeded);
  }

  protected override onSend(): void {
    this.#isAlive = true;
  }

  onLook({ sinceLastUs, beginsSecond }: Look): void {
    this.#idleUs = this.#isAlive ? 0 : this.#idleUs + sinceLastUs;
    this.#isAlive = false;
    if (beginsSecond) this.#broughtPackets = 0;
    if (this.#idleUs >= this.server.watch.idleTimeoutUs) this.disconnect(idleTimeout);
  }

  protected override onDisconnected(_endPoint: EndPoint, reason: DisconnectReason): void {
    this.server.sessions.remove(this, reason);
  }
}
