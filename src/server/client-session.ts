import type { DisconnectReason, EndPoint } from '../core/index.js';
import type { FieldValues, PacketEncoder } from '../packets/index.js';
import { CountedSession } from './counted-session.js';
import type { GameRoom } from './game-room.js';
import type { ServerContext } from './service.js';

/** A player, who is in the room from connecting until leaving it or disconnecting. */
export class ClientSession extends CountedSession {
  posX = 0;
  posY = 0;
  posZ = 0;
  readonly #room: GameRoom;

  constructor(server: ServerContext, room: GameRoom) {
    super(server);
    this.#room = room;
  }

  /** Sends one packet to this player alone, now: it overtakes the broadcasts that wait for the flush. */
  sendPacket(encoder: PacketEncoder, values: FieldValues): void {
    const { counters, sendBuffers } = this.server;
    const size = encoder.frameSize(values);
    const chunk = sendBuffers.open(size);
    const from = chunk.offset;
    encoder.write(values, chunk.buffer, from);
    if (!this.sendRange(chunk.buffer, from, chunk.closeRange(size))) {
      counters.refusedPackets++;
      return;
    }
    counters.sent.addPackets(encoder.id, 1);
    counters.sent.addBytes(size);
  }

  protected override onConnected(endPoint: EndPoint): void {
    super.onConnected(endPoint);
    this.#room.push(() => this.#room.enter(this));
  }

  protected override onFrame(buffer: Uint8Array, start: number, end: number, id: number): void {
    super.onFrame(buffer, start, end, id);
    this.#room.handlePacket(this, buffer, start, end, id);
  }

  protected override onDisconnected(endPoint: EndPoint, reason: DisconnectReason): void {
    this.#room.push(() => this.#room.leave(this));
    super.onDisconnected(endPoint, reason);
  }
}
