import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LengthFraming, serverCoreFraming } from '../../src/core/index.js';
import { explainFrames } from '../../src/generator/explain.js';
import { renderExplanation } from '../../src/generator/explanation-text.js';
import { parseHex } from '../../src/generator/hex.js';
import { compileDecoder, compileEncoder, type PacketDefinition, parsePdl, toValues } from '../../src/packets/index.js';
import { definitions, recordOf } from '../packets/arbitraries.js';

function packetsOf(path: string): readonly PacketDefinition[] {
  const set = parsePdl(readFileSync(path, 'utf8'), path);
  return set.format === 'pdl' ? set.packets : [];
}

const chat = packetsOf('scenarios/packets/chat.pdl.xml');
const vectors = packetsOf('test/packets/vectors/pdl.xml');

function explain(hex: string, packets = chat, framing: LengthFraming = serverCoreFraming): string {
  return renderExplanation(explainPdl(parseHex(hex, 'hex'), packets, framing));
}

function explainPdl(
  bytes: Uint8Array,
  packets: readonly PacketDefinition[],
  framing: LengthFraming = serverCoreFraming,
) {
  return explainFrames(bytes, { framing, set: { format: 'pdl', packets } });
}

describe('frames that fit', () => {
  it('are explained byte by byte', async () => {
    const { vectors: cases } = JSON.parse(readFileSync('test/packets/vectors/pdl.json', 'utf8')) as {
      readonly vectors: readonly { readonly hex: string }[];
    };
    const text = explain(cases.map(({ hex }) => hex).join('\n'), vectors);
    await expect(`${text}\n`).toMatchFileSnapshot('golden/explained.txt');
  });

  it('have no fault, and each byte in one part', () => {
    const packets = definitions.chain((definition) => fc.tuple(fc.constant(definition), recordOf(definition.fields)));
    fc.assert(
      fc.property(packets, ([definition, record]) => {
        const encoder = compileEncoder(definition, serverCoreFraming);
        const values = toValues(definition, record);
        const size = encoder.frameSize(values);
        const twice = new Uint8Array(2 * size);
        encoder.write(values, twice, encoder.write(values, twice, 0));
        const frames = explainPdl(twice, [definition]);
        expect(frames.map(({ start, end, fault }) => ({ start, end, fault }))).toEqual([
          { start: 0, end: size, fault: undefined },
          { start: size, end: 2 * size, fault: undefined },
        ]);
        expect(frames.flatMap(({ parts }) => parts.flatMap((part) => [...part.bytes]))).toEqual([...twice]);
      }),
    );
  });
});

describe('frames that do not fit', () => {
  const broken: Readonly<Record<string, string>> = {
    'breaks off in its size': '0e',
    'breaks off in its id': '0e 00 02',
    'breaks off in a number': '0e 00 02 00 07 00',
    'breaks off in a text': '0e 00 02 00 07 00 00 00 04 00 68 00',
    'breaks off behind its fields': '10 00 02 00 07 00 00 00 00 00',
    'size below the header, then what may be anything': '03 00 01 00 06 00 01 00 00 00',
    'no such id, then a good frame': '05 00 63 00 aa 06 00 01 00 00 00',
    'size too small for its fields, then a good frame': '05 00 01 00 02 06 00 01 00 00 00',
    'odd text': '07 00 01 00 01 00 68',
    'bytes left over': '08 00 01 00 00 00 01 02',
    'text that a terminal would obey': '0c 00 01 00 06 00 1b 00 9b 00 2e 20',
  };

  it('say at which byte and why', async () => {
    const text = Object.entries(broken).map(([title, hex]) => `== ${title}: ${hex}\n${explain(hex)}\n`);
    await expect(text.join('\n')).toMatchFileSnapshot('golden/broken.txt');
  });

  it('are those that our own decoder refuses', () => {
    fc.assert(
      fc.property(definitions, fc.uint8Array({ maxLength: 60 }), (definition, body) => {
        const frame = Uint8Array.of(4 + body.length, 0, 1, 0, ...body);
        const [explained] = explainPdl(frame, [definition]);
        const decode = () => compileDecoder(definition, serverCoreFraming, 'all').decode(frame, 0, frame.length);
        if (explained?.fault === undefined) decode();
        else expect(decode).toThrow();
        expect(explained?.parts.flatMap((part) => [...part.bytes])).toEqual([...frame]);
      }),
      { numRuns: 500 },
    );
  });

  it('end: any bytes at all are explained, each once', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (input) => {
        const frames = explainPdl(input, vectors);
        expect(frames.flatMap(({ parts }) => parts.flatMap((part) => [...part.bytes]))).toEqual([...input]);
      }),
      { numRuns: 500 },
    );
  });

  it('has a count that cannot be true', () => {
    const skills: PacketDefinition = {
      name: 'S_Skills',
      id: 1,
      direction: 'toClient',
      fields: [{ name: 'skills', type: 'list', item: 'skill', fields: [{ name: 'id', type: 'int' }] }],
    };
    const [frame] = explainPdl(parseHex('06 00 01 00 ff ff', 'hex'), [skills]);
    expect(frame?.fault).toEqual({
      offset: 4,
      reason: 'skills: 65535 elements cannot stand in the 0 bytes that the frame’s size leaves',
    });
  });

  it('has an id that two packets share, as long as nobody says who sent it', () => {
    const [frame] = explainPdl(parseHex('06 00 01 00 00 00', 'hex'), [...chat, { ...chat[1]!, id: 1 }]);
    expect(frame?.fault).toEqual({
      offset: 2,
      reason: 'the id 1 is that of C_Chat and S_Chat: only who sent the frame tells which',
    });
  });
});

it('names every byte of a header that holds more than size and id', () => {
  const framing: LengthFraming = {
    kind: 'length',
    lengthFieldOffset: 4,
    lengthFieldLength: 4,
    endian: 'big',
    lengthAdjustment: -8,
    idOffset: 10,
    idLength: 2,
    headerSize: 14,
    maxPacketSize: 65_535,
  };
  expect(explain('ca fe ba be 00 00 00 10 aa bb 00 01 cc dd 00 00', chat, framing).split('\n')).toEqual([
    'frame 1: C_Chat, to the server, bytes 0 to 15',
    'offset  bytes        field        value',
    '     0  ca fe ba be  header',
    '     4  00 00 00 10  size         16',
    '     8  aa bb        header',
    '    10  00 01        id           1 = C_Chat',
    '    12  cc dd        header',
    '    14  00 00        chat length  0 bytes',
  ]);
});
