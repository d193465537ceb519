import { ProtocolError, serverCoreFraming } from '../core/index.js';
import type { PacketEncoder } from '../packets/index.js';
import type { ClientSession } from './client-session.js';
import { GameRoom } from './game-room.js';
import { loadProtocol } from './packet-files.js';
import type { ServerContext } from './service.js';

/** The chat stage: every C_Chat comes back to everyone in the room, the sender too, as an S_Chat. */
export class ChatRoom extends GameRoom {
  readonly #chat: PacketEncoder;
  /** An S_Chat holds four bytes more than the C_Chat it answers: beyond this many UTF-16 units its u16 size would wrap. */
  readonly #maxLength: number;

  constructor(server: ServerContext) {
    const protocol = loadProtocol('chat.pdl.xml');
    super(server, protocol);
    this.#chat = protocol.encoder('S_Chat', 'server');
    this.#maxLength = Math.floor((serverCoreFraming.maxPacketSize - this.#chat.frameSize([0, ''])) / 2);
    this.packetManager.handle('C_Chat', (session, packet) => this.#onChat(session, packet.chat as string));
  }

  #onChat(session: ClientSession, chat: string): void {
    if (chat.length > this.#maxLength) {
      throw new ProtocolError('chat-too-long', `a chat of ${chat.length} characters does not fit an S_Chat`);
    }
    this.push(() => this.broadcast(this.#chat, [session.sessionId, chat]));
  }
}
