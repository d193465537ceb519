import { serverCoreFraming } from '../core/index.js';
import type { FieldRecord, FieldValues, PacketEncoder } from '../packets/index.js';
import type { ClientSession } from './client-session.js';
import { GameRoom } from './game-room.js';
import { loadProtocol } from './packet-files.js';
import type { ServerContext } from './service.js';

/** The move stage: who enters hears of everyone, and everyone hears of who enters, moves and leaves. */
export class MoveRoom extends GameRoom {
  readonly #playerList: PacketEncoder;
  readonly #enterGame: PacketEncoder;
  readonly #leaveGame: PacketEncoder;
  readonly #move: PacketEncoder;
  readonly #playersPerList: number;

  constructor(server: ServerContext) {
    const protocol = loadProtocol('move.pdl.xml');
    super(server, protocol);
    this.#playerList = protocol.encoder('S_PlayerList', 'server');
    this.#enterGame = protocol.encoder('S_BroadcastEnterGame', 'server');
    this.#leaveGame = protocol.encoder('S_BroadcastLeaveGame', 'server');
    this.#move = protocol.encoder('S_BroadcastMove', 'server');
    this.#playersPerList = playersPerList(this.#playerList);
    this.packetManager.handle('C_LeaveGame', (session) => this.push(() => this.leave(session)));
    this.packetManager.handle('C_Move', (session, packet) => this.push(() => this.#onMove(session, packet)));
  }

  override enter(session: ClientSession): void {
    super.enter(session);
    this.#sendPlayerList(session);
    this.broadcast(this.#enterGame, placeOf(session));
  }

  override leave(session: ClientSession): boolean {
    const wasHere = super.leave(session);
    if (wasHere) this.broadcast(this.#leaveGame, [session.sessionId]);
    return wasHere;
  }

  #onMove(session: ClientSession, { posX, posY, posZ }: FieldRecord): void {
    // Who has left the game may still be connected.
    if (!this.sessions.has(session)) return;
    session.posX = posX as number;
    session.posY = posY as number;
    session.posZ = posZ as number;
    this.broadcast(this.#move, placeOf(session));
  }

  /** Several lists where one packet cannot hold everyone: the original's client adds up what it hears. */
  #sendPlayerList(session: ClientSession): void {
    const players: FieldValues[] = [];
    for (const player of this.sessions) players.push([player === session, ...placeOf(player)]);
    for (let from = 0; from < players.length; from += this.#playersPerList) {
      session.sendPacket(this.#playerList, [players.slice(from, from + this.#playersPerList)]);
    }
  }
}

/** Who and where: the fields that all packets about a player have in common. */
function placeOf({ sessionId, posX, posY, posZ }: ClientSession): FieldValues {
  return [sessionId, posX, posY, posZ];
}

/** How many players fit one S_PlayerList before its u16 size would wrap. */
function playersPerList(encoder: PacketEncoder): number {
  const anyone: FieldValues = [false, 0, 0, 0, 0];
  const emptyBytes = encoder.frameSize([[]]);
  const playerBytes = encoder.frameSize([[anyone]]) - emptyBytes;
  return Math.floor((serverCoreFraming.maxPacketSize - emptyBytes) / playerBytes);
}
