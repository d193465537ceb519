import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { LimitName } from '../../src/control/server-messages.js';
import { Connector } from '../../src/core/index.js';
import type { ServerLimits } from '../../src/server/limits.js';
import { startServer } from '../../src/server/server.js';
import { fromHex } from '../core/hex.js';
import { RecordingSession } from '../core/recording-session.js';
import { makeCertificates } from '../support/certificates.js';
import { Arena } from './arena.js';

const packet = fromHex('0500 0100 aa');

/** An arena whose watch looks at its sessions, as a server's does. */
function watchedArena(limits: Partial<ServerLimits>, mode: 'echo' | 'sink' | 'chat' = 'echo'): Arena {
  const arena = new Arena(mode, {}, limits);
  arena.context.watch.start();
  return arena;
}

test('who brings nothing and takes nothing is dropped, a second late at most', async () => {
  const arena = watchedArena({ idleTimeoutMs: 5_000 }, 'sink');
  const client = await arena.connect();
  await arena.advance(2_500);
  client.send(packet);
  await arena.advance(7_400); // the look at 8 s is the fifth without a packet
  expect(client.connected).toBe(false);
  expect(arena.totals()).toMatchObject({ limits: { 'idle-timeout': 1 }, disconnects: { local: 1 } });
});

test.each([
  { idleTimeoutMs: 1_000, latestMs: 1_200 },
  { idleTimeoutMs: 300, latestMs: 350 },
  { idleTimeoutMs: 1_300, latestMs: 1_560 },
  { idleTimeoutMs: 5_500, latestMs: 6_500 },
  { idleTimeoutMs: 9_501, latestMs: 10_501 },
  { idleTimeoutMs: 100, latestMs: 120 },
  { idleTimeoutMs: 55, latestMs: 75 },
  { idleTimeoutMs: 7, latestMs: 27 },
  { idleTimeoutMs: 1, latestMs: 21 },
])('whoever connects has the whole of $idleTimeoutMs ms, and little more', async ({ idleTimeoutMs, latestMs }) => {
  for (const joinedMs of [1, 10, 150, 340, 501, 990]) {
    const arena = watchedArena({ idleTimeoutMs }, 'sink');
    await arena.advance(joinedMs);
    const client = await arena.connect();
    await arena.advance(idleTimeoutMs - 1);
    expect(client.connected, `joined at ${joinedMs} ms`).toBe(true);
    await arena.advance(latestMs - idleTimeoutMs + 1);
    expect(client.connected, `joined at ${joinedMs} ms`).toBe(false);
  }
});

test.each([
  [10_000, 1_000],
  [3_600_000, 1_000],
  [61_234, 500],
  [Number.POSITIVE_INFINITY, 1_000],
])('an idle timeout of %d ms costs a look every %d ms', (idleTimeoutMs, periodMs) => {
  const arena = watchedArena({ idleTimeoutMs }, 'sink');
  expect(arena.clock.nextDueUs).toBe(periodMs * 1000);
});

test('while the server is busy, nobody grows idle', async () => {
  const arena = watchedArena({ idleTimeoutMs: 3_000 }, 'sink');
  const client = await arena.connect();
  await arena.advance(1_000);
  arena.clock.block(10_000);
  client.send(packet);
  await arena.advance(0);
  await arena.advance(2_000);
  expect(client.connected).toBe(true);
});

test('a packet, brought or taken, is a sign of life; a part of one is none', async () => {
  const arena = watchedArena({ idleTimeoutMs: 2_000 }, 'chat');
  const talker = await arena.connect();
  const listener = await arena.connect();
  for (let second = 0; second < 5; second++) {
    talker.send(fromHex('0600 0100 0000'));
    await arena.settle();
    await arena.advance(250);
    await arena.advance(750);
  }
  expect([talker.connected, listener.connected]).toEqual([true, true]);
  const dribbler = await arena.connect();
  talker.disconnect();
  await arena.advance(250);
  for (let second = 0; second < 4; second++) {
    dribbler.send(fromHex('ff'));
    await arena.advance(1_000);
  }
  expect([dribbler.connected, listener.connected]).toEqual([false, false]);
  expect(arena.totals().limits).toEqual({ 'idle-timeout': 2 });
});

test('a session may bring so many packets in each second, and is dropped with the next', async () => {
  const arena = watchedArena({ maxPacketsPerSec: 10 });
  const client = await arena.connect();
  const bring = async (count: number): Promise<void> => {
    client.send(Array.from({ length: count }, () => packet));
    await arena.settle();
  };
  await bring(10);
  await arena.advance(1_000);
  await bring(6);
  await bring(4);
  expect(client.connected).toBe(true);
  await bring(1);
  expect(client.connected).toBe(false);
  expect(arena.totals()).toMatchObject({ limits: { 'max-packet-rate': 1 }, received: { packets: 21 } });
});

test('a second is a second, however often idle sessions are looked for', async () => {
  const arena = watchedArena({ maxPacketsPerSec: 10, idleTimeoutMs: 500 });
  const client = await arena.connect();
  for (const packets of [5, 5, 1]) {
    client.send(Array.from({ length: packets }, () => packet));
    await arena.advance(300);
  }
  expect(client.connected).toBe(false);
  expect(arena.totals().limits).toEqual({ 'max-packet-rate': 1 });
});

test('after a server was busy for three seconds, what came in three is no flood', async () => {
  const arena = watchedArena({ maxPacketsPerSec: 10 });
  const client = await arena.connect();
  arena.clock.block(3_000);
  await arena.advance(0);
  client.send(Array.from({ length: 30 }, () => packet));
  await arena.settle();
  expect(client.connected).toBe(true);
});

test('a packet beyond the limit ends its session, one at the limit does not', async () => {
  const server = await startServer({
    mode: 'echo',
    endPoint: { host: '127.0.0.1', port: 0 },
    limits: { maxPacketBytes: 5 },
  });
  const client = await new Connector().connect(server.endPoint, () => new RecordingSession());
  client.send(packet);
  await client.until(() => client.packets.length === 1);
  client.send(fromHex('0600 0100 aabb'));
  await client.disconnected();
  expect(await server.close()).toMatchObject({
    protocolErrors: { 'packet-too-large': 1 },
    limits: { 'max-packet': 1 },
  });
});

test('one connection too many is closed at once, the others stay, and a place that is free again is given away', async () => {
  const met: LimitName[] = [];
  const server = await startServer({
    mode: 'echo',
    endPoint: { host: '127.0.0.1', port: 0 },
    limits: { maxConnections: 1 },
    onLimit: (limit) => met.push(limit),
  });
  const join = (): Promise<RecordingSession> => new Connector().connect(server.endPoint, () => new RecordingSession());
  const first = await join();
  const second = await join();
  expect(await second.disconnected()).toMatchObject({ cause: 'remote' });
  first.send(packet);
  await first.until(() => first.packets.length === 1);
  expect(met).toEqual(['max-connections']);
  first.end();
  await expect.poll(() => server.totals().sessions.current).toBe(0);
  const third = await join();
  third.send(packet);
  await third.until(() => third.packets.length === 1);
  expect(await server.close()).toMatchObject({
    sessions: { accepted: 2 },
    acceptErrors: { 'max-connections': 1 },
    limits: { 'max-connections': 1 },
  });
});

test('a handshake that never comes is given up', async () => {
  const server = await startServer({
    mode: 'echo',
    endPoint: { host: '127.0.0.1', port: 0 },
    tls: makeCertificates().server,
    limits: { handshakeTimeoutMs: 50 },
  });
  const silent = connect(server.endPoint.port!, server.endPoint.host);
  await new Promise((resolve) => silent.once('close', resolve).resume());
  expect(await server.close()).toMatchObject({
    sessions: { accepted: 0 },
    acceptErrors: { ERR_TLS_HANDSHAKE_TIMEOUT: 1 },
    limits: { 'handshake-timeout': 1 },
  });
});
