import { describe, expect, it } from 'vitest';
import type { LengthFraming } from '../../src/core/index.js';
import { DecodeError, type Protocol, toValues } from '../../src/packets/index.js';
import { lengthFraming, memcached, mqtt } from '../core/framing-cases.js';
import { bytes, hex } from './bytes.js';
import { inlineProtocol } from './inline.js';

const protocol = inlineProtocol(
  {
    endian: 'big',
    definitions: {
      Set: {
        id: 1,
        to: 'server',
        fields: {
          keyLength: { type: 'u16', at: 2 },
          extrasLength: { const: 8, type: 'u8', at: 4 },
          flags: 'u32',
          expiration: 'u32',
          key: { type: 'string', size: 'keyLength' },
          cas: { type: 'u64', at: 16 },
          value: { type: 'string', rest: true },
        },
      },
      Reply: {
        id: 1,
        to: 'client',
        fields: {
          status: { type: 'u16', at: 6 },
          flags: { type: 'u32', when: { status: 0 } },
          value: { type: 'string', rest: true },
        },
      },
    },
  },
  memcached,
);
const set = '80 01 0003 08 00 0000 0000000d 00000000 0000000000000007 00000001 00000002 6b6579 6869';

function encode(spoken: Protocol, packet: string, record: Readonly<Record<string, unknown>>): string {
  const encoder = spoken.encoder(packet, 'client');
  const values = toValues(encoder.definition, record);
  const frame = new Uint8Array(encoder.frameSize(values) + 2).fill(0xee);
  expect(encoder.write(values, frame, 1)).toBe(frame.length - 1);
  return hex(frame.subarray(1, -1));
}

/** Decodes a frame that stands in the middle of a larger buffer, as it does when it is received. */
function decode(spoken: Protocol, packet: string, frame: string, side: 'client' | 'server', fields?: string[]) {
  const data = bytes(`eeee${frame}ee`);
  return spoken.decoder(packet, fields ?? 'all', side).decode(data, 2, data.length - 1);
}

describe('fields that stand in the header', () => {
  it('are written there, whatever their place among the others: counts, constants and values', () => {
    const record = { flags: 1, expiration: 2, key: 'key', cas: 7n, value: 'hi' };
    expect(encode(protocol, 'Set', record)).toBe(set.replaceAll(' ', ''));
  });

  it('are read there, all of them or one, and decide on the body', () => {
    const record = { keyLength: 3, extrasLength: 8, flags: 1, expiration: 2, key: 'key', cas: 7n, value: 'hi' };
    expect(decode(protocol, 'Set', set, 'server')).toEqual(record);
    expect(decode(protocol, 'Set', set, 'server', ['cas'])).toEqual({ cas: 7n });
    expect(decode(protocol, 'Set', set, 'server', ['value'])).toEqual({ value: 'hi' });
    const found = '81 01 0000 04 00 0000 00000006 00000000 0000000000000000 0000cafe 6869';
    const missing = '81 01 0000 00 00 0001 00000002 00000000 0000000000000000 6e6f';
    expect(decode(protocol, 'Reply', found, 'client')).toEqual({ status: 0, flags: 0xcafe, value: 'hi' });
    expect(decode(protocol, 'Reply', missing, 'client')).toEqual({ status: 1, value: 'no' });
    expect(decode(protocol, 'Reply', missing, 'client', ['value'])).toEqual({ value: 'no' });
  });

  it('must hold their constants when they come', () => {
    const wrong = set.replace('0003 08', '0003 09');
    expect(() => decode(protocol, 'Set', wrong, 'server', [])).toThrow(DecodeError);
    expect(() => decode(protocol, 'Set', wrong, 'server', [])).toThrow('extrasLength: it is always 8, and 9 came');
  });

  it('count what the body really holds: a key longer than the body is an error', () => {
    const long = set.replace('80 01 0003', '80 01 0006');
    expect(() => decode(protocol, 'Set', long, 'server')).toThrow('key: 6 bytes are needed, and 5 are left');
  });

  it.each<[field: Record<string, unknown>, framing: LengthFraming, message: string]>([
    [{ type: 'u16', at: 23 }, memcached, '`it` in bytes 23 to 24 of the header, but the header has 24 bytes'],
    [{ type: 'u16', at: 7 }, memcached, '`it` in bytes 7 to 8 of the header, but the length stands in bytes 8 to 11'],
    [{ type: 'u8', at: 1 }, memcached, '`it` in byte 1 of the header, but the id stands in byte 1'],
    [{ type: 'u8', at: 12 }, memcached, 'but `opaque` stands in bytes 12 to 15'],
    [{ type: 'u8', at: 4 }, lengthFraming({}), 'but the header has 4 bytes'],
    [{ type: 'u8', at: 1 }, mqtt, 'but from byte 1 on a varint moves what is behind it'],
  ])('%j has to find its place free', (field, framing, message) => {
    const cramped = inlineProtocol({ definitions: { P: { id: 1, fields: { it: field } } } }, framing);
    expect(() => cramped.encoder('P', 'client')).toThrow(message);
    expect(() => cramped.decoder('P', 'all', 'client')).toThrow(message);
  });

  it('do not share a place', () => {
    const fields = { one: { type: 'u16', at: 2 }, two: { type: 'u16', at: 3 } };
    const cramped = inlineProtocol({ definitions: { P: { id: 1, fields } } }, memcached);
    expect(() => cramped.encoder('P', 'client')).toThrow(
      'bytes 3 to 4 of the header, but `one` stands in bytes 2 to 3',
    );
  });
});

it('a body begins behind a length that is a varint, however wide that is', () => {
  const packets = { P: { id: 3, fields: { text: { type: 'string', rest: true } } } };
  const spoken = inlineProtocol({ definitions: packets }, mqtt);
  for (const [text, header] of [
    ['a', '3001'],
    ['a'.repeat(200), '30c801'],
  ] as const) {
    const frame = encode(spoken, 'P', { text });
    expect(frame).toBe(header + hex(Buffer.from(text)));
    expect(decode(spoken, 'P', frame, 'client')).toEqual({ text });
  }
});

it('an id may be a letter, which is its number in ASCII', () => {
  const packets = {
    Query: { id: 'Q', to: 'server' },
    Sync: { id: 'S', to: 'server' },
    Status: { id: 'S', to: 'client' },
  };
  const spoken = inlineProtocol({ definitions: packets }, lengthFraming({}));
  expect(spoken.nameOf(0x51, 'server')).toBe('Query');
  expect(spoken.nameOf(0x53, 'client')).toBe('Status');
  const twice = { A: { id: 'S' }, B: { id: 0x53 } };
  expect(() => inlineProtocol({ definitions: twice }, lengthFraming({}))).toThrow('B and A have the same id 83');
});
