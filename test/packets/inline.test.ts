import { describe, expect, it } from 'vitest';
import { bytes } from './bytes.js';
import { InlinePacketUnderTest } from './inline.js';

type Row = [field: unknown, value: unknown, body: string];

const types = { enums: { Kind: { chat: 1, whisper: 2 } }, structs: { Vec: { x: 'f32', y: 'i16' } } };

describe('every kind of field, byte by byte', () => {
  it.each<Row>([
    ['u8', 0xfe, 'fe'],
    ['i8', -2, 'fe'],
    ['u16', 0x1234, '3412'],
    ['i16', -2, 'feff'],
    ['u24', 0xc23456, '5634c2'],
    [{ type: 'u24', endian: 'big' }, 0xc23456, 'c23456'],
    [{ type: 'i24', endian: 'big' }, -2, 'fffffe'],
    ['u32', 0xfffefdfc, 'fcfdfeff'],
    [{ type: 'u32', endian: 'big' }, 0xfffefdfc, 'fffefdfc'],
    ['i32', -2, 'feffffff'],
    ['u64', 0xfffefdfcfbfaf9f8n, 'f8f9fafbfcfdfeff'],
    [{ type: 'u64', endian: 'big' }, 0xfffefdfcfbfaf9f8n, 'fffefdfcfbfaf9f8'],
    ['i64', -2n, 'feffffffffffffff'],
    ['varint', 0n, '00'],
    ['varint', 300n, 'ac02'],
    ['varint', 2n ** 64n - 1n, 'ffffffffffffffffff01'],
    ['f32', 1.5, '0000c03f'],
    [{ type: 'f32', endian: 'big' }, 1.5, '3fc00000'],
    ['f64', -2, '00000000000000c0'],
    [{ type: 'f64', endian: 'big' }, -2, 'c000000000000000'],
    ['bool', true, '01'],
    ['Kind', 2, '02'],
    [{ enum: 'Kind', type: 'u16', endian: 'big' }, 2, '0002'],
    ['Vec', { x: 1.5, y: -2 }, '0000c03ffeff'],
    ['string', 'é€😀', '0900c3a9e282acf09f9880'],
    [{ type: 'string', length: 'u8', encoding: 'utf-16le' }, 'aé', '046100e900'],
    [{ type: 'string', length: 'u16', endian: 'big', encoding: 'utf-16be' }, 'aé', '0004006100e9'],
    [{ type: 'string', length: 'varint', encoding: 'latin1' }, 'aé', '0261e9'],
    [{ type: 'string', size: 4 }, 'ab', '61620000'],
    [{ type: 'string', size: 4 }, 'abcd', '61626364'],
    [{ type: 'string', size: 4, encoding: 'utf-16le' }, 'a', '61000000'],
    [{ type: 'string', until: 0 }, 'ab', '616200'],
    [{ type: 'string', until: 0, encoding: 'utf-16le' }, 'aĀ', '610000010000'],
    [{ type: 'string', rest: true }, 'ab', '6162'],
    [{ bytes: 2 }, bytes('00ff'), '00ff'],
    [{ bytes: 'u8' }, bytes('00ff'), '0200ff'],
    [{ bytes: 'rest' }, bytes('00ff'), '00ff'],
    [{ type: 'bytes', length: 'u16', endian: 'big' }, bytes('00ff'), '000200ff'],
    [{ array: 'u16', length: 'u8' }, [1, 0x102], '0201000201'],
    [{ array: 'u16', count: 2, endian: 'big' }, [1, 0x102], '00010102'],
    [{ array: 'Kind', rest: true }, [1, 2, 3], '010203'],
    [{ array: 'string', length: 'u8' }, ['a', ''], '020100610000'],
    [{ array: 'Vec', length: 'varint' }, [{ x: 0, y: 1 }], '01000000000100'],
  ])('%j holds %s as %s', (field, value, body) => {
    const packet = new InlinePacketUnderTest({ before: 'u8', it: field }, types);
    expect(packet.encode({ before: 7, it: value })).toBe(`07${body}`);
    expect(packet.decode(`07${body}`)).toEqual({ before: 7, it: value });
    expect(packet.decode(`07${body}`, ['before'])).toEqual({ before: 7 });
    expect(packet.decode(`07${body}`, ['it'])).toEqual({ it: value });
  });
});

describe('fields that depend on others', () => {
  it('a count is written by itself, and can be read', () => {
    const packet = new InlinePacketUnderTest(
      {
        players: 'u16',
        size: 'varint',
        all: { array: 'Vec', count: 'players' },
        name: { type: 'string', size: 'size' },
      },
      types,
    );
    const record = {
      all: [
        { x: 0, y: 1 },
        { x: 0, y: 2 },
      ],
      name: 'né',
    };
    expect(packet.encode(record)).toBe('020003000000000100000000000200' + '6ec3a9');
    expect(packet.decode('0100 01 000000000100 61', ['all', 'name'])).toEqual({ all: [{ x: 0, y: 1 }], name: 'a' });
    expect(packet.decode('0100 01 000000000100 61', ['players'])).toEqual({ players: 1 });
  });

  it('a constant is written by itself, and must come back as it is', () => {
    const packet = new InlinePacketUnderTest({ magic: { const: 0xcafe, type: 'u16' }, n: 'u8' });
    expect(packet.encode({ n: 1 })).toBe('feca01');
    expect(packet.decode('feca01')).toEqual({ magic: 0xcafe, n: 1 });
    expect(packet.decodeError('feff01', [])).toBe('bad-constant | magic: it is always 51966, and 65534 came');
  });

  it('a field with a condition stands where it holds, and nowhere else', () => {
    const packet = new InlinePacketUnderTest(
      {
        kind: 'Kind',
        to: { type: 'u32', when: { kind: 'whisper' } },
        deep: { type: 'u8', when: { to: 5 } },
        end: 'u8',
      },
      types,
    );
    expect(packet.encode({ kind: 1, end: 9 })).toBe('0109');
    expect(packet.encode({ kind: 1, to: 5, deep: 3, end: 9 })).toBe('0109');
    expect(packet.encode({ kind: 2, to: 5, deep: 3, end: 9 })).toBe('02050000000309');
    expect(packet.decode('02050000000309')).toEqual({ kind: 2, to: 5, deep: 3, end: 9 });
    expect(packet.decode('0109')).toEqual({ kind: 1, end: 9 });
    expect(() => packet.encode({ kind: 2, end: 9 })).toThrow('P.to: nothing is not a number');
  });
});

describe('a body that is not what the definition says', () => {
  it.each<[field: unknown, body: string, error: string]>([
    ['u32', '000000', 'truncated | it: 4 bytes are needed, and 3 are left'],
    ['varint', 'ffffffffffffffffffff01', 'bad-number | it: a varint of more than 64 bits'],
    ['varint', 'ffffffffffffffffff02', 'bad-number | it: a varint of more than 64 bits'],
    ['varint', '8080', 'truncated | it: 1 byte is needed, and 0 are left'],
    ['string', '0200c328', 'bad-text | it: the text is not UTF-8'],
    ['string', 'ffff6162', 'truncated | it: 65535 bytes are needed, and 2 are left'],
    [
      { type: 'string', length: 'varint' },
      'ffffffffffffffffff01',
      'truncated | it: more than 2^53 bytes are needed, and 0 are left',
    ],
    [
      { type: 'string', length: 'u8', encoding: 'utf-16le' },
      '03610062',
      'bad-text | it: a UTF-16 text cannot have 3 bytes',
    ],
    [{ type: 'string', until: 0 }, '616263', 'truncated | it: no zero ends the text in the 3 bytes left'],
    [
      { type: 'string', until: 0, encoding: 'utf-16le' },
      '610000',
      'truncated | it: no zero ends the text in the 3 bytes left',
    ],
    [{ bytes: 4 }, '000000', 'truncated | it: 4 bytes are needed, and 3 are left'],
    [
      { array: 'u16', length: 'u16' },
      'ffff0000000000000000',
      'bad-count | it: 65535 elements cannot stand in the 8 bytes left',
    ],
    [
      { array: 'string', length: 'u16' },
      'ffff0000000000000000',
      'bad-count | it: 65535 elements cannot stand in the 8 bytes left',
    ],
    [{ array: 'Vec', rest: true }, '0000000000000000', 'truncated | it[1].x: 4 bytes are needed, and 2 are left'],
    ['Vec', '00000000', 'truncated | it.y: 2 bytes are needed, and 0 are left'],
    ['u8', '0000', 'trailing-bytes | 1 byte is left over after the last field'],
  ])('%j of %s', (field, body, error) => {
    expect(new InlinePacketUnderTest({ it: field }, types).decodeError(body)).toBe(error);
  });

  it('lists in lists end with the body', () => {
    const structs = {
      A: { list: { array: 'B', length: 'u16' } },
      B: { list: { array: 'C', length: 'u16' } },
      C: { list: { array: 'u8', length: 'u16' } },
    };
    const packet = new InlinePacketUnderTest({ it: { array: 'A', length: 'u16' } }, { structs });
    expect(packet.decodeError('0200 0100 0100 ffff 00')).toMatch(
      /^bad-count \| it\[0\]\.list\[0\]\.list\[0\]\.list: 65535/,
    );
  });
});

describe('a value that its field cannot hold', () => {
  it.each<[field: unknown, value: unknown, error: string]>([
    ['u24', 0x1000000, 'P.it: 16777216 is not within 0 to 16777215'],
    ['varint', -1n, 'P.it: -1 is not within 0 to 18446744073709551615'],
    ['i16', 1.5, 'P.it: 1.5 is not a whole number'],
    ['string', 7, 'P.it: 7 is not a string'],
    [{ type: 'string', length: 'u8' }, 'x'.repeat(256), 'P.it: a text in utf-8 of 256 bytes is longer than 255'],
    [{ type: 'string', size: 2 }, 'abc', 'P.it: a text in utf-8 of 3 bytes is longer than 2'],
    [{ type: 'string', until: 0 }, 'a\0b', 'P.it: a text with U+0000 in it would end there'],
    [{ type: 'string', encoding: 'latin1' }, '€', 'P.it: "€" is not a character of Latin-1'],
    [{ bytes: 2 }, bytes('00'), 'P.it: a value must have 2 bytes, not 1'],
    [{ array: 'u8', count: 2 }, [1], 'P.it: there must be 2 elements, not 1'],
    [{ array: 'u8', length: 'u8' }, Array(256).fill(0), 'P.it: 256 elements are more than 255'],
    [{ array: 'u8', length: 'u8' }, [1, 256], 'P.it[1]: 256 is not within 0 to 255'],
    ['Vec', { x: 1, y: 70000 }, 'P.it.y: 70000 is not within -32768 to 32767'],
  ])('%j of %s', (field, value, error) => {
    expect(() => new InlinePacketUnderTest({ it: field }, types).encode({ it: value })).toThrow(error);
  });
});
