// Sends a packet, waits for the server to send it back, and leaves after ten: node dummy-client.js 7777
import { Connector, type DisconnectReason, type EndPoint, PacketSession } from 'tcp-swarm/core';

const rounds = 10;
const packetId = 1;

class ServerSession extends PacketSession {
  #round = 0;

  protected override onConnected(): void {
    this.#sendRound();
  }

  protected override onRecvPacket(packet: Uint8Array): void {
    console.log(`round ${packet[4]} came back`);
    if (this.#round < rounds) this.#sendRound();
    else this.end();
  }

  protected override onDisconnected(_endPoint: EndPoint, { cause }: DisconnectReason): void {
    console.log(`disconnected: ${cause}`);
  }

  #sendRound(): void {
    const size = 5;
    this.send(Uint8Array.of(size, 0, packetId, 0, ++this.#round));
  }
}

await new Connector().connect({ host: '127.0.0.1', port: Number(process.argv[2]) }, () => new ServerSession());
