import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../core/hex.js';
import { Arena } from './arena.js';

test('echo sends all frames of one receive back in one write, whatever their ids', async () => {
  const arena = new Arena('echo');
  const client = await arena.connect();
  client.send(fromHex('0600 0700 abcd  0400 ffff  0500 0000 01'), 3);
  await arena.settle();
  expect(client.packets).toEqual(['06000700abcd', '0400ffff', '0500000001']);
  expect(client.batches).toEqual([{ packets: 3, bytes: 15 }]);
  const byId = [0, 7, 65_535].map((id) => ({ id, name: null, packets: 1 }));
  expect(arena.totals()).toMatchObject({
    received: { packets: 3, bytes: 15, byId },
    sent: { packets: 3, bytes: 15, byId },
  });
});

test('echo gives back every stream of frames as it came, however it was cut', async () => {
  const frames = fc.array(fc.tuple(fc.nat(65_535), fc.uint8Array({ maxLength: 300 })), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(frames, fc.array(fc.nat(), { maxLength: 6 }), async (packets, cuts) => {
      const stream = Buffer.concat(packets.map(([id, body]) => frame(id, body)));
      const arena = new Arena('echo');
      const client = await arena.connect({ kind: 'raw' });
      const at = [0, ...cuts.map((cut) => cut % stream.length).sort((a, b) => a - b), stream.length];
      for (let piece = 1; piece < at.length; piece++) {
        client.send(stream.subarray(at[piece - 1], at[piece]));
        await arena.settle();
      }
      expect(client.packets.join('')).toBe(toHex(stream));
      expect(arena.totals().sent).toEqual(arena.totals().received);
      expect(arena.totals().sent).toMatchObject({ packets: packets.length, bytes: stream.length });
    }),
    { numRuns: 50 },
  );
});

test('a peer that echo cannot get rid of its frames to is disconnected, and they count as refused', async () => {
  const arena = new Arena('echo', { maxQueuedBytes: 11 });
  const client = await arena.connect();
  client.send(fromHex('0600 0700 abcd  0600 0700 abcd'), 2);
  await arena.settle();
  expect(client.reason?.cause).toBe('remote');
  expect(arena.totals()).toMatchObject({
    received: { packets: 2, bytes: 12 },
    sent: { packets: 0, bytes: 0, byId: [] },
    refusedPackets: 2,
    disconnects: { queue: 1 },
  });
});

test('sink counts what it reads and answers nothing', async () => {
  const arena = new Arena('sink');
  const client = await arena.connect();
  client.send(fromHex('0600 0700 abcd  0400 0800  0600 0700 abcd'), 3);
  await arena.settle();
  expect(client.packets).toEqual([]);
  expect(arena.totals()).toMatchObject({
    received: {
      packets: 3,
      bytes: 16,
      byId: [
        { id: 7, name: null, packets: 2 },
        { id: 8, name: null, packets: 1 },
      ],
    },
    sent: { packets: 0, bytes: 0 },
  });
});

test('hello greets, hears the five greetings of the first lecture, and disconnects after a second', async () => {
  const arena = new Arena('hello');
  const client = await arena.connect({ kind: 'raw' });
  expect(client.packets).toEqual([toHex(Buffer.from('Welcome to MMORPG Server!'))]);
  client.send([0, 1, 2, 3, 4].map((index) => Buffer.from(`Hello World!${index}`)));
  await arena.settle();
  await arena.advance(999);
  expect(client.connected).toBe(true);
  await arena.advance(1);
  expect(client.reason?.cause).toBe('remote');
  expect(arena.totals()).toMatchObject({
    received: { bytes: 65 },
    sent: { packets: 1, bytes: 25, byId: [{ id: -1, name: null, packets: 1 }] },
    disconnects: { local: 1 },
  });
});

test('a greeting that is refused has not been sent, and its session leaves nothing behind', async () => {
  const arena = new Arena('hello', { maxQueuedBytes: 10 });
  const client = await arena.connect({ kind: 'raw' });
  expect(client.reason?.cause).toBe('remote');
  expect(client.packets).toEqual([]);
  expect(arena.totals()).toMatchObject({
    sent: { packets: 0, bytes: 0, byId: [] },
    refusedPackets: 1,
    disconnects: { queue: 1 },
    sessions: { accepted: 1, current: 0 },
  });
  expect(arena.clock.waiting).toBe(0);
});

test('hello forgets a client that left before its second was over', async () => {
  const arena = new Arena('hello');
  const client = await arena.connect({ kind: 'raw' });
  client.disconnect();
  await arena.settle();
  expect(arena.clock.waiting).toBe(0);
  expect(arena.totals()).toMatchObject({ sessions: { accepted: 1, current: 0, peak: 1 }, disconnects: { remote: 1 } });
});

function frame(id: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(4 + body.length, 0);
  header.writeUInt16LE(id, 2);
  return Buffer.concat([header, body]);
}
