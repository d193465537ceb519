import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFrameWriter, compileFraming, type LengthFraming, serverCoreFraming } from '../../src/core/index.js';
import { type FramingCase, framingCases } from './framing-cases.js';
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
    const { headerSize, trailerSize, finish } = compileFrameWriter(framingCase.framing);
    const written = framingCase.frames.map((frame, i) => {
      const body = fromHex(frame).subarray(headerSize);
      const buffer = new Uint8Array(3 + headerSize + body.length + trailerSize).fill(0xee);
      buffer.set(body, 3 + headerSize);
      const end = finish(buffer, 3, 3 + headerSize + body.length, framingCase.ids[i]!);
      expect(end).toBe(buffer.length);
      return buffer.subarray(3);
    });
    const again = receive(framingCase, written);
    expect(again.ids).toEqual(framingCase.ids);
    const bodies = (frames: readonly string[]): string[] => frames.map((frame) => frame.slice(2 * headerSize));
    expect(bodies(again.packets)).toEqual(bodies(framingCase.frames));
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

describe('compileFraming', () => {
  const bad: [string, Partial<LengthFraming>][] = [
    ['a header that ends inside the length field', { headerSize: 1 }],
    ['an id beyond the header', { idOffset: 3 }],
    ['a maxPacketSize below the header', { maxPacketSize: 3 }],
    ['an offset that is no whole number', { lengthFieldOffset: 0.5 }],
    ['an adjustment that is no whole number', { lengthAdjustment: Number.NaN }],
  ];

  it.each(bad)('refuses %s', (_name, changes) => {
    const framing = { ...serverCoreFraming, ...changes };
    expect(() => compileFraming(framing)).toThrowError(expect.objectContaining({ code: 'bad-framing' }));
    expect(() => compileFrameWriter(framing)).toThrowError(expect.objectContaining({ code: 'bad-framing' }));
  });

  it.each([
    ['an empty delimiter', []],
    ['a delimiter that is not made of bytes', [256]],
  ])('refuses %s', (_name, delimiter) => {
    expect(() => compileFraming({ kind: 'delimiter', delimiter, maxPacketSize: 10 })).toThrowError(
      expect.objectContaining({ code: 'bad-framing' }),
    );
  });

  it('compiles each framing object once', () => {
    expect(compileFraming(serverCoreFraming)).toBe(compileFraming(serverCoreFraming));
  });
});

describe('compileFrameWriter', () => {
  const buffer = new Uint8Array(70_000);

  it('writes the size and the id where ServerCore has them', () => {
    const end = compileFrameWriter(serverCoreFraming).finish(buffer, 0, 6, 258);
    expect(toHex(buffer.subarray(0, 4))).toBe('06000201');
    expect(end).toBe(6);
  });

  it('fills the header bytes that are neither size nor id with zeros', () => {
    buffer.fill(0xee);
    compileFrameWriter({ ...serverCoreFraming, headerSize: 8 }).finish(buffer, 0, 9, 1);
    expect(toHex(buffer.subarray(0, 9))).toBe('0900010000000000ee');
  });

  it('refuses a size that would wrap round', () => {
    const writer = compileFrameWriter({ ...serverCoreFraming, maxPacketSize: 1_000_000 });
    expect(writer.finish(buffer, 0, 65_535, 1)).toBe(65_535);
    expect(() => writer.finish(buffer, 0, 65_536, 1)).toThrowError(
      expect.objectContaining({ code: 'packet-too-large' }),
    );
  });

  it('refuses a packet larger than maxPacketSize', () => {
    const line = compileFrameWriter({ kind: 'delimiter', delimiter: [0x0a], maxPacketSize: 3 });
    expect(line.finish(buffer, 0, 3, -1)).toBe(4);
    expect(() => line.finish(buffer, 0, 4, -1)).toThrowError(expect.objectContaining({ code: 'packet-too-large' }));
  });

  it('refuses a packet smaller than its size field can say', () => {
    const writer = compileFrameWriter({ ...serverCoreFraming, lengthAdjustment: 6 });
    expect(() => writer.finish(buffer, 0, 7, 1)).toThrowError(expect.objectContaining({ code: 'packet-too-small' }));
  });

  it.each([-1, 0.5, 65_536])('refuses the id %s', (id) => {
    expect(() => compileFrameWriter(serverCoreFraming).finish(buffer, 0, 4, id)).toThrowError(
      expect.objectContaining({ code: 'bad-packet-id' }),
    );
  });
});
