import { type DisconnectReason, type EndPoint, PacketSession } from '../core/index.js';
import type { ServerContext } from './service.js';

/** A session with the original's framing that counts each packet and drops it: all that the mode `sink` does. */
export class CountedSession extends PacketSession {
  protected readonly server: ServerContext;
  #sessionId = 0;

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

  protected override onDisconnected(_endPoint: EndPoint, reason: DisconnectReason): void {
    this.server.sessions.remove(this, reason);
  }
}
