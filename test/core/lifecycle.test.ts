import { describe, expect, it } from 'vitest';
import { fromHex } from './hex.js';
import { links } from './links.js';
import { RecordingSession } from './recording-session.js';

const hello = fromHex('05000100aa');

describe.each(links)('a session over $name', (link) => {
  it('is connected first, then receives and sends, and is disconnected once, last', async () => {
    const server = new RecordingSession({ onPacket: (session) => session.send(hello) });
    const client = new RecordingSession({
      onConnected: (session) => session.send(hello),
      onPacket: (session) => session.disconnect(),
    });
    await link.join(server, client);
    await Promise.all([server.disconnected(), client.disconnected()]);
    for (const { events } of [server, client]) {
      expect(events[0]).toMatch(/^connected /);
      expect(events.slice(1, -1).sort()).toEqual(['packet 05000100aa', 'sent 5']);
      expect(events.at(-1)).toMatch(/^disconnected /);
    }
  });

  it('tells the side that disconnects "local", and the other "remote"', async () => {
    const server = new RecordingSession();
    const client = new RecordingSession();
    await link.join(server, client);
    client.disconnect();
    expect(await client.disconnected()).toEqual({ cause: 'local' });
    expect(await server.disconnected()).toEqual({ cause: 'remote' });
  });

  it('may be disconnected in onConnected', async () => {
    const server = new RecordingSession();
    const client = new RecordingSession({ onConnected: (session) => session.disconnect() });
    await link.join(server, client);
    await server.disconnected();
    const { host, path } = client.remoteEndPoint;
    expect(client.events).toEqual([`connected ${host ?? path}`, 'disconnected local']);
  });

  it('knows its end points from the start on, and after the disconnect', async () => {
    const server = new RecordingSession();
    const client = new RecordingSession();
    await link.join(server, client);
    client.disconnect();
    await server.disconnected();
    expect(server.localEndPoint).toEqual(client.remoteEndPoint);
    expect(server.remoteEndPoint).toEqual(client.localEndPoint);
    const { port, path } = client.remoteEndPoint;
    expect(port ?? path?.length).toBeGreaterThan(0);
  });

  it('tells "reset" where the peer closes with bytes unread', async () => {
    const server = new RecordingSession();
    const client = new RecordingSession({ onConnected: (session) => session.pause() });
    await link.join(server, client);
    // More than TLS reads ahead.
    server.send(new Uint8Array(200_000).fill(1));
    await new Promise((resolve) => setImmediate(resolve));
    client.disconnect();
    expect(await server.disconnected()).toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) });
    expect(server.events.filter((event) => event.startsWith('disconnected'))).toHaveLength(1);
  });

  it('delivers all that was queued before end()', async () => {
    const packets = 2000;
    const server = new RecordingSession();
    const client = new RecordingSession({
      onConnected(session) {
        for (let i = 0; i < packets; i++) session.send(hello);
        session.end();
      },
    });
    await link.join(server, client);
    expect(await client.disconnected()).toEqual({ cause: 'local' });
    expect(await server.disconnected()).toEqual({ cause: 'remote' });
    expect(server.packets).toHaveLength(packets);
  });

  it('still receives after end(), until the peer closes', async () => {
    const server = new RecordingSession({ onConnected: (session) => session.end() });
    const client = new RecordingSession({ onConnected: (session) => session.send(hello) });
    await link.join(server, client);
    expect(await server.disconnected()).toEqual({ cause: 'local' });
    expect(await client.disconnected()).toEqual({ cause: 'remote' });
    expect(server.packets).toEqual(['05000100aa']);
  });

  it('receives nothing while paused, and all of it when resumed', async () => {
    const server = new RecordingSession({ onConnected: (session) => session.pause() });
    const client = new RecordingSession({ onConnected: (session) => session.send([hello, hello]) });
    await link.join(server, client);
    await client.until(() => client.sent.length === 1);
    expect(server.packets).toEqual([]);
    server.resume();
    await server.until(() => server.packets.length === 2);
    server.disconnect();
    await client.disconnected();
  });

  it('keeps to the queue limit while the peer does not read, and sends the rest once it does', async () => {
    const packet = new Uint8Array(60_000);
    packet.set(fromHex('60ea0100'));
    const server = new RecordingSession({ onConnected: (session) => session.pause() });
    const client = new RecordingSession({}, { maxQueuedBytes: 1_000_000, onQueueFull: 'drop' });
    await link.join(server, client);
    let accepted = 0;
    // Well beyond what the system's own buffers for a connection hold.
    for (let i = 0; i < 1000; i++) {
      if (client.send(packet)) accepted++;
      if (i % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(client.queuedBytes).toBeLessThanOrEqual(1_000_000);
    expect(client.refusedSends).toBe(1000 - accepted);
    expect(client.refusedSends).toBeGreaterThan(0);
    server.resume();
    await server.until(() => server.packets.length === accepted);
    await client.until(() => client.queuedBytes === 0);
    server.disconnect();
    await client.disconnected();
  });
});
