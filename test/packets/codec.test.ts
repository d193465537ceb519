import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type LengthFraming, serverCoreFraming } from '../../src/core/index.js';
import {
  compileDecoder,
  compileEncoder,
  DecodeError,
  EncodeError,
  type FieldDefinition,
  type FieldRecord,
  type FieldValues,
  misfit,
  type PacketDefinition,
  parsePdl,
  type ScalarType,
  toValues,
} from '../../src/packets/index.js';
import { bytes, hex } from './bytes.js';

function packetOf(...fields: FieldDefinition[]): PacketDefinition {
  return { name: 'P', id: 7, direction: 'both', fields };
}

function encode(definition: PacketDefinition, values: FieldValues, framing: LengthFraming = serverCoreFraming): string {
  const encoder = compileEncoder(definition, framing);
  const buffer = new Uint8Array(encoder.frameSize(values) + 2).fill(0xee);
  const end = encoder.write(values, buffer, 1);
  expect(end).toBe(buffer.length - 1);
  expect([buffer[0], buffer[end]]).toEqual([0xee, 0xee]);
  return hex(buffer.subarray(1, end));
}

/** Decodes a frame that stands in the middle of a larger buffer, as it does when it is received. */
function decode(definition: PacketDefinition, frame: string, fields: readonly string[] | 'all' = 'all'): FieldRecord {
  const data = bytes(`ee${frame.replaceAll(' ', '')}ee`);
  return compileDecoder(definition, serverCoreFraming, fields).decode(data, 1, data.length - 1);
}

function decodeError(definition: PacketDefinition, frame: string, fields: readonly string[] | 'all' = 'all'): string {
  try {
    decode(definition, frame, fields);
  } catch (error) {
    if (error instanceof DecodeError) return `${error.code} | ${error.message}`;
    throw error;
  }
  throw new Error('the frame was decoded');
}

function encodeError(definition: PacketDefinition, values: FieldValues): string {
  try {
    encode(definition, values);
  } catch (error) {
    if (error instanceof EncodeError) return error.message;
    throw error;
  }
  throw new Error('the values were encoded');
}

describe('the vectors of the original generator', () => {
  const file = 'test/packets/vectors/pdl.xml';
  const set = parsePdl(readFileSync(file, 'utf8'), file);
  const packets = set.format === 'pdl' ? set.packets : [];
  const { vectors } = JSON.parse(readFileSync('test/packets/vectors/pdl.json', 'utf8')) as {
    vectors: { packet: string; id: number; fields: Record<string, unknown>; hex: string }[];
  };

  it.each(vectors)('$packet is written and read byte for byte', (vector) => {
    const definition = packets.find((packet) => packet.name === vector.packet)!;
    const fields = 'l' in vector.fields ? { ...vector.fields, l: BigInt(String(vector.fields.l)) } : vector.fields;
    expect(definition.id).toBe(vector.id);
    expect(encode(definition, toValues(definition, fields))).toBe(vector.hex);
    expect(decode(definition, vector.hex)).toEqual(fields);
  });

  it('all four of them were tested', () => {
    expect(vectors.map((vector) => vector.packet)).toEqual(packets.map((packet) => packet.name));
  });
});

describe('the limits of each type', () => {
  const cases: [ScalarType, number | bigint | boolean | string, string][] = [
    ['byte', 0, '00'],
    ['byte', 255, 'ff'],
    ['sbyte', -128, '80'],
    ['sbyte', 127, '7f'],
    ['bool', true, '01'],
    ['bool', false, '00'],
    ['short', -32768, '0080'],
    ['short', 32767, 'ff7f'],
    ['ushort', 65535, 'ffff'],
    ['int', -2147483648, '00000080'],
    ['int', 2147483647, 'ffffff7f'],
    ['long', -(2n ** 63n), '0000000000000080'],
    ['long', 2n ** 63n - 1n, 'ffffffffffffff7f'],
    ['float', 0.5, '0000003f'],
    ['float', Number.POSITIVE_INFINITY, '0000807f'],
    ['double', 5e-324, '0100000000000000'],
    ['double', -0, '0000000000000080'],
    ['string', '', '0000'],
    ['string', 'é가😀', '0800 e900 00ac 3dd8 00de'],
    ['string', '\ud83d', '0200 3dd8'],
  ];

  it.each(cases)('a %s of %s is the bytes %s, both ways', (type, value, body) => {
    const definition = packetOf({ name: 'v', type });
    const size = bytes(body).length + 4;
    const frame = hex(bytes(`${size.toString(16).padStart(2, '0')}00 0700 ${body}`));
    expect(encode(definition, [value])).toBe(frame);
    expect(decode(definition, frame)).toStrictEqual({ v: value });
  });

  it.each<[ScalarType, number | bigint | boolean | string, string]>([
    ['byte', 256, '256 is not within 0 to 255'],
    ['byte', -1, '-1 is not within 0 to 255'],
    ['byte', 1.5, '1.5 is not a whole number'],
    ['sbyte', 128n, '128 is not within -128 to 127'],
    ['short', 32768, '32768 is not within -32768 to 32767'],
    ['ushort', -1, '-1 is not within 0 to 65535'],
    ['int', 2147483648, '2147483648 is not within -2147483648 to 2147483647'],
    ['int', Number.NaN, 'NaN is not a whole number'],
    ['int', '5', '"5" is not a number'],
    ['long', 2n ** 63n, '9223372036854775808 is not within -9223372036854775808 to 9223372036854775807'],
    ['long', 1e20, '100000000000000000000 is not within -9223372036854775808 to 9223372036854775807'],
    ['long', 2 ** 54, '18014398509481984 is a number beyond 2^53, which is not exact: it must be a bigint'],
    ['float', 1e39, '1e+39 is too large for a float'],
    ['double', true, 'true is not a number'],
    ['bool', 1, '1 is not true or false'],
    ['string', 1, '1 is not a string'],
  ])('a %s does not take %s', (type, value, reason) => {
    expect(encodeError(packetOf({ name: 'v', type }), [value])).toBe(`P.v: ${reason}`);
    expect(misfit(type, value)).toBe(reason);
  });

  it('a string of more than 65,535 bytes is refused', () => {
    expect(encodeError(packetOf({ name: 'v', type: 'string' }), ['x'.repeat(32768)])).toBe(
      'P.v: a text of 65536 bytes in UTF-16 is longer than 65535',
    );
  });

  it('whole numbers may be given as bigint, in fields of every number type', () => {
    const definition = packetOf({ name: 'i', type: 'int' }, { name: 'f', type: 'float' }, { name: 'l', type: 'long' });
    expect(encode(definition, [-2n, 1n, 3])).toBe('14000700feffffff0000803f0300000000000000');
  });

  it('any byte but zero is true', () => {
    expect(decode(packetOf({ name: 'v', type: 'bool' }), '0500 0700 80')).toEqual({ v: true });
  });

  it('the longest string that a length of 16 bits can express is written where the framing allows it', () => {
    const wide: LengthFraming = {
      ...serverCoreFraming,
      lengthFieldLength: 4,
      lengthAdjustment: -4,
      idOffset: 4,
      headerSize: 6,
      maxPacketSize: 100_000,
    };
    const frame = encode(packetOf({ name: 'v', type: 'string' }), ['x'.repeat(32767)], wide);
    expect(frame.slice(0, 20)).toBe(hex(bytes('06000100 0700 feff 7800')));
  });
});

describe('frames', () => {
  const chat = packetOf({ name: 'chat', type: 'string' });

  it('the header is the framing’s', () => {
    const framing: LengthFraming = {
      kind: 'length',
      lengthFieldOffset: 2,
      lengthFieldLength: 4,
      endian: 'big',
      lengthAdjustment: 2,
      idOffset: 0,
      idLength: 2,
      headerSize: 8,
      maxPacketSize: 1000,
    };
    expect(encode(chat, ['A'], framing)).toBe(hex(bytes('0007 00000004 0000 0200 4100')));
    const decoder = compileDecoder(chat, framing, 'all');
    expect(decoder.decode(bytes('0007 00000004 0000 0200 4100'), 0, 12)).toEqual({ chat: 'A' });
  });

  it('a frame larger than the framing allows is refused before anything is written', () => {
    const encoder = compileEncoder(chat, { ...serverCoreFraming, maxPacketSize: 10 });
    expect(encoder.frameSize(['AB'])).toBe(10);
    expect(() => encoder.frameSize(['ABC'])).toThrow(
      new EncodeError('P', "a packet of 12 bytes is larger than the framing's 10"),
    );
  });

  it('a frame whose size does not fit the length field is refused, never wrapped', () => {
    const framing: LengthFraming = { ...serverCoreFraming, maxPacketSize: 1_000_000 };
    const encoder = compileEncoder(chat, framing);
    expect(() => encoder.write(['x'.repeat(32767)], new Uint8Array(70_000), 0)).toThrow(
      new EncodeError('P', 'a packet of 65540 bytes exceeds the 65535 that its framing allows'),
    );
  });

  it('a buffer without room for the frame is refused', () => {
    const encoder = compileEncoder(chat, serverCoreFraming);
    expect(() => encoder.write(['AB'], new Uint8Array(12), 3)).toThrow(
      new EncodeError('P', 'a frame of 10 bytes does not fit the 9 bytes of room'),
    );
  });

  it('the number of values must be the number of fields', () => {
    expect(encodeError(chat, [])).toBe('P: 0 values were given for 1 fields');
    expect(encodeError(packetOf(), ['x'])).toBe('P: 1 values were given for 0 fields');
  });

  it('a framing without ids cannot carry packets that have one', () => {
    expect(() => compileEncoder(chat, { kind: 'raw' })).toThrow(
      'Packet P cannot travel in a framing without packet ids.',
    );
    expect(() => compileDecoder(chat, { kind: 'delimiter', delimiters: [[10]], maxPacketSize: 100 }, 'all')).toThrow(
      'Packet P cannot travel in a framing without packet ids.',
    );
  });

  it('an id that does not fit its field is refused when the codec is compiled', () => {
    const byteId: LengthFraming = { ...serverCoreFraming, idLength: 1, headerSize: 3 };
    expect(compileEncoder({ ...chat, id: 255 }, byteId).frameSize([''])).toBe(5);
    expect(() => compileEncoder({ ...chat, id: 256 }, byteId)).toThrow(
      'The id 256 of packet P is too large: the framing has room for ids up to 255.',
    );
  });
});

describe('lists', () => {
  const skills: FieldDefinition = {
    name: 'skills',
    type: 'list',
    item: 'skill',
    fields: [
      { name: 'lv', type: 'byte' },
      { name: 'names', type: 'list', item: 'name', fields: [{ name: 'nm', type: 'string' }] },
    ],
  };
  const definition = packetOf(skills, { name: 'tail', type: 'ushort' });

  it('stand inline behind a count of 16 bits, and nest', () => {
    const frame = hex(bytes('1400 0700 0200 05 0100 0400 61006200 06 0000 ffff'));
    expect(
      encode(definition, [
        [
          [5, [['ab']]],
          [6, []],
        ],
        65535,
      ]),
    ).toBe(frame);
    const record = {
      skills: [
        { lv: 5, names: [{ nm: 'ab' }] },
        { lv: 6, names: [] },
      ],
      tail: 65535,
    };
    expect(decode(definition, frame)).toEqual(record);
    expect(toValues(definition, record)).toEqual([
      [
        [5, [['ab']]],
        [6, []],
      ],
      65535,
    ]);
  });

  it('name the element in which a value does not fit', () => {
    expect(
      encodeError(definition, [
        [
          [5, []],
          [256, []],
        ],
        0,
      ]),
    ).toBe('P.skills[1].lv: 256 is not within 0 to 255');
    expect(encodeError(definition, [[[5, [['a'], [1]]]], 0])).toBe('P.skills[0].names[1].nm: 1 is not a string');
    expect(encodeError(definition, [[[5]], 0])).toBe('P.skills[0]: 1 values were given for 2 fields');
    expect(encodeError(definition, ['x', 0])).toBe('P.skills: a list must be an array');
  });

  it('have at most 65,535 elements', () => {
    const flat = packetOf({ name: 'xs', type: 'list', item: 'x', fields: [{ name: 'v', type: 'byte' }] });
    const values = [Array.from({ length: 65536 }, () => [0])];
    expect(encodeError(flat, values)).toBe('P.xs: a list of 65536 elements is longer than 65535');
  });

  it('that claim more elements than the body can hold are refused, read or skipped', () => {
    for (const fields of ['all', ['tail']] as const) {
      expect(decodeError(definition, '0a00 0700 ffff 00000000', fields)).toBe(
        'bad-count | skills: 65535 elements cannot stand in the 4 bytes left',
      );
    }
  });

  it('name the element in which the body ends, read or skipped', () => {
    for (const fields of ['all', ['tail']] as const) {
      expect(decodeError(definition, '0d00 0700 0100 05 0100 0400 6100', fields)).toBe(
        'truncated | skills[0].names[0].nm: 4 bytes are needed, and 2 are left',
      );
    }
  });
});

describe('decoding only what is wanted', () => {
  const definition = packetOf(
    { name: 'a', type: 'int' },
    { name: 'b', type: 'string' },
    { name: 'c', type: 'byte' },
    { name: 'd', type: 'double' },
    { name: 'e', type: 'list', item: 'e', fields: [{ name: 'x', type: 'short' }] },
    { name: 'f', type: 'ushort' },
  );
  const frame = '1d00 0700 01000000 0200 4100 02 0000000000000840 0200 0300 0400 0500';

  it('yields these fields and no others', () => {
    expect(decode(definition, frame, ['a'])).toEqual({ a: 1 });
    expect(decode(definition, frame, ['b', 'f'])).toEqual({ b: 'A', f: 5 });
    expect(decode(definition, frame, ['d', 'e'])).toEqual({ d: 3, e: [{ x: 3 }, { x: 4 }] });
    expect(decode(definition, frame, [])).toEqual({});
  });

  it.each([['a'], ['c'], ['f'], []])('finds bytes missing or left over whatever is asked for (%s)', (...fields) => {
    expect(decodeError(definition, frame.slice(0, -2), fields)).toBe(
      'truncated | f: 2 bytes are needed, and 1 is left',
    );
    expect(decodeError(definition, `${frame}00`, fields)).toBe(
      'trailing-bytes | 1 byte is left over after the last field',
    );
  });

  it('names the field in which the body ends, though fields are skipped together', () => {
    expect(decodeError(definition, '0c00 0700 01000000 0000 02 00', ['a'])).toBe(
      'truncated | d: 8 bytes are needed, and 1 is left',
    );
  });

  it('finds a text of an odd number of bytes, read or skipped', () => {
    for (const fields of ['all', ['a']] as const) {
      expect(decodeError(definition, '0b00 0700 01000000 0100 41', fields)).toBe(
        'bad-text | b: a UTF-16 text cannot have 1 bytes',
      );
    }
  });

  it('finds a frame that ends inside its header', () => {
    expect(decodeError(definition, '0700', [])).toBe('truncated | 4 bytes are needed, and 2 are left');
  });

  it('keeps nothing of the buffer', () => {
    const data = bytes(frame);
    const record = compileDecoder(definition, serverCoreFraming, 'all').decode(data, 0, data.length);
    const before = structuredClone(record);
    data.fill(0xff);
    expect(record).toEqual(before);
  });
});

describe('toValues', () => {
  const definition = packetOf(
    { name: 'playerId', type: 'int' },
    { name: 'xs', type: 'list', item: 'x', fields: [{ name: 'v', type: 'int' }] },
  );

  it.each<[Record<string, unknown>, string]>([
    [{ xs: [] }, 'P.playerId: the value is missing'],
    [{ playerID: 1, xs: [] }, 'P.playerID: there is no such field, did you mean `playerId`?'],
    [{ playerId: 1, xs: [], zzz: 1 }, 'P.zzz: there is no such field'],
    [{ playerId: null, xs: [] }, 'P.playerId: the value must be a number, a bigint, a boolean, a string or bytes'],
    [{ playerId: 1, xs: 1 }, 'P.xs: a list must be an array'],
    [{ playerId: 1, xs: [{ v: 1 }, {}] }, 'P.xs[1].v: the value is missing'],
    [{ playerId: 1, xs: [1] }, 'P.xs[0]: an element of a list must be an object'],
  ])('of %j says what is wrong', (record, message) => {
    expect(() => toValues(definition, record)).toThrow(message);
  });
});
