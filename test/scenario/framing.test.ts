import { describe, expect, it } from 'vitest';
import { compileFrameWriter, compileFraming, type Framing, type LengthFraming } from '../../src/core/index.js';
import { presetNames } from '../../src/scenario/framing-presets.js';
import { load, problemsOf, scenarioWith } from './scenario-files.js';

function protocolWith(keys: string) {
  return load(`
target: localhost:1
protocol: { packets: text, ${keys} }
load: { clients: 1, duration: 1s }
clients: { one: { loop: [] } }
`).protocol;
}

function sent(framing: string): Framing {
  return protocolWith(`framing: ${framing}`).send;
}

/** What is wrong with a framing of packets that have ids,. */
function problems(framing: string): readonly string[] {
  const scenario = `target: localhost:1
protocol: { packets: packets.xml, framing: ${framing} }
load: { clients: 1, duration: 1s }
clients: { one: { loop: [] } }
`;
  return problemsOf(() => load(scenario)).map(({ message }) => message);
}

/** A frame with three bytes of body, in hex. */
function frameOf(framing: Framing, id: number): string {
  const { headerSize, trailerSize, finish } = compileFrameWriter(framing);
  const bodyStart = headerSize(3);
  const buffer = Buffer.alloc(bodyStart + 3 + trailerSize, 0xaa);
  finish(buffer, bodyStart, bodyStart + 3, id);
  return buffer.toString('hex');
}

describe('presets', () => {
  const frames: Readonly<Record<(typeof presetNames)[number], string>> = {
    servercore: '07000300aaaaaa',
    'servercore-body': '03000300aaaaaa',
    'id-first': '03000700aaaaaa',
    u8: '03aaaaaa',
    u16be: '0003aaaaaa',
    u32be: '00000003aaaaaa',
    u32le: '03000000aaaaaa',
    varint: '03aaaaaa',
    mqtt: '3003aaaaaa',
    line: 'aaaaaa0a',
    crlf: 'aaaaaa0d0a',
    raw: 'aaaaaa',
  };

  it.each(presetNames)('%s', (preset) => {
    const packets = /^(servercore|id|mqtt)/.test(preset) ? 'one.pdl.xml' : 'text';
    const framing = packets === 'text' ? sent(preset) : presetOf(preset);
    expect(frameOf(framing, 3)).toBe(frames[preset]);
    expect(compileFraming(framing).frameSize(Buffer.from(frames[preset], 'hex'), 0, frames[preset].length / 2, 0)).toBe(
      frames[preset].length / 2,
    );
  });

  it('take a maxPacketSize of their own', () => {
    expect(sent('{ preset: u32be, maxPacketSize: 1000000 }')).toEqual({
      ...(sent('u32be') as LengthFraming),
      maxPacketSize: 1_000_000,
    });
    expect(problems('{ preset: servercore, maxPacketSize: 3 }')).toEqual(['3 bytes do not even hold the header of 4']);
    expect(problems('{ preset: raw, maxPacketSize: 3 }')).toEqual(['`raw` has no packets that could be too large']);
  });

  it('may be changed in any key of a header', () => {
    expect(presetOf('{ preset: mqtt, idRest: { 8: 2 } }')).toEqual({
      ...(presetOf('mqtt') as LengthFraming),
      idRest: { 8: 2 },
    });
    const numbered =
      '{ preset: servercore, headerFields: [{ name: n, offset: 4, length: 2, value: { match: true } }] }';
    expect(presetOf(numbered)).toMatchObject({
      idOffset: 2,
      lengthAdjustment: -2,
      headerSize: 6,
      maxPacketSize: 65_535,
    });
    expect(presetOf('{ preset: u16be, idOffset: 2 }')).toMatchObject({ idLength: 2, endian: 'big', headerSize: 4 });
    expect(sent('{ preset: u16be }')).toEqual(sent('u16be'));
    expect(sent('{ preset: line, maxPacketSize: 9 }')).toMatchObject({ delimiters: [[10]], maxPacketSize: 9 });
  });

  it('without a header have nothing else to change', () => {
    expect(problems('{ preset: line, idOffset: 1 }')).toEqual(['`line` has no header with a length']);
    expect(problems('{ preset: servercore, idOffset: 1 }')).toEqual([
      'the id (bytes 1 to 2) overlaps the length field (bytes 0 to 1)',
    ]);
  });

  it('have the flags of MQTT where its server wants them', () => {
    expect(frameOf(presetOf('mqtt'), 8)).toBe('8203aaaaaa');
  });
});

function presetOf(preset: string): Framing {
  return load(`
target: localhost:1
protocol: { packets: packets.xml, framing: ${preset} }
load: { clients: 1, duration: 1s }
clients: { one: { loop: [] } }
`).protocol.send;
}

describe('framing', () => {
  it('by several delimiters', () => {
    expect(sent('{ delimiter: ["\\r\\n", "\\n"] }')).toEqual({
      kind: 'delimiter',
      delimiters: [[0x0d, 0x0a], [0x0a]],
      maxPacketSize: 65_535,
    });
  });

  it('by a fixed length', () => {
    expect(sent('{ fixedLength: 16 }')).toEqual({ kind: 'fixed', length: 16 });
  });

  it('by a header with constants, numbers and an id in some of the bits of a byte', () => {
    const { send } = load(`
target: localhost:1
protocol:
  framing:
    lengthFieldOffset: 4
    lengthFieldLength: 2
    endian: big
    idOffset: 6
    idLength: 1
    idMask: 0xf0
    idShift: 4
    idRest: { 1: 3 }
    headerFields:
      - { name: magic, offset: 0, length: 4, value: 0xcafebabe }
      - { name: sequence, offset: 7, length: 1, value: { counts: true } }
      - { name: request, offset: 8, length: 4, value: { match: true } }
  packets: packets.xml
load: { clients: 1, duration: 1s }
clients: { one: { loop: [] } }
`).protocol;
    expect(send).toEqual({
      kind: 'length',
      lengthFieldOffset: 4,
      lengthFieldLength: 2,
      endian: 'big',
      lengthAdjustment: 0,
      idOffset: 6,
      idLength: 1,
      idMask: 0xf0,
      idShift: 4,
      idRest: { 1: 3 },
      headerFields: [
        { name: 'magic', offset: 0, length: 4, value: 0xcafe_babe },
        { name: 'sequence', offset: 7, length: 1, value: { counts: true } },
        { name: 'request', offset: 8, length: 4, value: { match: true } },
      ],
      headerSize: 12,
      maxPacketSize: 65_535,
    });
    expect(frameOf(send, 1)).toBe('cafebabe 0009 13 00 00000000 aaaaaa'.replaceAll(' ', ''));
  });

  it('of one direction alone says what to write for the other', () => {
    const scenario = scenarioWith('{ loop: [] }').replace(
      'packets.xml }',
      'packets.xml, framing: { send: servercore } }',
    );
    expect(problemsOf(() => load(scenario))).toMatchObject([
      {
        message: '`receive` is missing',
        hint: expect.stringContaining('write receive: servercore, or another framing'),
      },
    ]);
  });

  const header = (fields: string): string => `{ lengthFieldLength: 2, idOffset: 2, ${fields} }`;
  const field = (offset: number, length: number, value: string): string =>
    `{ name: f${offset}, offset: ${offset}, length: ${length}, value: ${value} }`;

  it.each([
    [header(`headerFields: [${field(3, 2, '1')}]`), 'the field `f3` (bytes 3 to 4) overlaps the id (bytes 2 to 3)'],
    [header(`headerFields: [${field(4, 1, '256')}]`), '256 does not fit a byte'],
    [header(`headerFields: [${field(4, 2, '65536')}]`), '65536 does not fit 2 bytes'],
    [
      header(`headerFields: [${field(4, 1, '{ match: true }')}, ${field(5, 1, '{ match: true }')}]`),
      'replies are matched by one field only',
    ],
    [header('idMask: 0x10000'), 'the mask 0x10000 is wider than the id, which has 2 bytes'],
    [header('idMask: 0'), 'the mask leaves no bit to the id'],
    [header('idMask: 0xf0, idRest: 0x1f'), '0x1f has bits that are not beside the id, whose mask is 0xf0'],
    [header('idMask: 0xf0, idRest: { 2: 0x10 }'), '0x10 has bits that are not beside the id, whose mask is 0xf0'],
    [header('idMask: 0xf0, idShift: 4, idRest: { Echo: 1 }'), '`Echo` is not the id of a packet'],
    [header('idMask: 0xf0, idShift: 4, idRest: { 16: 1 }'), '`16` is not the id of a packet'],
    [header('headerSize: 3'), "the header's 3 bytes end before its fields, which need 4"],
    [
      '{ lengthFieldLength: varint, idOffset: 1 }',
      'offsets behind a varint are counted as though it had no width: here a byte stands between the length and the id',
    ],
    [
      '{ lengthFieldLength: varint, lengthFieldOffset: 1, idOffset: 4, idLength: 1 }',
      'offsets behind a varint are counted as though it had no width: here 3 bytes stand between the length and the id',
    ],
    ['{ lengthFieldLength: 2, idMask: 0xf0 }', '`idMask` says which bits are the id, and packets here have none'],
    [
      '{ lengthFieldLength: varint, lengthFieldOffset: 1, idOffset: 0 }',
      'the id (bytes 0 to 1) overlaps the length field (byte 1)',
    ],
    ['{ lengthFieldLength: varint, idOffset: 0, maxPacketSize: 2 }', '2 bytes do not even hold the header of 3'],
    [
      '{ lengthFieldLength: 1, idOffset: 1, idLength: 1, idMask: 1 }',
      'the id 3 of packet C_Say is too large: the framing has room for ids up to 1',
    ],
  ])('refuses %s', (framing, message) => {
    expect(problems(framing)[0]).toContain(message);
  });
});

describe('preamble', () => {
  it('is text, or bytes in hex, or nothing', () => {
    expect(protocolWith('framing: line, preamble: "HI\\n"').preamble).toEqual([0x48, 0x49, 0x0a]);
    expect(protocolWith('framing: line, preamble: { hex: "CA fe 01" }').preamble).toEqual([0xca, 0xfe, 0x01]);
    expect(protocolWith('framing: line').preamble).toEqual([]);
  });
});
