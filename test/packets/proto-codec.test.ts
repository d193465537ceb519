import { describe, expect, it } from 'vitest';
import { serverCoreFraming } from '../../src/core/index.js';
import { DecodeError, EncodeError, Protocol, readProto } from '../../src/packets/index.js';
import { mqtt } from '../core/framing-cases.js';
import { bytes, hex } from './bytes.js';
import { decodePacket, encodePacket, protocolOf, protoFiles } from './proto-files.js';

const text = `syntax = "proto3";
package Protocol;
enum MsgId { S_LOGIN = 0; C_LOGIN = 1; C_ENTER_GAME = 2; ALL = 3; OLD = 4; LIST = 5; }
message S_Login { bool success = 1; }
message C_Login { string name = 1; int32 level = 2; }
message C_EnterGame {}
message All {
  sint32 zig = 1; fixed32 four = 2; repeated int32 packed = 3; repeated int32 loose = 4 [packed = false];
  oneof kind { int32 number = 5; string word = 6; Point point = 7; }
  map<string, Point> places = 8;
  optional int32 may = 9;
  int32 plain = 10; int64 long = 11; bytes data = 12; double ratio = 13;
  Point here = 14;
}
message Point { int32 x = 1; int32 y = 2; }
message List { string value = 1; List next = 2; }
`;
const protocol = protocolOf(text);

describe('[size][msgId][protobuf], as the reference server lays it out', () => {
  it.each([
    ['C_Login', { name: 'Ari', level: 300 }, '0c00 0100 0a03417269 10ac02'],
    ['C_Login', { name: '', level: 0 }, '0400 0100'],
    ['C_EnterGame', {}, '0400 0200'],
    ['C_Login', { name: 'é😀', level: -1 }, '1700 0100 0a06c3a9f09f9880 10ffffffffffffffffff01'],
  ])('%s %j is %s', (name, record, expected) => {
    expect(hex(encodePacket(protocol, name, record))).toBe(expected.replaceAll(' ', ''));
    expect(decodePacket(protocol, name, bytes(expected))).toEqual(record);
  });

  it('0 is an id, and a packet of 4 bytes has a body of nothing but defaults', () => {
    expect(protocol.nameOf(0, 'client')).toBe('S_Login');
    expect(protocol.decoder('S_Login', 'all', 'client').decode(bytes('0400 0000'), 0, 4)).toEqual({ success: false });
  });

  it('travels in every framing that has ids', () => {
    const framing = { ...serverCoreFraming, endian: 'big', idLength: 1, headerSize: 3 } as const;
    const packets = readProto(protoFiles({ 'game.proto': text }));
    const other = new Protocol({ send: framing, receive: framing, packets });
    expect(hex(encodePacket(other, 'C_Login', { name: 'A', level: 0 }))).toBe('0006010a0141');
    expect(decodePacket(other, 'C_Login', bytes('0006010a0141'))).toEqual({ name: 'A', level: 0 });
  });

  it('begins behind a length that is a varint, however wide that is', () => {
    const packets = readProto(protoFiles({ 'game.proto': text }));
    const other = new Protocol({ send: mqtt, receive: mqtt, packets });
    for (const name of ['A', 'A'.repeat(200)]) {
      const frame = encodePacket(other, 'C_Login', { name, level: 1 });
      expect(decodePacket(other, 'C_Login', frame)).toEqual({ name, level: 1 });
    }
  });
});

/** A whole `All`, and what differs from it. */
const all = {
  zig: 0,
  four: 0,
  packed: [],
  loose: [],
  places: [],
  plain: 0,
  long: 0n,
  data: new Uint8Array(),
  ratio: 0,
};
const body = (record: object) => hex(encodePacket(protocol, 'All', { ...all, ...record })).slice(8);
const read = (hexBody: string, name = 'All') => {
  const content = bytes(hexBody);
  const id = { All: 3, List: 5 }[name]!;
  return decodePacket(protocol, name, new Uint8Array([content.length + 4, 0, id, 0, ...content]));
};

describe('the wire format', () => {
  it.each([
    ['zigzag', { zig: -2 }, '0803'],
    ['four bytes, little-endian', { four: 0xdeadbeef }, '15efbeadde'],
    ['packed', { packed: [1, 300] }, '1a0301ac02'],
    ['not packed', { loose: [1, 300] }, '200120ac02'],
    ['a oneof’s zero', { number: 0 }, '2800'],
    ['a message within', { point: { x: 1, y: 0 } }, '3a020801'],
    ['an empty message', { here: { x: 0, y: 0 } }, '7200'],
    ['a map', { places: [{ key: 'a', value: { x: 0, y: 2 } }] }, '42070a01611202 1002'.replace(' ', '')],
    ['an optional zero', { may: 0 }, '4800'],
    ['64 bits', { long: -1n }, '58ffffffffffffffffff01'],
    ['a safe number for 64 bits', { long: 2 ** 40 }, '58808080808020'],
    ['bytes', { data: bytes('00ff') }, '620200ff'],
    ['a double', { ratio: 1 }, '69000000000000f03f'],
  ])('writes %s', (_what, record, expected) => {
    expect(body(record)).toBe(expected);
    const field = Object.keys(record)[0]!;
    const value = Object.values(record)[0];
    expect(read(expected)[field]).toEqual(typeof value === 'number' && field === 'long' ? BigInt(value) : value);
  });

  it('reads packed what is declared loose, and the other way round', () => {
    expect(read('22020102 1805 1a0106'.replaceAll(' ', ''))).toMatchObject({ loose: [1, 2], packed: [5, 6] });
  });

  it('tells an optional field that is left out from one that is zero', () => {
    expect(read('')).toEqual(all);
    expect(read('').may).toBeUndefined();
    expect(read('4800').may).toBe(0);
  });

  it('keeps the last of a scalar and of a oneof, and joins the parts of a message', () => {
    expect(read('5001 5002'.replace(' ', '')).plain).toBe(2);
    const { number, word } = read('2801 320161'.replace(' ', ''));
    expect([number, word]).toEqual([undefined, 'a']);
    expect(read('72020801 72021002'.replace(' ', '')).here).toEqual({ x: 1, y: 2 });
  });

  it('forgets a field of a oneof for a later one that nobody asked for', () => {
    const frame = bytes('0900 0300 2801 320161');
    expect(decodePacket(protocol, 'All', frame, ['number'])).toEqual({ number: undefined });
  });

  it('gives a map’s entry that lacks key or value their defaults', () => {
    expect(read('4200').places).toEqual([{ key: '', value: { x: 0, y: 0 } }]);
  });

  it('passes over unknown fields of every kind, groups too', () => {
    expect(read('a00601 a10601020304050607 08 a2060161 a506 01020304 a306 0801 a406 5007'.replaceAll(' ', ''))).toEqual(
      {
        ...all,
        plain: 7,
      },
    );
  });

  it('leaves out messages beyond the eighth level', () => {
    const [list] = protocol.packetsTo('server').filter(({ name }) => name === 'List');
    let depth = 0;
    let fields = list!.fields;
    for (;;) {
      const next = fields.find(({ name }) => name === 'next');
      if (next === undefined) break;
      if (next.type !== 'struct') throw new Error('next is a struct');
      fields = next.fields;
      depth++;
    }
    expect(depth).toBe(8);
    const nested = Array.from({ length: 40 }).reduce<string>(
      (inner) => `12${(inner.length / 2).toString(16).padStart(2, '0')}${inner}`,
      '',
    );
    expect(read(nested, 'List').value).toBe('');
  });
});

describe('hostile bytes', () => {
  it.each([
    ['a varint that ends too soon', '50ff', 'truncated', 'plain'],
    ['a varint of eleven bytes', `50${'ff'.repeat(11)}`, 'bad-wire', 'plain'],
    ['a length beyond the frame', '62ff01', 'truncated', 'data'],
    ['a length of 2^63', `62${'ff'.repeat(9)}01`, 'truncated', 'data'],
    ['a message longer than its packet', '72050801', 'truncated', 'here'],
    ['a field that leaves its message', '72010805', 'truncated', 'here.x'],
    ['text that is not UTF-8', '3202c328', 'bad-text', 'word'],
    ['another wire type', '5501020304', 'bad-wire', 'plain'],
    ['another wire type in a list', '4001', 'bad-wire', 'places[0]'],
    ['field 0', '0001', 'bad-wire', ''],
    ['a wire type that does not exist', '56', 'bad-wire', 'plain'],
    ['the end of a group that never began', 'a406', 'bad-wire', ''],
    ['a group that is ended by another', 'a306ac06', 'bad-wire', ''],
    ['a group without an end', 'a306', 'truncated', ''],
    ['groups 65 deep', 'a306'.repeat(65), 'bad-wire', ''],
    ['a tag of 35 bits', 'ffffffff7f', 'bad-wire', ''],
    ['a fault in a map', '42021201', 'truncated', 'places[0].value'],
    ['a packed list of 2^32 bytes', '1a8080808010 01', 'truncated', 'packed'],
    ['a packed list that ends within a value', '1a0180', 'truncated', 'packed'],
    ['a packed list of varints of eleven bytes', `1a0c${'ff'.repeat(11)}01`, 'bad-wire', 'packed'],
    ['an unknown field of 2^64 bytes', `a206${'ff'.repeat(9)}01`, 'truncated', ''],
    ['a group where a message is due', '73 74', 'bad-wire', 'here'],
    ['a key of a map that is not UTF-8', '42030a01ff', 'bad-text', 'places[0].key'],
  ])('%s', (_what, hexBody, code, field) => {
    let thrown: unknown;
    try {
      read(hexBody);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(DecodeError);
    const { code: found, field: at } = thrown as DecodeError;
    expect([found, at]).toEqual([code, field]);
  });

  /** The body of a List, in hex, that holds as many others, one within the other. */
  function nestedLists(levels: number): string {
    let body = Buffer.alloc(0);
    for (let i = 0; i < levels; i++) {
      const length = [];
      for (let rest = body.length; length.length === 0 || rest > 0; rest >>= 7) {
        length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
      }
      body = Buffer.concat([Buffer.of(0x12, ...length), body]);
    }
    return body.toString('hex');
  }

  it('messages that nest too deep, of which those beyond the eighth level are passed over', () => {
    expect(read(nestedLists(100), 'List').value).toBe('');
    for (const levels of [101, 10_000]) {
      expect(() => read(nestedLists(levels), 'List')).toThrow(
        expect.objectContaining({ code: 'too-deep', reason: 'messages nest more than 100 levels deep' }),
      );
    }
  });

  it('a frame that ends inside its header', () => {
    expect(() => decodePacket(protocol, 'All', bytes('040003'))).toThrow(DecodeError);
  });
});

describe('an encoder', () => {
  it.each([1, 127, 128, 16_383, 16_384, 60_000])(
    'makes room for the length of a message of %i bytes and more',
    (size) => {
      const record = { value: 'é', next: { value: 'x'.repeat(size), next: { value: 'end', next: undefined } } };
      expect(decodePacket(protocol, 'List', encodePacket(protocol, 'List', record))).toEqual(record);
    },
  );

  it('writes what it is given, whatever was measured or written before', () => {
    const [login, chat] = ['C_Login', 'List'].map((name) => protocol.encoder(name, 'client'));
    const first = ['first', 1];
    const frames = [first, ['second', 2]].map((values) => {
      const size = login!.frameSize(values);
      chat!.frameSize(['another', null]);
      const frame = new Uint8Array(size);
      login!.write(values, frame, 0);
      return frame;
    });
    expect(frames.map((frame) => decodePacket(protocol, 'C_Login', frame))).toEqual([
      { name: 'first', level: 1 },
      { name: 'second', level: 2 },
    ]);
    const again = new Uint8Array(frames[0]!.length);
    first[1] = 3;
    login!.write(first, again, 0);
    expect(decodePacket(protocol, 'C_Login', again)).toEqual({ name: 'first', level: 3 });
  });
});

describe('what cannot be written names its field', () => {
  it.each([
    [{ zig: 2 ** 31 }, 'All.zig: 2147483648 is not within -2147483648 to 2147483647'],
    [{ four: -1 }, 'All.four: -1 is not within 0 to 4294967295'],
    [{ packed: [1, 2.5] }, 'All.packed[1]: 2.5 is not a whole number'],
    [{ places: [{ key: 'a', value: { x: 'b', y: 0 } }] }, 'All.places[0].value.x: "b" is not a number'],
    [{ number: 1, word: 'a' }, 'All.word: number is given too, and only one of a oneof can be'],
    [{ here: { x: 2n ** 40n, y: 0 } }, 'All.here.x: 1099511627776 is not within -2147483648 to 2147483647'],
  ])('%o', (record, message) => {
    const write = () => encodePacket(protocol, 'All', { ...all, ...record });
    expect(write).toThrow(EncodeError);
    expect(write).toThrow(message);
  });

  it('a field of proto2 that is required', () => {
    const old = protocolOf(
      `syntax = "proto2"; enum MsgId { OLD = 4; } message Old { required int32 id = 1; optional int32 x = 2; }`,
    );
    const encoder = old.encoder('Old', 'client');
    expect(() => encoder.frameSize([null, null])).toThrow('Old.id: the value is missing');
    expect(hex(encodePacket(old, 'Old', { id: 0 }))).toBe('060004000800');
    expect(decodePacket(old, 'Old', bytes('0400 0400'))).toEqual({ id: 0 });
  });
});
