// A library user's file: checked with skipLibCheck off and no @types/node, so that the public types of core and packets must stand alone.
import { Connector, Listener, PacketSession, serverCoreFraming } from 'tcp-swarm/core';
import { PacketManager, Protocol, parsePdl } from 'tcp-swarm/packets';

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

const packets = parsePdl('<PDL><packet name="C_Chat"><string name="chat"/></packet></PDL>', 'server.pdl.xml');
const protocol = new Protocol({ send: serverCoreFraming, receive: serverCoreFraming, packets });
new PacketManager<Echo>(protocol, 'server').handle('C_Chat', (sender, { chat }) => {
  if (chat === 'bye') sender.end();
});
