// Sends every packet back. Run it with a port, or without one to let the system choose: node echo-server.js 7777
import { type DisconnectReason, type EndPoint, Listener, PacketSession } from 'tcp-swarm/core';

class ClientSession extends PacketSession {
  protected override onConnected({ host, port }: EndPoint): void {
    console.log(`${host}:${port} connected`);
  }

  // The view is valid until the call returns: what is to be sent later must be a copy.
  protected override onRecvPacket(packet: Uint8Array): void {
    this.send(packet.slice());
  }

  protected override onDisconnected({ host, port }: EndPoint, { cause }: DisconnectReason): void {
    console.log(`${host}:${port} disconnected: ${cause}`);
  }
}

const wanted = { host: '127.0.0.1', port: Number(process.argv[2] ?? 0) };
const { port } = await new Listener().listen(wanted, () => new ClientSession());
console.log(`listening on ${port}`);
