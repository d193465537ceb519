import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { connect as secured } from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import { Connector } from '../../src/core/index.js';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/server.js';
import { fromHex } from '../core/hex.js';
import { flushed, RecordingSession } from '../core/recording-session.js';
import { makeCertificates } from '../support/certificates.js';
import { ManualClock } from '../support/manual-clock.js';
import { leaveSocketAt, SocketFolder } from '../support/sockets.js';

const chatHi = fromHex('0a00 0100 0400 6800 6900');
const chatHiFrom1 = '0e00020001000000040068006900';

const { authority, server: identity } = makeCertificates();

const loopback = { host: '127.0.0.1', port: 0 };

async function serving(options: Partial<ServerOptions>, work: (server: RunningServer) => Promise<void>): Promise<void> {
  const server = await startServer({ mode: 'echo', endPoint: loopback, ...options });
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

function join({ endPoint }: RunningServer): Promise<RecordingSession> {
  return new Connector().connect(endPoint, () => new RecordingSession());
}

/** One packet there and back. */
async function roundTrip(client: RecordingSession): Promise<void> {
  const before = client.packets.length;
  client.send(fromHex('0500 0100 aa'));
  await client.until(() => client.packets.length === before + 1);
  expect(client.packets.at(-1)).toBe('05000100aa');
}

describe('listening', () => {
  test.each(['127.0.0.1', '::1'])('on %s the system chooses the port', async (host) => {
    await serving({ endPoint: { host, port: 0 } }, async (server) => {
      expect(server.endPoint.host).toBe(host);
      expect(server.endPoint.port).toBeGreaterThan(0);
      await roundTrip(await join(server));
    });
  });

  test('a port in use is one clear sentence and its cure', async () => {
    await serving({}, async ({ endPoint }) => {
      await expect(startServer({ mode: 'chat', endPoint })).rejects.toMatchObject({
        name: 'SwarmError',
        code: 'port-in-use',
        message: `Port ${endPoint.port} of 127.0.0.1 is in use.`,
        hint: 'Stop what listens there, or choose another port; with port 0 the system chooses a free one.',
      });
    });
  });

  test('an address of another machine is refused', async () => {
    await expect(startServer({ mode: 'echo', endPoint: { host: '192.0.2.1', port: 0 } })).rejects.toMatchObject({
      code: 'host-unknown',
      message: '192.0.2.1 is not an address of this machine (EADDRNOTAVAIL).',
    });
  });
});

describe('listening on a Unix socket', () => {
  const folder = new SocketFolder();
  afterAll(() => folder[Symbol.dispose]());

  test('makes the socket, and takes it away in the end', async () => {
    const path = folder.path('s');
    await serving({ endPoint: { path } }, async (server) => {
      expect(server.endPoint).toEqual({ path });
      await roundTrip(await join(server));
    });
    expect(existsSync(path)).toBe(false);
  });

  test('takes over the socket that a killed server has left', async () => {
    const path = folder.path('stale');
    await leaveSocketAt(path);
    expect(existsSync(path)).toBe(true);
    await serving({ endPoint: { path } }, async (server) => roundTrip(await join(server)));
  });

  test('leaves a socket alone where a server answers, and says so', async () => {
    const path = folder.path('alive');
    await serving({ endPoint: { path } }, async (server) => {
      await expect(startServer({ mode: 'echo', endPoint: { path } })).rejects.toMatchObject({
        code: 'socket-in-use',
        message: `The socket ${path} is in use: a server answers there.`,
        hint: 'Stop that server, or choose another path.',
      });
      await roundTrip(await join(server));
    });
  });

  test('leaves a file alone that is no socket, and says so', async () => {
    const path = folder.path('notes.txt');
    writeFileSync(path, 'precious');
    await expect(startServer({ mode: 'echo', endPoint: { path } })).rejects.toMatchObject({
      code: 'socket-invalid',
      message: `${path} is there already, and is no socket.`,
    });
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  test('a folder that is not there, and a path that is too long, are clear sentences', async () => {
    const nowhere = folder.path('no/such/folder');
    await expect(startServer({ mode: 'echo', endPoint: { path: nowhere } })).rejects.toMatchObject({
      code: 'socket-forbidden',
      message: `The socket ${nowhere} cannot be made.`,
      hint: 'Its folder does not exist, or this user may not write there.',
    });
    const long = folder.path('s'.repeat(100));
    await expect(startServer({ mode: 'echo', endPoint: { path: long } })).rejects.toMatchObject({
      code: 'socket-invalid',
      message: `The path ${long} is too long for a socket.`,
    });
  });
});

describe('a bad session costs nobody else anything', () => {
  test('one that sends rubbish is ended, and counted', async () => {
    await serving({}, async (server) => {
      const good = await join(server);
      const bad = await join(server);
      bad.send(fromHex('0000 0100'));
      expect(await bad.disconnected()).toMatchObject({ cause: 'remote' });
      await roundTrip(good);
      expect(server.totals()).toMatchObject({
        disconnects: { protocol: 1 },
        protocolErrors: { 'size-below-header': 1 },
        sessions: { accepted: 2, current: 1, peak: 2 },
      });
    });
  });

  test('one that resets is counted as reset', async () => {
    await serving({}, async (server) => {
      const good = await join(server);
      const bad = connect(server.endPoint.port!, server.endPoint.host, () => bad.resetAndDestroy());
      await expect.poll(() => server.totals().disconnects).toEqual({ reset: 1 });
      await roundTrip(good);
    });
  });

  test('one that leaves inside a packet is counted', async () => {
    await serving({}, async (server) => {
      const bad = connect(server.endPoint.port!, server.endPoint.host, () => bad.end(fromHex('0600 01')));
      await expect.poll(() => server.totals().protocolErrors).toEqual({ 'unfinished-packet': 1 });
      expect(server.totals().disconnects).toEqual({ remote: 1 });
    });
  });

  test('one that never reads is cut off at its queue limit', async () => {
    await serving({ limits: { maxQueuedBytes: 100_000 } }, async (server) => {
      const good = await join(server);
      const bad = connect(server.endPoint.port!, server.endPoint.host);
      const isOver = new Promise((resolve) => bad.once('close', resolve));
      bad.on('error', () => {}); // the cut, seen from here
      const frame = Buffer.alloc(50_000);
      frame.writeUInt16LE(frame.length, 0);
      // What the system buffers on the way is its own choice, and less than this.
      for (let sent = 0; sent < 64e6; sent += frame.length) bad.write(frame);
      await isOver;
      await roundTrip(good);
      const { disconnects, refusedPackets, received, sent } = server.totals();
      expect(disconnects).toEqual({ queue: 1 });
      expect(refusedPackets).toBeGreaterThan(0);
      expect(sent.packets + refusedPackets).toBe(received.packets);
    });
  });
});

describe('closing', () => {
  test('hands over what waits for the flush, ends every session, and returns the totals', async () => {
    await serving({ mode: 'chat', flushMs: 3_600_000 }, async (server) => {
      const alice = await join(server);
      alice.send(chatHi);
      await expect.poll(() => server.totals().received.packets).toBe(1);
      const totals = await server.close();
      expect(alice.packets).toEqual([chatHiFrom1]);
      expect(await alice.disconnected()).toMatchObject({ cause: 'remote' });
      expect(totals).toEqual({
        mode: 'chat',
        sessions: { accepted: 1, current: 0, peak: 1 },
        received: { packets: 1, bytes: 10, byId: [{ id: 1, name: 'C_Chat', packets: 1 }] },
        sent: { packets: 1, bytes: 14, byId: [{ id: 2, name: 'S_Chat', packets: 1 }] },
        refusedPackets: 0,
        disconnects: { local: 1 },
        protocolErrors: {},
        acceptErrors: {},
        limits: {},
        faults: {},
      });
    });
  });

  test('cuts off a peer that does not close its side within a second', async () => {
    const clock = new ManualClock();
    await serving({ mode: 'sink', clock }, async (server) => {
      const stubborn = connect({ ...server.endPoint, allowHalfOpen: true });
      await expect.poll(() => server.totals().sessions.current).toBe(1);
      const closed = server.close();
      await flushed();
      clock.advance(999);
      expect(server.totals().sessions.current).toBe(1);
      clock.advance(1);
      expect((await closed).sessions.current).toBe(0);
      stubborn.destroy();
    });
  });

  test('does not wait for who still shakes hands', async () => {
    const limits = { handshakeTimeoutMs: Number.POSITIVE_INFINITY };
    await serving({ tls: identity, limits }, async (server) => {
      const raw = connect(server.endPoint.port!, server.endPoint.host).on('error', () => {}); // the cut, seen from here
      const isOver = new Promise((resolve) => raw.once('close', resolve).resume());
      await once(raw, 'connect');
      // They are accepted in the order in which they came.
      const tls = { ca: authority.cert };
      const client = await new Connector().connect(server.endPoint, () => new RecordingSession(), { tls });
      await roundTrip(client);
      const closed = server.close();
      const late = secured({ socket: raw, rejectUnauthorized: false }).on('error', () => {});
      expect(await closed).toMatchObject({ sessions: { accepted: 1, current: 0 }, acceptErrors: {} });
      expect(await client.disconnected()).toMatchObject({ cause: 'remote' });
      await isOver;
      late.destroy();
    });
  });

  test('frees the port, and twice is as good as once', async () => {
    await serving({}, async (server) => {
      const [first, second] = await Promise.all([server.close(), server.close()]);
      expect(second).toBe(first);
      await expect(join(server)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    });
  });
});

test('hundreds of connects at once are all accepted, and every packet is counted', async () => {
  await serving({}, async (server) => {
    const clients = await Promise.all(Array.from({ length: 400 }, () => join(server)));
    await Promise.all(clients.map(roundTrip));
    const { sessions, received, sent } = server.totals();
    expect(sessions).toEqual({ accepted: 400, current: 400, peak: 400 });
    expect(received).toEqual({ packets: 400, bytes: 2_000, byId: [{ id: 1, name: null, packets: 400 }] });
    expect(sent).toEqual(received);
    for (const client of clients) client.disconnect();
  });
});
