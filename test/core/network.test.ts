import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import {
  Connector,
  type CoreError,
  createTransportPair,
  type EndPoint,
  formatEndPoint,
  Listener,
} from '../../src/core/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { fromHex } from './hex.js';
import { RecordingSession } from './recording-session.js';

const loopback = { host: '127.0.0.1', port: 0 };

async function listening(work: (endPoint: EndPoint, accepted: RecordingSession[]) => Promise<void>): Promise<void> {
  const accepted: RecordingSession[] = [];
  const listener = new Listener();
  const endPoint = await listener.listen(loopback, () => {
    const session = new RecordingSession({ onPacket: (session, packet) => session.send(fromHex(packet)) });
    accepted.push(session);
    return session;
  });
  try {
    await work(endPoint, accepted);
  } finally {
    await listener.close();
    for (const session of accepted) session.disconnect();
  }
}

describe('an end point in words', () => {
  it.each([
    [{ host: '127.0.0.1', port: 7777 }, '127.0.0.1:7777'],
    [{ host: '::1', port: 7777 }, '[::1]:7777'],
    [{ path: '/run/game.sock' }, 'unix:/run/game.sock'],
  ])('%j is %s', (endPoint, words) => {
    expect(formatEndPoint(endPoint)).toBe(words);
  });
});

describe('Listener', () => {
  it('resolves with the port that the system chose', async () => {
    await listening(async (endPoint) => {
      expect(endPoint.host).toBe('127.0.0.1');
      expect(endPoint.port).toBeGreaterThan(0);
    });
  });

  it('rejects where the port is in use, and may then listen elsewhere', async () => {
    await listening(async (endPoint) => {
      const listener = new Listener();
      await expect(listener.listen(endPoint, () => new RecordingSession())).rejects.toMatchObject({
        name: 'CoreError',
        code: 'EADDRINUSE',
      });
      await listener.listen(loopback, () => new RecordingSession());
      await listener.close();
    });
  });

  it('listens on one end point at a time', async () => {
    const listener = new Listener();
    const factory = (): RecordingSession => new RecordingSession();
    await listener.listen(loopback, factory);
    await expect(listener.listen(loopback, factory)).rejects.toMatchObject({ code: 'already-listening' });
    await listener.close();
  });

  it('stops accepting when closed, while its sessions live on', async () => {
    const accepted: RecordingSession[] = [];
    const listener = new Listener();
    const endPoint = await listener.listen(loopback, () => {
      const session = new RecordingSession({ onPacket: (session, packet) => session.send(fromHex(packet)) });
      accepted.push(session);
      return session;
    });
    const client = await new Connector().connect(endPoint, () => new RecordingSession());
    client.send(fromHex('04000100'));
    await client.until(() => client.packets.length === 1);
    await listener.close();
    await expect(new Connector().connect(endPoint, () => new RecordingSession())).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    client.send(fromHex('04000200'));
    await client.until(() => client.packets.length === 2);
    client.disconnect();
    await accepted[0]!.disconnected();
  });

  it('reports a factory that throws, closes that connection, and goes on', async () => {
    const errors: CoreError[] = [];
    const bug = new Error('a bug in the factory');
    let calls = 0;
    const listener = new Listener();
    const endPoint = await listener.listen(
      loopback,
      () => {
        if (calls++ === 0) throw bug;
        return new RecordingSession({ onConnected: (session) => session.send(fromHex('04000100')) });
      },
      { onAcceptError: (error) => errors.push(error) },
    );
    const first = await new Connector().connect(endPoint, () => new RecordingSession());
    await first.disconnected();
    const second = await new Connector().connect(endPoint, () => new RecordingSession());
    await second.until(() => second.packets.length === 1);
    second.disconnect();
    await listener.close();
    expect(errors).toMatchObject([{ code: 'session-factory', cause: bug }]);
  });
});

describe('a Listener with room for so many', () => {
  it('closes whoever is one too many, says so, and lets others in once one has left', async () => {
    const errors: string[] = [];
    const accepted: RecordingSession[] = [];
    const listener = new Listener();
    const makeSession = (): RecordingSession => {
      const session = new RecordingSession({ onConnected: (session) => session.send(fromHex('04000100')) });
      accepted.push(session);
      return session;
    };
    const endPoint = await listener.listen(loopback, makeSession, {
      maxConnections: 1,
      onAcceptError: ({ code }) => errors.push(code),
    });
    const connect = () => new Connector().connect(endPoint, () => new RecordingSession());
    const first = await connect();
    await first.until(() => first.packets.length === 1);
    const second = await connect();
    await second.disconnected();
    expect(second.packets).toEqual([]);
    expect(errors).toEqual(['max-connections']);
    first.disconnect();
    await accepted[0]!.disconnected();
    const third = await connect();
    await third.until(() => third.packets.length === 1);
    third.disconnect();
    await listener.close();
  });
});

describe('a Listener that nobody asks', () => {
  it('survives a factory that throws, and goes on', async () => {
    let calls = 0;
    const listener = new Listener();
    const endPoint = await listener.listen(loopback, () => {
      if (calls++ === 0) throw new Error('a bug in the factory');
      return new RecordingSession({ onConnected: (session) => session.disconnect() });
    });
    for (let i = 0; i < 2; i++) {
      const client = await new Connector().connect(endPoint, () => new RecordingSession());
      await client.disconnected();
    }
    expect(calls).toBe(2);
    await listener.close();
  });

  it('may be closed before it listens, and twice', async () => {
    const listener = new Listener();
    await listener.close();
    await listener.listen(loopback, () => new RecordingSession());
    await listener.close();
    await listener.close();
    await listener.listen(loopback, () => new RecordingSession());
    await listener.close();
  });
});

describe('Connector', () => {
  it('makes many connections, and tells for each how it went', async () => {
    await listening(async (endPoint) => {
      const results = await new Connector().connectMany(endPoint, () => new RecordingSession(), 50);
      const sessions = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(sessions).toHaveLength(50);
      expect(new Set(sessions.map((session) => session.localEndPoint.port)).size).toBe(50);
      for (const session of sessions) session.send(fromHex('04000100'));
      await Promise.all(sessions.map((session) => session.until(() => session.packets.length === 1)));
      for (const session of sessions) session.disconnect();
    });
  });

  it('receives large packets of many sessions through the buffer that they share', async () => {
    await listening(async (endPoint) => {
      const packets = [1, 2, 3].map((id) => new Uint8Array(50_000).fill(id));
      const results = await Promise.all(
        packets.map(async (packet) => {
          packet.set(fromHex('50c3'));
          const client = await new Connector().connect(endPoint, () => new RecordingSession());
          client.send([packet, packet]);
          await client.until(() => client.packets.length === 2);
          client.disconnect();
          return client.packets;
        }),
      );
      const hex = packets.map((packet) => Buffer.from(packet).toString('hex'));
      expect(results).toEqual(hex.map((packet) => [packet, packet]));
    });
  });

  it.runIf(process.platform === 'linux')('connects from the local address that it is given', async () => {
    await listening(async (endPoint) => {
      const client = await new Connector().connect(endPoint, () => new RecordingSession(), {
        localAddress: '127.0.0.2',
      });
      expect(client.localEndPoint.host).toBe('127.0.0.2');
      client.disconnect();
    });
  });

  it('rejects with the code of a name that does not resolve', async () => {
    const connecting = new Connector().connect({ host: 'no-such-host.invalid', port: 1 }, () => new RecordingSession());
    await expect(connecting).rejects.toMatchObject({
      name: 'CoreError',
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  it('rejects with ETIMEDOUT when its time is over, and leaves no connection behind', async () => {
    await listening(async (endPoint, accepted) => {
      const clock = new ManualClock();
      let made = 0;
      const connecting = new Connector().connect(endPoint, () => new RecordingSession({ onConnected: () => made++ }), {
        timeoutMs: 50,
        clock,
      });
      clock.advance(50);
      await expect(connecting).rejects.toMatchObject({ code: 'ETIMEDOUT' });
      const next = await new Connector().connect(endPoint, () => new RecordingSession());
      next.send(fromHex('04000100'));
      await next.until(() => next.packets.length === 1);
      expect(made).toBe(0);
      expect(accepted.filter((session) => session.connected)).toHaveLength(1);
      next.disconnect();
    });
  });

  it('leaves no timer behind, whether it connects or fails', async () => {
    const clock = new ManualClock();
    let closed: EndPoint = loopback;
    await listening(async (endPoint) => {
      closed = endPoint;
      const client = await new Connector().connect(endPoint, () => new RecordingSession(), { clock });
      client.disconnect();
    });
    await expect(new Connector().connect(closed, () => new RecordingSession(), { clock })).rejects.toThrow();
    expect(clock.waiting).toBe(0);
  });

  it('can be cancelled while it connects, and before', async () => {
    await listening(async (endPoint) => {
      const abort = new AbortController();
      const connecting = new Connector().connect(endPoint, () => new RecordingSession(), { signal: abort.signal });
      abort.abort();
      await expect(connecting).rejects.toMatchObject({ code: 'cancelled' });
      await expect(
        new Connector().connect(endPoint, () => new RecordingSession(), { signal: abort.signal }),
      ).rejects.toMatchObject({ code: 'cancelled' });
    });
  });

  it('cancels any number of connects with one signal, which gets one listener', async () => {
    await listening(async (endPoint) => {
      const abort = new AbortController();
      const listen = vi.spyOn(abort.signal, 'addEventListener');
      const connecting = new Connector().connectMany(endPoint, () => new RecordingSession(), 30, {
        signal: abort.signal,
      });
      abort.abort();
      const codes = (await connecting).map((result) => result.status === 'rejected' && result.reason.code);
      expect(codes).toEqual(new Array(30).fill('cancelled'));
      expect(listen).toHaveBeenCalledTimes(1);
    });
  });

  it('rejects where the factory throws', async () => {
    await listening(async (endPoint) => {
      const bug = new Error('a bug in the factory');
      const connecting = new Connector().connect(endPoint, (): RecordingSession => {
        throw bug;
      });
      await expect(connecting).rejects.toMatchObject({ code: 'session-factory', cause: bug });
    });
  });
});

describe('a connection that breaks', () => {
  it('is "reset" where the peer resets it', async () => {
    const [near, far] = createTransportPair();
    const session = new RecordingSession();
    session.start(near);
    far.destroy(true);
    expect(await session.disconnected()).toMatchObject({ cause: 'reset', code: 'ECONNRESET' });
  });

  it('is "reset" in memory too where the peer closes with bytes unread', async () => {
    const [near, far] = createTransportPair();
    const session = new RecordingSession();
    const peer = new RecordingSession({ onConnected: (session) => session.pause() });
    session.start(near);
    peer.start(far);
    session.send(fromHex('04000100'));
    await session.until(() => session.sent.length === 1);
    peer.disconnect();
    expect(await session.disconnected()).toMatchObject({ cause: 'reset', code: 'ECONNRESET' });
  });

  it('is "reset" over TCP where the peer resets it', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const hello = { onConnected: (session: RecordingSession) => session.send(fromHex('04000100')) };
    const session = await new Connector().connect({ host: '127.0.0.1', port }, () => new RecordingSession(hello));
    expect(await session.disconnected()).toMatchObject({ cause: 'reset', code: 'ECONNRESET' });
    server.close();
    await once(server, 'close');
  });

  it('is "reset" over TCP where the peer closes with bytes unread', async () => {
    await listening(async (endPoint, accepted) => {
      const client = await new Connector().connect(
        endPoint,
        () => new RecordingSession({ onConnected: (session) => session.pause() }),
      );
      client.send(fromHex('04000100'));
      await client.until(() => client.sent.length === 1);
      const server = accepted[0]!;
      await server.until(() => server.sent.length === 1);
      client.disconnect();
      expect(await server.disconnected()).toMatchObject({ cause: 'reset', code: 'ECONNRESET' });
    });
  });
});

describe('a connection in memory', () => {
  it('carries a copy: what its writer does with the buffer once the write is complete changes nothing', async () => {
    const [near, far] = createTransportPair();
    const session = new RecordingSession();
    const peer = new RecordingSession({ onConnected: (session) => session.pause() });
    session.start(near);
    peer.start(far);
    const packet = Buffer.from('04000100', 'hex');
    session.send(packet);
    await session.until(() => session.sent.length === 1);
    packet.fill(0xff);
    peer.resume();
    await peer.until(() => peer.packets.length > 0);
    expect(peer.packets).toEqual(['04000100']);
  });
});
