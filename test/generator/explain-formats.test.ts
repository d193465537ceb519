import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Framing, serverCoreFraming } from '../../src/core/index.js';
import { explainFrames } from '../../src/generator/explain.js';
import { renderExplanation } from '../../src/generator/explanation-text.js';
import { parseHex } from '../../src/generator/hex.js';
import { DecodeError, type PacketSet, Protocol, readProto, type Side } from '../../src/packets/index.js';
import { type PresetName, presets } from '../../src/scenario/framing-presets.js';
import { readPacketFile } from '../../src/scenario/packet-sources.js';

const proto = readProto('test/generator/all-kinds.proto');
const inline = readPacketFile('test/generator/all-kinds.yaml', {});

function explain(set: PacketSet, hex: string, framing: Framing = serverCoreFraming, sentBy?: Side): string {
  return renderExplanation(explainFrames(parseHex(hex, 'hex'), { framing, set, sentBy }));
}

/** A frame in ServerCore's framing. */
function frame(id: number, body: Uint8Array): Uint8Array {
  return Uint8Array.of((4 + body.length) & 0xff, (4 + body.length) >> 8, id, 0, ...body);
}

function explained(set: PacketSet, id: number, bodies: Readonly<Record<string, string>>): string {
  return Object.entries(bodies)
    .map(([title, hex]) => {
      const bytes = frame(id, hex === '' ? new Uint8Array() : parseHex(hex, title));
      return `== ${title}\n${explain(set, Buffer.from(bytes).toString('hex'))}\n`;
    })
    .join('\n');
}

/** Explains bodies as packet `id`, and holds what is said of them against our own decoder. */
function agrees(set: PacketSet, id: number, name: string, body: Uint8Array): void {
  const bytes = frame(id, body);
  const [only, ...more] = explainFrames(bytes, { framing: serverCoreFraming, set });
  expect(more).toEqual([]);
  expect(only?.parts.flatMap((part) => [...part.bytes])).toEqual([...bytes]);
  const protocol = new Protocol({ send: serverCoreFraming, receive: serverCoreFraming, packets: set });
  const decode = () => protocol.decoder(name, 'all', 'server').decode(bytes, 0, bytes.length);
  if (only?.fault === undefined) decode();
  else expect(decode).toThrow(DecodeError);
}

describe('a frame of protobuf', () => {
  it('is explained tag by tag', async () => {
    const bodies = {
      'every kind of field':
        '08 03  11 0100000000000000  1a 03 01 ac02  25 01000000 25 02000000  28 02  32 09 09 000000000000f03f' +
        ' 3a 05 0a 01 61 12 00' +
        ' 42 03 e282ac  a2 01 02 00ff  aa 01 00 aa 01 00  b0 01 01  b8 01 ffffffffffffffffff01',
      'a message in a message in a message': '32 04 12 02 12 00',
      'fields that nobody defined':
        '98 06 ac02  99 06 0102030405060708  9a 06 02 aabb  9d 06 01020304  9b 06 98 06 01 9c 06',
      nothing: '',
    };
    await expect(explained(proto, 3, bodies)).toMatchFileSnapshot('golden/explained-proto.txt');
  });

  it('that is malformed ends with where and why', async () => {
    const bodies = {
      'a varint that ends too soon': '08 ff',
      'a varint of eleven bytes': '08 ff ff ff ff ff ff ff ff ff ff ff',
      'another wire type': '0d 01 02 03 04',
      'a wire type that does not exist': '0e',
      'field 0': '00 01',
      'a length beyond the packet': '42 05 61',
      'a packed list of 2^32 bytes': '1a 80 80 80 80 10 01',
      'a message that is longer than its own': '32 02 12 05',
      'a field that leaves its message': '32 03 09 00 00',
      'text that is not UTF-8': '42 02 c3 28',
      'the end of a group that never began': '9c 06',
      'a group that another ends': '9b 06 a4 06',
      'a group that does not end': '9b 06 98 06 01',
    };
    await expect(explained(proto, 3, bodies)).toMatchFileSnapshot('golden/broken-proto.txt');
  });

  it('may break off anywhere', () => {
    expect(explain(proto, '0b 00 03 00 42 05 61')).toContain(
      '✗ byte 7: the frame breaks off in word: by the frame’s size 4',
    );
    expect(explain(proto, '0d 00 03 00 11 05 61')).toContain(
      '✗ byte 7: the frame breaks off in may: by the frame’s size 6',
    );
    expect(explain(proto, '0b 00 03 00 32 05 09')).toContain('in x: by the length of at 4 more bytes follow');
  });

  it('is not explained deeper than 100 messages', () => {
    const levels = (count: number) => {
      let inner = '';
      for (let i = 0; i < count; i++) {
        const size = inner.length / 2;
        inner = `12${size < 128 ? size.toString(16).padStart(2, '0') : `${((size & 0x7f) | 0x80).toString(16)}${(size >> 7).toString(16).padStart(2, '0')}`}${inner}`;
      }
      // C_All.at has another number than Point.next.
      return inner.replace(/^12/, '32');
    };
    expect(explained(proto, 3, { deep: levels(100) })).not.toContain('✗');
    expect(explained(proto, 3, { deeper: levels(5000) })).toContain('messages lie deeper than 100');
  });

  it('has a fault where our own decoder finds one, and each byte in one part', () => {
    const tags = [0x08, 0x11, 0x1a, 0x18, 0x25, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x9b, 0x06, 0x9c];
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(...tags), fc.nat(5));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 30 }), (body) => agrees(proto, 3, 'C_All', Uint8Array.from(body))),
      { numRuns: 1000 },
    );
  });
});

describe('a frame of packets that were described field by field', () => {
  const good = 'feca 02 0300 417269 02 0000c03f fe 0100 0200 07000000 aabb';

  it('is explained part by part, or ends with where and why', async () => {
    const bodies = {
      'all fields': good,
      'a constant that is another': 'cafe 02',
      'a field that is not there': 'feca 01 0000 00 0000c03f fe',
      'a list that is too long': 'feca 01 0000 ff 0000c03f fe 0000',
      'text that is not UTF-8': 'feca 01 0200 c328 00 0000c03f fe',
    };
    await expect(explained(inline, 1, bodies)).toMatchFileSnapshot('golden/explained-inline.txt');
    expect(explain(inline, '10 00 02 00 030201 040506 616200000000')).toContain('tag     "ab"');
  });

  it('has a fault where our own decoder finds one, and each byte in one part', () => {
    const bytes = [...parseHex(good, 'good')];
    const changed = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length + 3));
    fc.assert(
      fc.property(changed, ([at, byte, length]) => {
        const body = Uint8Array.from({ length }, (_, i) => (i === at ? byte : (bytes[i] ?? 0)));
        agrees(inline, 1, 'Login', body);
        agrees(inline, 2, 'Pair', body);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a header', () => {
  it.each<[PresetName, string]>([
    ['servercore-body', '00 00 00 00'],
    ['id-first', '00 00 04 00'],
    ['mqtt', '00 00'],
  ])('of %s is explained', (preset, hex) => {
    const text = explain(proto, hex, presets[preset].framing);
    expect(text).toContain('= S_Empty');
    expect(text).not.toContain('✗');
  });

  it('may have a length of varying width in its midst, named fields, and an id of some bits', () => {
    const framing: Framing = {
      kind: 'length',
      lengthFieldOffset: 1,
      lengthFieldLength: 'varint',
      endian: 'big',
      lengthAdjustment: 3,
      idOffset: 0,
      idLength: 1,
      idMask: 0xf0,
      idShift: 4,
      headerFields: [{ name: 'sequence', offset: 1, length: 2, value: { counts: true } }],
      headerSize: 4,
      maxPacketSize: 65_535,
    };
    const body = '42 7e'.concat(' 61'.repeat(0x7e));
    expect(explain(proto, `35 80 01 0102 ee ${body}`, framing).split('\n').slice(0, 7)).toEqual([
      'frame 1: C_All, to the server, bytes 0 to 133',
      'offset  bytes                    field        value',
      '     0  35                       id           3 = C_All',
      '     1  80 01                    size         128',
      '     3  01 02                    sequence     258',
      '     5  ee                       header',
      '     6  42                       word tag     field 8, LEN',
    ]);
    expect(explain(proto, '35 80', framing)).toContain('✗ byte 2: the frame breaks off in its header');
  });

  it('without ids carries no packets', () => {
    expect(() => explain(proto, '00', presets.u16be.framing)).toThrow('in a framing without packet ids');
  });
});
