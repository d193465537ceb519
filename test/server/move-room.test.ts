import { expect, test } from 'vitest';
import { serverCoreFraming } from '../../src/core/index.js';
import { MoveRoom } from '../../src/server/move-room.js';
import type { ServerContext } from '../../src/server/service.js';
import { fromHex } from '../core/hex.js';
import { Arena } from './arena.js';

// 1.0, 2.0 and 3.0 as floats are 0000803f, 00000040 and 00004040.
const moveTo123 = fromHex('1000 0500 0000803f 00000040 00004040');
const leaveGame = fromHex('0400 0200');
const origin = '000000000000000000000000';
const at123 = '0000803f0000004000004040';

test('who enters gets the player list at once, with itself in it, and everyone hears of it at the flush', async () => {
  const arena = new Arena('move');
  const alice = await arena.connect();
  // [size][id][count] then isSelf, playerId and position of each
  expect(alice.packets).toEqual([`170004000100${'01'}01000000${origin}`]);
  await arena.advance(250);
  expect(alice.packets.slice(1)).toEqual([`1400010001000000${origin}`]);

  const bob = await arena.connect();
  expect(bob.packets).toEqual([`280004000200${'00'}01000000${origin}${'01'}02000000${origin}`]);
  await arena.advance(250);
  expect(bob.packets.slice(1)).toEqual([`1400010002000000${origin}`]);
  expect(alice.packets.slice(2)).toEqual([`1400010002000000${origin}`]);
});

test('a move goes to everyone, the mover too', async () => {
  const arena = new Arena('move');
  const alice = await arena.connect();
  const bob = await arena.connect();
  await arena.advance(250);
  alice.send(moveTo123);
  await arena.settle();
  await arena.advance(250);
  expect(alice.packets.at(-1)).toBe(`1400060001000000${at123}`);
  expect(bob.packets.at(-1)).toBe(`1400060001000000${at123}`);
});

test('who enters later finds the others where they have moved to', async () => {
  const arena = new Arena('move');
  const alice = await arena.connect();
  alice.send(moveTo123);
  await arena.settle();
  const bob = await arena.connect();
  expect(bob.packets).toEqual([`280004000200${'00'}01000000${at123}${'01'}02000000${origin}`]);
});

test('who leaves the game stays connected, hears nothing more, and cannot move', async () => {
  const arena = new Arena('move');
  const alice = await arena.connect();
  const bob = await arena.connect();
  await arena.advance(250);
  const heard = alice.packets.length;
  alice.send([leaveGame, moveTo123]);
  await arena.settle();
  await arena.advance(250);
  expect(bob.packets.at(-1)).toBe('0800030001000000');
  expect(alice.packets).toHaveLength(heard);
  expect(alice.connected).toBe(true);
});

test('a disconnect is a leave, and a leave is told once', async () => {
  const arena = new Arena('move');
  const alice = await arena.connect();
  const bob = await arena.connect();
  const carol = await arena.connect();
  await arena.advance(250);
  alice.send(leaveGame);
  await arena.settle();
  alice.disconnect();
  bob.disconnect();
  await arena.settle();
  await arena.advance(250);
  expect(carol.packets.slice(-2)).toEqual(['0800030001000000', '0800030002000000']);
  expect(arena.totals().sent.byId.find(({ id }) => id === 3)).toEqual({
    id: 3,
    name: 'S_BroadcastLeaveGame',
    packets: 2,
  });
});

test('a room of more players than one packet can name sends several lists', async () => {
  const arena = new Arena('move');
  const room = new CrowdedRoom(arena.context);
  const last = await arena.connect(serverCoreFraming, room);
  // One S_PlayerList holds 3,854 players: 6 + 17 × 3,854 = 65,524 bytes.
  expect(last.packets.map((packet) => packet.slice(0, 12))).toEqual(['f4ff04000e0f', '170004000100']);
  expect(last.packets[1]).toBe(`170004000100${'01'}01000000${origin}`);
});

/** A room that 3,854 players entered without being told of each other, which would take seconds. */
class CrowdedRoom extends MoveRoom {
  constructor(context: ServerContext) {
    super(context);
    for (let player = 1; player <= 3_854; player++) this.sessions.add(this.createSession());
  }
}
