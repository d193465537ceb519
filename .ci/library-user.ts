// A library user's file: checked with skipLibCheck off and no @types/node, so that the core's public types must stand alone.
import { Connector, Listener, PacketSession } from 'tcp-swarm/core';

class Echo extends PacketSession {
  protected override onConnected(): void {}
  protected override onDisconnected(): void {}
  protected override onRecvPacket(packet: Uint8Array): void {
    this.send(packet.slice());
  }
}

const endPoint = await new Listener().listen({ host: '127.0.0.1', port: 0 }, () => new Echo());
const session: Echo = await new Connector().connect(endPoint, () => new Echo());
session.disconnect();
