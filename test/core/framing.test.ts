import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileFrameWriter,
  compileFraming,
  type DelimiterFraming,
  type Framing,
  type HeaderField,
  type LengthFraming,
  largestIdOf,
  serverCoreFraming,
} from '../../src/core/index.js';
import { everything, type FramingCase, framingCases, lengthFraming, mqtt, varintInside } from './framing-cases.js';
import { fromHex, toHex } from './hex.js';
import { RecordingSession } from './recording-session.js';
import { ScriptedTransport } from './scripted-transport.js';

function receive(
  framingCase: Pick<FramingCase, 'framing'>,
  chunks: readonly Uint8Array[],
  offset = 0,
): RecordingSession {
  const session = new RecordingSession({}, { framing: framingCase.framing });
  const transport = new ScriptedTransport();
  session.start(transport);
  for (const chunk of chunks) transport.arrive(chunk, offset);
  return session;
}

/** A whole frame, written where there is something before and behind it. */
function writeFrame(framing: Framing, body: Uint8Array, id: number): Uint8Array {
  const { headerSize, trailerSize, finish } = compileFrameWriter(framing);
  const bodyStart = 3 + headerSize(body.length);
  const buffer = new Uint8Array(bodyStart + body.length + trailerSize + 2).fill(0xee);
  buffer.set(body, bodyStart);
  const end = finish(buffer, bodyStart, bodyStart + body.length, id);
  expect(end).toBe(buffer.length - 2);
  expect([...buffer.subarray(0, 3), ...buffer.subarray(end)]).toEqual([0xee, 0xee, 0xee, 0xee, 0xee]);
  return buffer.slice(3, end);
}

/** Cuts `bytes` at the given positions. */
function cut(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const inside = [...new Set(positions.map((position) => position % bytes.length))].sort((a, b) => a - b);
  return [0, ...inside]
    .map((from, i) => bytes.slice(from, inside[i] ?? bytes.length))
    .filter((chunk) => chunk.length > 0);
}

function expectFrames(session: RecordingSession, { frames, ids, error }: FramingCase): void {
  expect(session.packets).toEqual(frames);
  expect(session.ids).toEqual(ids);
  expect(session.reason?.cause).toBe(error === undefined ? undefined : 'protocol');
  expect(session.reason?.code).toBe(error);
  const batched = session.batches.reduce((sum, { packets }) => sum + packets, 0);
  expect(batched).toBe(frames.length);
}

describe.each(framingCases)('framing: $name', (framingCase) => {
  const wire = fromHex(framingCase.wire);

  it('reads the stream whole', () => {
    const session = receive(framingCase, [wire]);
    expectFrames(session, framingCase);
    expect(session.batches).toEqual([{ packets: framingCase.frames.length, bytes: wire.length }]);
  });

  it('reads the stream from the middle of a buffer', () => {
    expectFrames(receive(framingCase, [wire], 1000), framingCase);
  });

  it('reads the stream byte by byte', () => {
    const bytes = Array.from(wire, (byte) => Uint8Array.of(byte));
    expectFrames(receive(framingCase, bytes), framingCase);
  });

  it('reads the stream at random splits', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 8 }), (positions) => {
        expectFrames(receive(framingCase, cut(wire, positions)), framingCase);
      }),
    );
  });

  it('writes each complete frame as it stood on the wire', () => {
    const { bodyOffset } = compileFraming(framingCase.framing);
    const bodyOf = (frame: string): Uint8Array => {
      const bytes = fromHex(frame);
      return bytes.subarray(bodyOffset(bytes, 0));
    };
    const written = framingCase.frames.map((frame, i) =>
      writeFrame(framingCase.framing, bodyOf(frame), framingCase.ids[i]!),
    );
    const again = receive(framingCase, written);
    expect(again.ids).toEqual(framingCase.ids);
    expect(again.packets.map(bodyOf)).toEqual(framingCase.frames.map(bodyOf));
  });
});

describe('framing: raw', () => {
  it('hands on each chunk as it arrives, and counts it as one packet', () => {
    const session = receive({ framing: { kind: 'raw' } }, [fromHex('0102'), fromHex('03')]);
    expect(session.packets).toEqual(['0102', '03']);
    expect(session.ids).toEqual([-1, -1]);
    expect(session.batches).toEqual([
      { packets: 1, bytes: 2 },
      { packets: 1, bytes: 1 },
    ]);
  });
});

describe('receiving', () => {
  it('reads random packets at random splits, large ones too', () => {
    const bodies = fc.array(
      fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 300, maxLength: 3000 })),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(), { maxLength: 20 }), (bodies, positions) => {
        const frames = bodies.map((body, id) => {
          const frame = Buffer.alloc(4 + body.length);
          frame.writeUInt16LE(frame.length, 0);
          frame.writeUInt16LE(id, 2);
          frame.set(body, 4);
          return frame;
        });
        const session = receive({ framing: serverCoreFraming }, cut(Buffer.concat(frames), positions));
        expect(session.packets).toEqual(frames.map(toHex));
        expect(session.ids).toEqual(frames.map((_, id) => id));
      }),
    );
  });

  it('counts the packets of each receive, and the receives that complete none', () => {
    const chunks = ['04000100 04000200 0600', '0300', 'aabb 04000400'].map(fromHex);
    const session = receive({ framing: serverCoreFraming }, chunks);
    expect(session.batches).toEqual([
      { packets: 2, bytes: 10 },
      { packets: 0, bytes: 2 },
      { packets: 2, bytes: 6 },
    ]);
  });

  it('uses the framing of its own direction', () => {
    const session = new RecordingSession({}, { framing: { send: { kind: 'raw' }, receive: serverCoreFraming } });
    const transport = new ScriptedTransport();
    session.start(transport);
    transport.arrive(fromHex('04000100 04000200'));
    expect(session.packets).toEqual(['04000100', '04000200']);
  });
});

/** Every kind of header, with room for bodies of many sizes, and bodies that fit. */
const framings: readonly { readonly name: string; readonly framing: Framing; readonly largestId: number }[] = [
  { name: 'ServerCore', framing: serverCoreFraming, largestId: 65_535 },
  { name: 'MQTT', framing: mqtt, largestId: 15 },
  { name: 'a varint between an id and a field', framing: varintInside, largestId: 65_535 },
  { name: 'a header of everything', framing: everything, largestId: 7 },
];

describe.each(framings)('writer and parser are inverse: $name', ({ framing, largestId }) => {
  it('for any bodies, ids and chunks', () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      // On both sides of where a varint becomes longer.
      fc.integer({ min: 100, max: 300 }).map((size) => new Uint8Array(size).fill(0x85)),
      fc.integer({ min: 16_200, max: 16_500 }).map((size) => new Uint8Array(size).fill(0xff)),
    );
    const packet = fc.record({ body, id: fc.nat(largestId) });
    fc.assert(
      fc.property(
        fc.array(packet, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (sent, cuts) => {
          const { bodyOffset } = compileFraming(framing);
          const frames = sent.map(({ body, id }) => writeFrame(framing, body, id));
          const session = receive({ framing }, cut(Buffer.concat(frames), cuts));
          expect(session.packets).toEqual(frames.map(toHex));
          expect(session.ids).toEqual(sent.map(({ id }) => id));
          expect(frames.map((frame) => toHex(frame.subarray(bodyOffset(frame, 0))))).toEqual(
            sent.map(({ body }) => toHex(body)),
          );
        },
      ),
    );
  });
});

describe('several delimiters', () => {
  it('give the same frames however the stream is cut', () => {
    const framing: Framing = { kind: 'delimiter', delimiters: [[1, 2], [2], [3, 3, 1]], maxPacketSize: 1000 };
    const stream = fc.uint8Array({ min: 0, max: 4, minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
        const whole = receive({ framing }, [bytes]);
        const cutUp = receive({ framing }, cut(bytes, cuts));
        expect(cutUp.packets).toEqual(whole.packets);
        expect(whole.packets.every((frame) => !fromHex(frame).includes(2))).toBe(true);
      }),
    );
  });
});

describe('whatever a hostile peer sends', () => {
  it.each([...framings, ...framingCases])(
    '$name: frames, or one protocol error, the same for any chunks',
    ({ framing }) => {
      fc.assert(
        fc.property(
          fc.uint8Array({ minLength: 1, maxLength: 200 }),
          fc.array(fc.nat(), { maxLength: 8 }),
          (bytes, cuts) => {
            const whole = receive({ framing }, [bytes]);
            const cutUp = receive({ framing }, cut(bytes, cuts));
            expect(cutUp.packets).toEqual(whole.packets);
            expect(cutUp.reason?.code).toBe(whole.reason?.code);
            expect([undefined, 'protocol']).toContain(whole.reason?.cause);
          },
        ),
      );
    },
  );

  it('holds no more than the largest frame while a delimiter never comes', () => {
    const framing: Framing = { kind: 'delimiter', delimiters: [[10], [13, 10]], maxPacketSize: 1000 };
    const session = receive({ framing }, new Array(20).fill(new Uint8Array(100)));
    expect(session.reason).toMatchObject({ cause: 'protocol', code: 'packet-too-large' });
  });
});

describe('sequence numbers', () => {
  const number = (length: 1 | 2 | 4 | 8, offset: number, value: HeaderField['value']): HeaderField => ({
    name: `at ${offset}`,
    offset,
    length,
    value,
  });
  const framing = lengthFraming({
    headerSize: 7,
    headerFields: [number(1, 4, { counts: true }), number(2, 5, { match: true })],
  });

  it('are written into every field that counts, and wrap at its width', () => {
    const frame = writeFrame(framing, new Uint8Array(0), 1);
    const { writeSequence } = compileFrameWriter(framing);
    const { readMatch } = compileFraming(framing);
    expect(toHex(frame)).toBe('07000100000000');
    expect(writeSequence?.(frame, 0, 258)).toBe(258);
    expect(toHex(frame)).toBe('07000100020201');
    expect(readMatch?.(frame, 0)).toBe(258);
    expect(writeSequence?.(frame, 0, 65_537)).toBe(1);
    expect(readMatch?.(frame, 0)).toBe(1);
  });

  it('stand behind a varint wherever that ends', () => {
    const frame = writeFrame(varintInside, new Uint8Array(200), 1);
    expect(compileFrameWriter(varintInside).writeSequence?.(frame, 0, 0x0102)).toBe(0x0102);
    expect(toHex(frame.subarray(0, 8))).toBe('0001ca0101020000');
    expect(compileFraming(varintInside).readMatch?.(frame, 0)).toBe(0x0102);
  });

  it('leave constants alone, and find no reply where no field is for that', () => {
    const frame = writeFrame(everything, fromHex('ff'), 5);
    expect(compileFrameWriter(everything).writeSequence?.(frame, 0, 258)).toBe(-1);
    expect(toHex(frame)).toBe('cafebabea900000e000000000000010203ff');
  });

  it('are there only where the framing has a field for them', () => {
    expect(compileFrameWriter(serverCoreFraming).writeSequence).toBeNull();
    expect(compileFraming(serverCoreFraming).readMatch).toBeNull();
  });
});

describe('compileFraming', () => {
  const field = (changes: Partial<HeaderField>): Partial<LengthFraming> => ({
    headerFields: [{ name: 'a', offset: 0, length: 1, value: 0, ...changes }],
  });
  const match = { match: true } as const;
  const { idOffset: _offset, ...withoutIdOffset } = serverCoreFraming;
  const whole = 'offsets and sizes must be whole numbers';

  it.each<[string, Partial<LengthFraming>, string]>([
    ['a header that ends inside the length field', { headerSize: 1 }, 'the length field reaches beyond headerSize'],
    ['a maxPacketSize below the header', { maxPacketSize: 3 }, 'maxPacketSize is smaller than headerSize'],
    ['an offset that is no whole number', { lengthFieldOffset: 0.5 }, whole],
    ['an offset below 0', { idOffset: -1 }, whole],
    ['a header size that is no whole number', { headerSize: 4.5 }, whole],
    ['a maxPacketSize that is none', { maxPacketSize: Number.POSITIVE_INFINITY }, whole],
    [
      'an adjustment that is no whole number',
      { lengthAdjustment: Number.NaN },
      'lengthAdjustment must be a whole number',
    ],
    ['an id beyond the header', { idOffset: 3 }, 'the id reaches beyond headerSize'],
    ['a mask wider than the id', { idMask: 0x10000 }, 'idMask is wider than the id'],
    ['a mask that is no whole number', { idMask: 0.5 }, 'idMask is wider than the id'],
    ['a shift that loses bits of the id', { idMask: 0xff, idShift: 4 }, 'idShift shifts bits of the id away'],
    ['a shift by half a bit', { idShift: 0.5 }, 'idShift shifts bits of the id away'],
    ['a shift by more bits than an id has', { idMask: 0, idShift: 32 }, 'idShift shifts bits of the id away'],
    [
      'constant bits that are the id’s',
      { idMask: 0xf0, idShift: 4, idRest: { 3: 0x10 } },
      'idRest must lie in the bits beside idMask',
    ],
    ['constant bits beyond the id', { idMask: 0xf0, idRest: 0x1_0000 }, 'idRest must lie in the bits beside idMask'],
    ['half a constant bit', { idMask: 0xf0, idRest: 0.5 }, 'idRest must lie in the bits beside idMask'],
    ['a header field beyond the header', field({ offset: 4 }), 'the header field a reaches beyond headerSize'],
    ['a header field before the header', field({ offset: -1 }), whole],
    ['a constant wider than its field', field({ value: 256 }), '256 does not fit the 1 byte of the header field a'],
    ['a constant below 0', field({ value: -1 }), '-1 does not fit the 1 byte of the header field a'],
    [
      'an id that reaches into a varint',
      { lengthFieldLength: 'varint', lengthFieldOffset: 3 },
      'the id reaches into the length field',
    ],
    [
      'two fields to match replies by',
      {
        headerFields: [
          { name: 'a', offset: 0, length: 1, value: match },
          { name: 'b', offset: 1, length: 1, value: match },
        ],
      },
      'replies are matched by one header field only',
    ],
  ])('refuses %s', (_name, changes, message) => {
    const framing = { ...serverCoreFraming, ...changes };
    expect(() => compileFraming(framing)).toThrowError(expect.objectContaining({ code: 'bad-framing', message }));
    expect(() => compileFrameWriter(framing)).toThrowError(expect.objectContaining({ code: 'bad-framing', message }));
  });

  it('refuses a length of an id whose place is not said', () => {
    expect(() => compileFraming(withoutIdOffset)).toThrowError('idOffset and idLength go together');
  });

  it.each<[string, Partial<LengthFraming>]>([
    ['a maxPacketSize of a header', { maxPacketSize: 4 }],
    ['a length field that ends with the header', { headerSize: 2, idOffset: 0 }],
    ['a constant that fills its field', field({ value: 255 })],
    ['one field to match replies by', field({ value: match })],
    ['an id behind a varint', { lengthFieldLength: 'varint', lengthFieldOffset: 0, idOffset: 0 }],
    ['an id that ends where a varint begins', { lengthFieldLength: 'varint', lengthFieldOffset: 2, idOffset: 0 }],
    ['the highest bit of an id of 32', { headerSize: 6, idLength: 4, idMask: 2 ** 31, idShift: 31 }],
  ])('takes %s', (_name, changes) => {
    expect(compileFraming({ ...serverCoreFraming, ...changes })).toBeDefined();
  });

  it.each<[string, Partial<DelimiterFraming>, string]>([
    ['no delimiter', { delimiters: [] }, 'there is no delimiter'],
    ['an empty delimiter beside another', { delimiters: [[10], []] }, 'the delimiter is empty'],
    ['a delimiter with more than a byte in it', { delimiters: [[10, 256]] }, 'a delimiter is made of bytes'],
    ['a delimiter with less than a byte in it', { delimiters: [[-1, 10]] }, 'a delimiter is made of bytes'],
    ['a delimiter with half a byte in it', { delimiters: [[10], [0.5]] }, 'a delimiter is made of bytes'],
    ['no room for a frame', { maxPacketSize: 0 }, 'maxPacketSize must be a whole number above 0'],
    ['room for half a byte', { maxPacketSize: 1.5 }, 'maxPacketSize must be a whole number above 0'],
  ])('refuses %s', (_name, changes, message) => {
    const framing: Framing = { kind: 'delimiter', delimiters: [[10]], maxPacketSize: 10, ...changes };
    expect(() => compileFraming(framing)).toThrowError(expect.objectContaining({ code: 'bad-framing', message }));
  });

  it('takes delimiters of any bytes, and frames of one', () => {
    expect(compileFraming({ kind: 'delimiter', delimiters: [[0, 255]], maxPacketSize: 1 }).largestFrame).toBe(3);
  });

  it.each([0, 1.5, -1])('refuses frames of %s bytes', (length) => {
    expect(() => compileFraming({ kind: 'fixed', length })).toThrowError(
      expect.objectContaining({ code: 'bad-framing', message: 'length must be a whole number above 0' }),
    );
  });

  it('waits for the rest of a line as long as it may be, wherever it stands', () => {
    const { frameSize } = compileFraming({ kind: 'delimiter', delimiters: [[0x0d, 0x0a]], maxPacketSize: 10 });
    const buffer = new Uint8Array(200).fill(0x61);
    expect(frameSize(buffer, 100, 111, 0)).toBe(0);
    expect(() => frameSize(buffer, 100, 112, 0)).toThrowError(expect.objectContaining({ code: 'packet-too-large' }));
  });

  it('finds no delimiter that began in the frame before', () => {
    const delimiters = [[0x0d], [0x0d, 0x0a]];
    const { frameSize } = compileFraming({ kind: 'delimiter', delimiters, maxPacketSize: 10 });
    const buffer = fromHex('61 0d 0a 62 0d');
    expect(frameSize(buffer, 0, 5, 0)).toBe(2);
    expect(frameSize(buffer, 2, 5, 0)).toBe(3);
  });

  it('reads the bits of the id alone, shifted or not', () => {
    const frame = fromHex('0400 34f2');
    expect(compileFraming(lengthFraming({ idMask: 0x0fff })).readId(frame, 0)).toBe(0x234);
    expect(compileFraming(lengthFraming({ idMask: 0x0ff0, idShift: 4 })).readId(frame, 0)).toBe(0x23);
  });

  it('knows the largest id that there is room for, and that there is none where frames have no id', () => {
    const { idOffset: _, idLength: __, ...withoutId } = serverCoreFraming;
    const masked = lengthFraming({ idMask: 0xfff0, idShift: 4 });
    expect([serverCoreFraming, masked, withoutId].map(largestIdOf)).toEqual([65_535, 0xfff, -1]);
  });

  it('cuts a raw frame out of the middle of a buffer', () => {
    expect(compileFraming({ kind: 'raw' }).frameSize(new Uint8Array(20), 5, 12, 0)).toBe(7);
  });

  it('compiles each framing object once', () => {
    expect(compileFraming(serverCoreFraming)).toBe(compileFraming(serverCoreFraming));
  });
});

describe('compileFrameWriter', () => {
  const buffer = new Uint8Array(70_000);

  it('writes the size and the id where ServerCore has them', () => {
    const end = compileFrameWriter(serverCoreFraming).finish(buffer, 4, 6, 258);
    expect(toHex(buffer.subarray(0, 4))).toBe('06000201');
    expect(end).toBe(6);
  });

  it('fills the header bytes that are neither size nor id with zeros', () => {
    buffer.fill(0xee);
    compileFrameWriter({ ...serverCoreFraming, headerSize: 8 }).finish(buffer, 8, 9, 1);
    expect(toHex(buffer.subarray(0, 9))).toBe('0900010000000000ee');
  });

  it('fills a gap that constants leave', () => {
    buffer.fill(0xee);
    const magic: HeaderField = { name: 'magic', offset: 3, length: 1, value: 0x7e };
    const gap: LengthFraming = { ...serverCoreFraming, headerFields: [magic], idOffset: 4, headerSize: 6 };
    compileFrameWriter(gap).finish(buffer, 6, 7, 1);
    expect(toHex(buffer.subarray(0, 7))).toBe('0700007e0100ee');
  });

  it('leaves a raw frame as it is', () => {
    buffer.fill(0xee);
    expect(compileFrameWriter({ kind: 'raw' }).finish(buffer, 3, 9, -1)).toBe(9);
    expect(buffer.every((byte) => byte === 0xee)).toBe(true);
  });

  it('says how large a packet may be where its size field cannot say more', () => {
    const short: LengthFraming = {
      ...serverCoreFraming,
      lengthFieldLength: 1,
      lengthAdjustment: -1,
      idOffset: 1,
      headerSize: 3,
    };
    const writer = compileFrameWriter(short);
    expect(writer.finish(buffer, 3, 255, 1)).toBe(255);
    expect(() => writer.finish(buffer, 3, 256, 1)).toThrowError(/256 .*255/);
  });

  it('refuses a size that would wrap round', () => {
    const writer = compileFrameWriter({ ...serverCoreFraming, maxPacketSize: 1_000_000 });
    expect(writer.finish(buffer, 4, 65_535, 1)).toBe(65_535);
    expect(() => writer.finish(buffer, 4, 65_536, 1)).toThrowError(
      expect.objectContaining({ code: 'packet-too-large' }),
    );
  });

  it('compiles each framing object once', () => {
    expect(compileFrameWriter(serverCoreFraming)).toBe(compileFrameWriter(serverCoreFraming));
  });

  it('refuses a packet larger than maxPacketSize, header and all, wherever it stands', () => {
    const writer = compileFrameWriter({ ...serverCoreFraming, maxPacketSize: 8 });
    expect(writer.finish(buffer, 104, 108, 1)).toBe(108);
    expect(() => writer.finish(buffer, 104, 109, 1)).toThrowError(
      expect.objectContaining({
        code: 'packet-too-large',
        message: 'a packet of 9 bytes exceeds the 8 that its framing allows',
      }),
    );
  });

  it('refuses a packet larger than maxPacketSize', () => {
    const line = compileFrameWriter({ kind: 'delimiter', delimiters: [[0x0a]], maxPacketSize: 3 });
    expect(line.finish(buffer, 0, 3, -1)).toBe(4);
    expect(() => line.finish(buffer, 0, 4, -1)).toThrowError(expect.objectContaining({ code: 'packet-too-large' }));
  });

  it('refuses a packet smaller than its size field can say', () => {
    const writer = compileFrameWriter({ ...serverCoreFraming, lengthAdjustment: 6 });
    const tooSmall = (words: string) => expect.objectContaining({ code: 'packet-too-small', message: words });
    expect(() => writer.finish(buffer, 104, 107, 1)).toThrowError(
      tooSmall('a body of 3 bytes is below the 4 that its framing can express'),
    );
    expect(() => writer.finish(buffer, 104, 105, 1)).toThrowError(
      tooSmall('a body of 1 byte is below the 4 that its framing can express'),
    );
  });

  it.each([-1, 0.5, 65_536])('refuses the id %s', (id) => {
    expect(() => compileFrameWriter(serverCoreFraming).finish(buffer, 4, 4, id)).toThrowError(
      expect.objectContaining({ code: 'bad-packet-id' }),
    );
  });

  it('writes the bits beside the id: the same for every id, or those of each', () => {
    const same = lengthFraming({ idMask: 0xfff0, idShift: 4, idRest: 0b0101 });
    expect(toHex(writeFrame(same, new Uint8Array(0), 1))).toBe('04001500');
    expect([1, 6, 8].map((id) => toHex(writeFrame(mqtt, new Uint8Array(0), id)))).toEqual(['1000', '6200', '8200']);
  });

  it('refuses an id beyond its mask', () => {
    expect(() => compileFrameWriter(mqtt).finish(buffer, 2, 2, 16)).toThrowError(
      expect.objectContaining({ code: 'bad-packet-id' }),
    );
  });

  it.each([
    [3, 'packet-too-small'],
    [5, 'packet-too-large'],
  ])('refuses %s bytes where every frame has 4', (size, code) => {
    const writer = compileFrameWriter({ kind: 'fixed', length: 4 });
    expect(writer.finish(buffer, 0, 4, -1)).toBe(4);
    expect(() => writer.finish(buffer, 0, size, -1)).toThrowError(expect.objectContaining({ code }));
  });
});

describe('a length that never ends', () => {
  it.each(['ffffffffff', '8080808080'])('is refused once it has more bytes than it may: %s', (bytes) => {
    const { framing } = framingCases.find(({ name }) => name === 'a varint that is the whole header')!;
    expect(receive({ framing }, [fromHex(bytes.slice(0, 8))]).reason).toBe(undefined);
    expect(receive({ framing }, [fromHex(bytes)]).reason?.error).toMatchObject({ code: 'bad-length' });
  });
});

describe('a length that is too large', () => {
  const wide: LengthFraming = {
    ...serverCoreFraming,
    lengthFieldLength: 8,
    lengthAdjustment: 0,
    idOffset: 8,
    headerSize: 10,
  };

  it.each([
    ['ff00 0100 0000 0000', '65799 bytes or more'],
    ['ffff ffff ffff ffff', 'more than 2^53 bytes'],
  ])('of %s is said as exactly as it is known', (length, said) => {
    const { reason } = receive({ framing: wide }, [fromHex(length)]);
    expect(reason?.error?.message).toBe(`a packet of ${said} exceeds maxPacketSize 65535`);
  });
});
