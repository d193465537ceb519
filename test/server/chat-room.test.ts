import { expect, test } from 'vitest';
import { fromHex } from '../core/hex.js';
import { Arena } from './arena.js';

// [size][id][length]text
const chatHi = fromHex('0a00 0100 0400 6800 6900');
/** [size][id][playerId][length]text */
const chatHiFrom = { 1: '0e00020001000000040068006900', 2: '0e00020002000000040068006900' };

test('a chat comes back to everyone in the room, the sender too', async () => {
  const arena = new Arena('chat');
  const alice = await arena.connect();
  const bob = await arena.connect();
  alice.send(chatHi);
  await arena.settle();
  await arena.advance(250);
  expect(alice.packets).toEqual([chatHiFrom[1]]);
  expect(bob.packets).toEqual([chatHiFrom[1]]);
});

test('a chat waits for the flush, and no longer', async () => {
  const arena = new Arena('chat');
  const alice = await arena.connect();
  await arena.advance(100);
  alice.send(chatHi);
  await arena.settle();
  await arena.advance(149);
  expect(alice.packets).toEqual([]);
  await arena.advance(1);
  expect(alice.packets).toEqual([chatHiFrom[1]]);
});

test('the flush ticks on while nobody says anything', async () => {
  const arena = new Arena('chat');
  const alice = await arena.connect();
  await arena.advance(10_000);
  alice.send(chatHi);
  await arena.settle();
  await arena.advance(250);
  expect(alice.packets).toEqual([chatHiFrom[1]]);
});

test('all chats of one flush arrive in one receive, in the order they were said', async () => {
  const arena = new Arena('chat');
  const alice = await arena.connect();
  const bob = await arena.connect();
  alice.send([chatHi, chatHi]);
  await arena.settle();
  bob.send(chatHi);
  await arena.settle();
  await arena.advance(250);
  expect(bob.packets).toEqual([chatHiFrom[1], chatHiFrom[1], chatHiFrom[2]]);
  expect(bob.batches).toEqual([{ packets: 3, bytes: 42 }]);
});

test('a broadcast of one packet to n sessions counts as n packets sent', async () => {
  const arena = new Arena('chat');
  const alice = await arena.connect();
  await arena.connect();
  await arena.connect();
  alice.send([chatHi, chatHi]);
  await arena.settle();
  await arena.advance(250);
  const { received, sent, refusedPackets } = arena.totals();
  expect(received).toEqual({ packets: 2, bytes: 20, byId: [{ id: 1, name: 'C_Chat', packets: 2 }] });
  expect(sent).toEqual({ packets: 6, bytes: 84, byId: [{ id: 2, name: 'S_Chat', packets: 6 }] });
  expect(refusedPackets).toBe(0);
});

test('who has left gets nothing, and is not counted', async () => {
  const arena = new Arena('chat');
  const alice = await arena.connect();
  const bob = await arena.connect();
  alice.send(chatHi);
  bob.disconnect();
  await arena.settle();
  await arena.advance(250);
  expect(bob.packets).toEqual([]);
  expect(arena.totals().sent.packets).toBe(1);
  expect(arena.totals().sessions).toEqual({ accepted: 2, current: 1, peak: 2 });
});

test('an empty chat is a chat', async () => {
  const arena = new Arena('chat');
  const alice = await arena.connect();
  alice.send(fromHex('0600 0100 0000'));
  await arena.settle();
  await arena.advance(250);
  expect(alice.packets).toEqual(['0a000200010000000000']);
});

test.each([
  ['a packet that only the server sends', '0a00 0200 01000000 0000', 'unknown-packet'],
  ['a text longer than its packet', '0800 0100 0400 6800', 'truncated'],
  ['bytes behind the last field', '0700 0100 0000 00', 'trailing-bytes'],
  ['a size of zero', '0000 0100', 'size-below-header'],
])('%s ends its session as a protocol error, and nobody else hears of it', async (_name, hex, code) => {
  const arena = new Arena('chat');
  const mallory = await arena.connect();
  const bob = await arena.connect();
  mallory.send(fromHex(hex));
  await arena.settle();
  bob.send(chatHi);
  await arena.settle();
  await arena.advance(250);
  expect(mallory.connected).toBe(false);
  expect(bob.packets).toEqual([chatHiFrom[2]]);
  expect(arena.totals()).toMatchObject({ disconnects: { protocol: 1 }, protocolErrors: { [code]: 1 } });
});

test('a chat that would not fit an S_Chat ends its session instead of wrapping the size', async () => {
  const arena = new Arena('chat');
  const mallory = await arena.connect();
  const bob = await arena.connect();
  const text = new Uint8Array(65_528); // an S_Chat holds 65,524 bytes of text
  mallory.send([fromHex('feff 0100 f8ff'), text], 1);
  bob.send(chatHi);
  await arena.settle();
  await arena.advance(250);
  expect(bob.packets).toEqual([chatHiFrom[2]]);
  expect(arena.totals().protocolErrors).toEqual({ 'chat-too-long': 1 });
});

test('the longest chat that fits is passed on whole', async () => {
  const arena = new Arena('chat');
  const alice = await arena.connect();
  alice.send([fromHex('faff 0100 f4ff'), new Uint8Array(65_524)], 1);
  await arena.settle();
  await arena.advance(250);
  expect(alice.packets.map((packet) => packet.length / 2)).toEqual([65_534]);
});

test('a session that never reads is disconnected at its queue limit; the others get every packet', async () => {
  const arena = new Arena('chat', { maxQueuedBytes: 100_000 });
  const slow = await arena.connect();
  const bob = await arena.connect();
  slow.pause();
  // Of 60,008 bytes each, the first waits at the reader, the second in the write under way; the third exceeds the limit.
  for (let flush = 1; flush <= 3; flush++) {
    bob.send([fromHex('64ea 0100 5eea'), new Uint8Array(59_998)], 1);
    await arena.settle();
    await arena.advance(250);
    expect(bob.packets).toHaveLength(flush);
  }
  expect(arena.totals()).toMatchObject({
    disconnects: { queue: 1 },
    limits: { 'max-queued': 1 },
    refusedPackets: 1,
    sent: { packets: 5, bytes: 5 * 60_008 },
    sessions: { current: 1 },
  });
});
