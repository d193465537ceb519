import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { ServerMode } from '../../src/control/server-messages.js';
import {
  Connector,
  createTransportPair,
  type Session,
  serverCoreFraming,
  type Transport,
} from '../../src/core/index.js';
import { parseServerFault } from '../../src/scenario/server-faults.js';
import { FaultyListener } from '../../src/server/faults/faulty-listener.js';
import { startServer } from '../../src/server/server.js';
import { fromHex, toHex } from '../core/hex.js';
import { RecordingSession } from '../core/recording-session.js';
import { ManualClock } from '../support/manual-clock.js';
import { Arena } from './arena.js';

/** A listener without a network: connections are made in memory. */
class Door extends FaultyListener {
  override start(session: Session, transport: Transport): void {
    super.start(session, transport);
  }
}

/** A service with faults, whose sessions are joined to the test's in memory. */
class FaultyArena {
  readonly arena: Arena;
  readonly died: number[] = [];
  readonly #door: Door;

  constructor(faults: readonly string[], { seed = 1, mode = 'echo' }: { seed?: number; mode?: ServerMode } = {}) {
    this.arena = new Arena(mode, {}, {}, { hasFaults: true });
    const { clock, counters } = this.arena.context;
    this.#door = new Door({
      faults: faults.map(parseServerFault),
      seed,
      framing: serverCoreFraming,
      clock,
      onStruck: (kind) => counters.faultStruck(kind),
      passed: counters.passed,
      die: () => this.died.push(clock.nowUs() / 1000),
    });
  }

  async connect(): Promise<RecordingSession> {
    const { clock } = this.arena;
    const client = new RecordingSession();
    const [near, far] = createTransportPair({ clock });
    this.#door.start(this.arena.createSession(), far);
    client.start(near);
    await this.arena.settle();
    return client;
  }

  get faults(): Readonly<Record<string, number>> {
    return this.arena.totals().faults;
  }
}

/** A packet with this number in its two bytes. */
function numbered(n: number): Uint8Array {
  return Uint8Array.of(6, 0, 1, 0, n % 256, n >> 8);
}

/** Sends packets 0 to count − 1, one at a time. */
async function ask(echo: FaultyArena, client: RecordingSession, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await say(echo, client, n);
}

/** Sends packets with these numbers at once; they arrive while time stands still. */
async function say(echo: FaultyArena, client: RecordingSession, ...numbers: readonly number[]): Promise<void> {
  client.send(numbers.map(numbered));
  await echo.arena.settle();
}

function numbersOf(client: RecordingSession): number[] {
  return client.packets.map((hex) => Buffer.from(hex, 'hex').readUInt16LE(4));
}

describe('a delay', () => {
  test('holds each reply for so long, however many are under way', async () => {
    const echo = new FaultyArena(['delay 50ms']);
    const client = await echo.connect();
    await say(echo, client, 1);
    await echo.arena.advance(30);
    await say(echo, client, 2);
    await echo.arena.advance(19);
    expect(numbersOf(client)).toEqual([]);
    await echo.arena.advance(1);
    expect(numbersOf(client)).toEqual([1]);
    await echo.arena.advance(29);
    expect(numbersOf(client)).toEqual([1]);
    await echo.arena.advance(1);
    expect(numbersOf(client)).toEqual([1, 2]);
    expect(echo.faults).toEqual({ delay: 2 });
  });

  test('keeps the order of replies, and loses none', async () => {
    const echo = new FaultyArena(['delay exponential(20ms)', 'delay 300ms 10%']);
    const client = await echo.connect();
    for (let n = 0; n < 200; n++) {
      await say(echo, client, n);
      await echo.arena.advance(1);
    }
    expect(client.packets.length).toBeLessThan(200);
    await echo.arena.advance(1_000);
    expect(numbersOf(client)).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(echo.faults.delay).toBeGreaterThan(200);
  });

  test('does not delay the end of a session for longer than its end may take', async () => {
    const echo = new FaultyArena(['delay 1h']);
    const client = await echo.connect();
    await ask(echo, client, 1);
    const ended = echo.arena.context.sessions.endAll();
    await echo.arena.advance(5_000);
    await ended;
    expect(client.packets).toEqual([]);
    expect(client.connected).toBe(false);
  });
});

test('a stall holds every reply until it is over; stalls count from the first connection', async () => {
  const echo = new FaultyArena(['stall 300ms every 1s']);
  await echo.arena.advance(700);
  const clients = [await echo.connect(), await echo.connect()];
  for (const client of clients) await say(echo, client, 1);
  await echo.arena.advance(1_100);
  for (const client of clients) await say(echo, client, 2);
  await echo.arena.advance(199);
  expect(clients.map(numbersOf)).toEqual([[1], [1]]);
  await echo.arena.advance(1);
  expect(clients.map(numbersOf)).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(echo.faults).toEqual({ stall: 2 });
});

test('a delay that ends within a stall lasts as long as the stall', async () => {
  const echo = new FaultyArena(['stall 300ms every 1s', 'delay 200ms']);
  const client = await echo.connect();
  await echo.arena.advance(900);
  await say(echo, client, 1);
  await echo.arena.advance(399);
  expect(numbersOf(client)).toEqual([]);
  await echo.arena.advance(1);
  expect(numbersOf(client)).toEqual([1]);
});

test('dropped replies are as many as are missing, the same for the same seed', async () => {
  const heard = async (seed: number): Promise<number[]> => {
    const echo = new FaultyArena(['drop 20%'], { seed });
    const client = await echo.connect();
    await ask(echo, client, 300);
    expect(client.packets.length + echo.faults.drop!).toBe(300);
    expect(echo.arena.totals().sent.packets).toBe(client.packets.length);
    return numbersOf(client);
  };
  const first = await heard(1);
  expect(first.length).toBeGreaterThan(200);
  expect(first.length).toBeLessThan(280);
  expect(await heard(1)).toEqual(first);
  expect(await heard(2)).not.toEqual(first);
});

test('packets of one receive are struck one by one', async () => {
  const echo = new FaultyArena(['drop 50%']);
  const client = await echo.connect();
  await say(echo, client, ...Array.from({ length: 100 }, (_, n) => n));
  expect(client.packets.length + echo.faults.drop!).toBe(100);
  expect(numbersOf(client)).toEqual(numbersOf(client).toSorted((a, b) => a - b));
});

test('rubbish has the header of the reply, and nothing else of it', async () => {
  const echo = new FaultyArena(['rubbish 100%']);
  const client = await echo.connect();
  const body = new Uint8Array(60);
  client.send([fromHex('4000 0700'), body], 1);
  await echo.arena.settle();
  expect(client.packets[0]).toMatch(/^40000700/);
  expect(client.packets[0]).not.toContain(toHex(body.subarray(0, 30)));
  expect(echo.faults).toEqual({ rubbish: 1 });
});

test('a fault of one session’s copy of a broadcast leaves the others as they are', async () => {
  const room = new FaultyArena(['rubbish 50%'], { mode: 'chat' });
  const clients: RecordingSession[] = [];
  for (let i = 0; i < 8; i++) clients.push(await room.connect());
  clients[0]!.send(fromHex('0a00 0100 0400 6800 6900'));
  await room.arena.settle();
  await room.arena.advance(250);
  const intact = clients.filter(({ packets }) => packets[0] === '0e00020001000000040068006900');
  expect(intact.length + room.faults.rubbish!).toBe(8);
  expect(intact.length).toBeGreaterThan(0);
  expect(room.faults.rubbish).toBeGreaterThan(0);
});

test.each([
  ['bad-size 100%', { cause: 'protocol', code: 'size-below-header' }],
  ['bad-size 3 100%', { cause: 'protocol', code: 'size-below-header' }],
])('%s is a protocol error to the client', async (fault, reason) => {
  const echo = new FaultyArena([fault]);
  const client = await echo.connect();
  await ask(echo, client, 1);
  expect(client.reason).toMatchObject(reason);
});

test('a size beyond the packet leaves the client waiting inside it', async () => {
  const echo = new FaultyArena(['bad-size 65535 100%']);
  const client = await echo.connect();
  await ask(echo, client, 3);
  expect(client.packets).toEqual([]);
  expect(client.unconsumedBytes).toBe(18);
});

describe('an end', () => {
  test.each([
    ['close-after 3', 'remote'],
    ['reset-after 3', 'reset'],
  ])('%s comes behind three replies, in place of the fourth', async (fault, cause) => {
    const echo = new FaultyArena([fault]);
    const client = await echo.connect();
    await ask(echo, client, 5);
    expect(numbersOf(client)).toEqual([0, 1, 2]);
    expect(client.reason).toMatchObject({ cause });
    expect(echo.arena.totals()).toMatchObject({
      faults: { [parseServerFault(fault).kind]: 1 },
      disconnects: { local: 1 },
      sent: { packets: 3, bytes: 18, byId: [{ id: 1, packets: 3 }] },
      sessions: { current: 0 },
    });
  });

  test('waits for the replies before it that are late', async () => {
    const echo = new FaultyArena(['delay 50ms', 'close-after 1']);
    const client = await echo.connect();
    await say(echo, client, 1, 2, 3);
    await echo.arena.advance(49);
    expect(client.connected).toBe(true);
    await echo.arena.advance(1);
    expect(numbersOf(client)).toEqual([1]);
    expect(client.reason).toMatchObject({ cause: 'remote' });
  });

  test.each(['close 20%', 'reset 20%'])('%s strikes each session for itself', async (fault) => {
    const echo = new FaultyArena([fault]);
    const lasted: number[] = [];
    for (let i = 0; i < 10; i++) {
      const client = await echo.connect();
      await ask(echo, client, 100);
      expect(client.connected).toBe(false);
      lasted.push(client.packets.length);
    }
    expect(new Set(lasted).size).toBeGreaterThan(3);
  });
});

test('who is never read hears nothing, and is disconnected with the others in the end', async () => {
  const echo = new FaultyArena(['never-read']);
  const client = await echo.connect();
  await ask(echo, client, 2);
  expect(echo.arena.totals()).toMatchObject({ received: { packets: 0 }, faults: { 'never-read': 1 } });
  const ended = echo.arena.context.sessions.endAll();
  await echo.arena.advance(5_000);
  await ended;
  expect(client.connected).toBe(false);
});

test('connections wait until it is their turn, and what they sent meanwhile is read then', async () => {
  const echo = new FaultyArena(['accept-slowly 2/s']);
  const clients = [await echo.connect(), await echo.connect(), await echo.connect()];
  for (const client of clients) await say(echo, client, 7);
  const heard = (): number => clients.filter(({ packets }) => packets.length === 1).length;
  expect(heard()).toBe(1);
  await echo.arena.advance(500);
  expect(heard()).toBe(2);
  await echo.arena.advance(499);
  expect(heard()).toBe(2);
  await echo.arena.advance(1);
  expect(heard()).toBe(3);
  expect(echo.faults).toEqual({ 'accept-slowly': 2 });
});

test.each([
  ['resets', 'reset', (socket: Socket) => socket.resetAndDestroy()],
  ['leaves', 'remote', (socket: Socket) => socket.end()],
])('who %s while it waits is no session any more once its turn has come', async (_does, cause, leave) => {
  const clock = new ManualClock();
  const server = await startServer({
    mode: 'echo',
    endPoint: { host: '127.0.0.1', port: 0 },
    clock,
    faults: [parseServerFault('accept-slowly 2/s')],
  });
  const patient = await new Connector().connect(server.endPoint, () => new RecordingSession());
  const waiting = [1, 2, 3].map(() => connect(server.endPoint.port!, server.endPoint.host).resume());
  await expect.poll(() => server.totals().faults).toEqual({ 'accept-slowly': 3 });
  for (const socket of waiting) leave(socket);
  // What came before a packet is known when its answer is here; a second one, because one poll may bring both.
  for (const count of [1, 2]) {
    patient.send(numbered(count));
    await patient.until(() => patient.packets.length === count);
  }
  clock.advance(1_500);
  await expect.poll(() => server.totals().sessions).toEqual({ accepted: 4, current: 1, peak: expect.any(Number) });
  expect(server.totals().disconnects).toEqual({ [cause]: 3 });
  patient.disconnect();
  await server.close();
});

test('death comes once, so long after the first connection', async () => {
  const echo = new FaultyArena(['die-after 10s', 'die-after 3s']);
  await echo.arena.advance(60_000);
  expect(echo.died).toEqual([]);
  await echo.connect();
  await echo.arena.advance(1_000);
  await echo.connect();
  await echo.arena.advance(60_000);
  expect(echo.died).toEqual([63_000]);
});

test('who does not read meets the limit of what may wait, with faults too', async () => {
  const server = await startServer({
    mode: 'echo',
    endPoint: { host: '127.0.0.1', port: 0 },
    limits: { maxQueuedBytes: 100_000 },
    faults: [parseServerFault('delay 1ms')],
  });
  const bad = connect(server.endPoint.port!, server.endPoint.host).on('error', () => {}); // the cut, seen from here
  const isOver = new Promise((resolve) => bad.once('close', resolve));
  const frame = Buffer.alloc(50_000);
  frame.writeUInt16LE(frame.length, 0);
  // What the system buffers on the way is its own choice, and less than this.
  for (let sent = 0; sent < 64e6; sent += frame.length) bad.write(frame);
  await isOver;
  expect(await server.close()).toMatchObject({ limits: { 'max-queued': 1 }, disconnects: { queue: 1 } });
});

test('a server that closes turns away who waits to be accepted, and dies no more', async () => {
  const server = await startServer({
    mode: 'echo',
    endPoint: { host: '127.0.0.1', port: 0 },
    faults: ['accept-slowly 1/h', 'die-after 24h'].map(parseServerFault),
    die: () => expect.unreachable(),
  });
  const sockets = [1, 2].map(() => connect(server.endPoint.port!, server.endPoint.host).resume());
  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  await expect.poll(() => server.totals().faults).toEqual({ 'accept-slowly': 1 });
  expect(await server.close()).toMatchObject({ sessions: { accepted: 1, current: 0 } });
  await closed;
});

test('without frames, each write is a reply, and there is no size to be wrong', async () => {
  const server = await startServer({
    mode: 'hello',
    endPoint: { host: '127.0.0.1', port: 0 },
    faults: ['bad-size 100%', 'rubbish 100%'].map(parseServerFault),
  });
  const socket = connect(server.endPoint.port!, server.endPoint.host);
  const greeting = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  socket.destroy();
  expect(greeting).toHaveLength('Welcome to MMORPG Server!'.length);
  expect(greeting.toString()).not.toBe('Welcome to MMORPG Server!');
  expect((await server.close()).faults).toEqual({ rubbish: 1 });
});
