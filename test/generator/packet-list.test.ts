import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serverCoreFraming } from '../../src/core/index.js';
import { listPackets, renderPacketList } from '../../src/generator/packet-list.js';
import { type PacketSet, parsePdl, readProto } from '../../src/packets/index.js';
import { presets } from '../../src/scenario/framing-presets.js';
import { readPacketFile } from '../../src/scenario/packet-sources.js';
import { protoFiles } from '../packets/proto-files.js';

const file = 'test/packets/vectors/pdl.xml';
const list = (packets: PacketSet, framing = serverCoreFraming) =>
  listPackets({ send: framing, receive: framing, packets });
const lines = (packets: PacketSet) => renderPacketList(list(packets)).split('\n');

describe('the list', () => {
  it('has packets by id, with lists in brackets and the least size where sizes vary', () => {
    const ids = { C_Empty: 40 };
    expect(lines(parsePdl(readFileSync(file, 'utf8'), file, { ids }))).toEqual([
      'id  name     direction      bytes  fields',
      ' 2  S_Small  to the client      8  a int',
      ' 3  S_All    to the client   ≥ 43  b byte, sb sbyte, bo bool, s short, us ushort, i int, l long, f float, d double, str string, ' +
        'skills [id int, nm string, lv byte, attributes [att int]], tail int',
      ' 4  Neutral  both ways          8  x int',
      '40  C_Empty  to the server      4',
    ]);
  });

  it('has protobuf’s types and numbers, and each message within once', () => {
    const set = readProto('test/generator/all-kinds.proto');
    expect(lines(set)).toEqual([
      'id  name     direction      bytes  fields',
      ' 0  S_Empty  to the client      4',
      ' 3  C_All    to the server    ≥ 4  zig sint32 = 1, may optional fixed64 = 2, packed repeated int32 = 3, ' +
        'loose repeated fixed32 = 4, mood game.Mood = 5, at game.Point {x double = 1, next game.Point = 2} = 6, ' +
        'places map<string, game.Point> = 7, word oneof pick string = 8, other oneof pick game.Point = 9, blob bytes = 20, ' +
        'many repeated game.Point = 21, on bool = 22, far sint64 = 23',
    ]);
    expect(list(set)[1]?.fields.slice(1, 3)).toEqual([
      { name: 'may', type: 'fixed64', number: 2, rule: 'optional' },
      { name: 'packed', type: 'int32', number: 3, rule: 'repeated' },
    ]);
  });

  it('counts what proto2 requires', () => {
    const text =
      'enum MsgId { OLD = 4; } message Old { required fixed32 id = 1; required Old2 o = 16; } message Old2 {}';
    expect(lines(readProto(protoFiles({ 'old.proto': `syntax = "proto2"; ${text}` })))[1]).toBe(
      ' 4  Old   both ways   ≥ 12  id required fixed32 = 1, o required Old2 {} = 16',
    );
  });

  it('has the types of packets that were described field by field, and every header', () => {
    const set = readPacketFile('test/generator/all-kinds.yaml', {});
    expect(lines(set)).toEqual([
      'id  name   direction      bytes  fields',
      ' 1  Login  to the server   ≥ 15  magic u16, kind Kind, name string, n u8, at {x f32, y i8}, scores u16[], to optional u32, rest bytes',
      ' 2  Pair   both ways         16  a [v u24, w u24], tag string',
    ]);
    const { framing } = presets.mqtt;
    expect(listPackets({ send: framing, receive: framing, packets: set })[1]?.size).toEqual({ bytes: 14, fixed: true });
  });
});
