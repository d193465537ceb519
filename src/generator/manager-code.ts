import type { Side } from '../packets/index.js';

/** A packet, as the packet managers and the list of ids know it. */
export interface GeneratedPacket {
  /** The name of its interface. */
  readonly type: string;
  readonly id: number;
  /** Whose manager hands it on. */
  readonly receivers: readonly Side[];
}

/** None for a side that receives nothing. */
export function packetManager(side: Side, packets: readonly GeneratedPacket[]): readonly string[] {
  const received = packets.filter(({ receivers }) => receivers.includes(side));
  if (received.length === 0) return [];
  const prefix = side === 'server' ? 'Server' : 'Client';
  const handlers = received.map(({ type: name }) => `  ${name}Handler(session: S, packet: ${name}): void;`);
  const cases = received.map(
    ({ type: name }) => `\
      case packetIds.${name}:
        this.#handler.${name}Handler(session, decode${name}(buffer, start, end));
        return true;`,
  );
  return [
    `\
/** What a ${side} does with each packet that it receives; \`S\` is its session. */
export interface ${prefix}PacketHandler<S> {
${handlers.join('\n')}
}`,
    `\
/** Hands each packet that a ${side} receives to its handler; one manager serves all sessions. */
export class ${prefix}PacketManager<S> {
  readonly #handler: ${prefix}PacketHandler<S>;

  constructor(handler: ${prefix}PacketHandler<S>) {
    this.#handler = handler;
  }

  /**
   * To be called from \`PacketSession.onFrame\`. False: no packet with this id comes to a ${side}.
   * @throws ProtocolError for malformed bytes: let it pass, and it ends the session.
   */
  onRecvPacket(session: S, buffer: Uint8Array, start: number, end: number, id: number): boolean {
    switch (id) {
${cases.join('\n')}
      default:
        return false;
    }
  }
}`,
  ];
}
