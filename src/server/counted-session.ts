import { type DisconnectReason, type EndPoint, PacketSession } from '../core/index.js';
import type { ServerContext } from './service.js';
import type { ServedSession } from './session-manager.js';
import { idleTimeout, packetRateExceeded } from './session-watch.js';

/** A session with the original's framing that counts each packet and drops it: all that the mode `sink` does. */
export class CountedSession extends PacketSession implements ServedSession {
  protected readonly server: ServerContext;
  #sessionId = 0;
  /** Since the last look of the watch: packets that came, and whether any was sent. */
  #broughtPackets = 0;
  #hasTaken = false;
  #idleLooks = 0;

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
    this.#broughtPackets += packets;
    if (this.#broughtPackets > this.server.watch.packetBudget) this.disconnect(packetRateExceeded);
  }

  protected override onSend(): void {
    this.#hasTaken = true;
  }

  onLook(): void {
    this.#idleLooks = this.#broughtPackets === 0 && !this.#hasTaken ? this.#idleLooks + 1 : 0;
    this.#broughtPackets = 0;
    this.#hasTaken = false;
    if (this.#idleLooks >= this.server.watch.idleLooks) this.disconnect(idleTimeout);
  }

  protected override onDisconnected(_endPoint: EndPoint, reason: DisconnectReason): void {
    this.server.sessions.remove(this, reason);
  }
}
