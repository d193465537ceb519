import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  compileFraming,
  type Framing,
  type LengthFraming,
  maxPacketSizeOf,
  serverCoreFraming,
} from '../../src/core/index.js';
import { RecvBuffer } from '../../src/core/recv-buffer.js';
import { writeUint } from '../../src/core/uint.js';
import { everything, framingCases } from './framing-cases.js';
import { fromHex } from './hex.js';
import { RecordingSession } from './recording-session.js';
import { ScriptedTransport } from './scripted-transport.js';

/** The most bytes that a session kept between two chunks since the test began. */
let mostHeld = 0;

beforeEach(() => {
  mostHeld = 0;
  const { append } = RecvBuffer.prototype;
  vi.spyOn(RecvBuffer.prototype, 'append').mockImplementation(function (this: RecvBuffer, ...args) {
    const fitted = append.apply(this, args);
    mostHeld = Math.max(mostHeld, this.buffer.length);
    return fitted;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

function receive(framing: Framing, chunks: Iterable<Uint8Array>): RecordingSession {
  const session = new RecordingSession({}, { framing });
  const transport = new ScriptedTransport();
  session.start(transport);
  for (const chunk of chunks) transport.arrive(chunk);
  return session;
}

/** Every framing of the table, once, and the one without frames. */
const framings: readonly Framing[] = [...new Set(framingCases.map(({ framing }) => framing)), { kind: 'raw' }];

/** What makes a framing another one, in one line. */
function inWords(framing: Framing): string {
  if (framing.kind !== 'length') return JSON.stringify(framing);
  const { lengthFieldLength, lengthFieldOffset, lengthAdjustment, endian, headerSize, maxPacketSize } = framing;
  const at = `${lengthFieldLength} at ${lengthFieldOffset}, ${endian}`;
  return `length of ${at}, adjusted by ${lengthAdjustment}, header ${headerSize}, at most ${maxPacketSize}`;
}

/** The lengths that peers lie with: 0, 1, the largest of each width, 4 GiB and 2^63. */
const lies = [0n, 1n, 0xffn, 0xffffn, 0xff_ffffn, 0xffff_ffffn, 1n << 32n, 1n << 63n, (1n << 64n) - 1n];

/** A header of zeros with this length; null where the length does not fit the field. */
function headerWith({ lengthFieldLength, lengthFieldOffset, headerSize, endian }: LengthFraming, length: bigint) {
  if (lengthFieldLength === 'varint') {
    if (length >= 1n << 35n) return null;
    const groups: number[] = [];
    for (let rest = length; groups.length === 0 || rest > 0n; rest >>= 7n) groups.push(Number(rest & 0x7fn));
    const varint = groups.map((group, i) => (i < groups.length - 1 ? group | 0x80 : group));
    const behind = headerSize - lengthFieldOffset;
    return Uint8Array.from([...new Array(lengthFieldOffset).fill(0), ...varint, ...new Array(behind).fill(0)]);
  }
  if (length >= 1n << BigInt(8 * lengthFieldLength)) return null;
  const header = new Uint8Array(headerSize);
  if (lengthFieldLength === 8) {
    new DataView(header.buffer).setBigUint64(lengthFieldOffset, length, endian === 'little');
  } else {
    writeUint(lengthFieldLength, endian)(header, lengthFieldOffset, Number(length));
  }
  return header;
}

/** What is wrong with a packet of this length, by the arithmetic of the definition, in whole numbers of any size. */
function wrongWith(framing: LengthFraming, header: Uint8Array, length: bigint): string | undefined {
  const { lengthFieldOffset, lengthFieldLength, lengthAdjustment, headerSize, maxPacketSize } = framing;
  const isVarint = lengthFieldLength === 'varint';
  const fieldSize = isVarint ? header.length - headerSize : lengthFieldLength;
  const size = BigInt(lengthFieldOffset + fieldSize + lengthAdjustment) + length;
  if (size < BigInt(headerSize + (isVarint ? fieldSize : 0))) return 'size-below-header';
  return size > BigInt(maxPacketSize) ? 'packet-too-large' : undefined;
}

interface Attack {
  readonly name: string;
  readonly framing: Framing;
  readonly wire: Uint8Array;
  readonly error: string;
}

const lengthFramings = framings.filter((framing) => framing.kind === 'length');

const lyingLengths: readonly Attack[] = lengthFramings
  // An adjustment by which every small length becomes a size below zero.
  .flatMap((framing) => [framing, { ...framing, lengthAdjustment: -1000 }])
  .flatMap((framing) =>
    lies.flatMap((length) => {
      const wire = headerWith(framing, length);
      const error = wire === null ? undefined : wrongWith(framing, wire, length);
      return wire === null || error === undefined
        ? []
        : [{ name: `a length of ${length}: ${inWords(framing)}`, framing, wire, error }];
    }),
  );

const endlessVarints: readonly Attack[] = lengthFramings
  .filter(({ lengthFieldLength }) => lengthFieldLength === 'varint')
  .map((framing) => ({
    name: `a varint that never ends: ${inWords(framing)}`,
    framing,
    wire: new Uint8Array(framing.lengthFieldOffset + 20).fill(0xff),
    error: 'bad-length',
  }));

const missingDelimiters: readonly Attack[] = framings
  .filter((framing) => framing.kind === 'delimiter')
  .map((framing) => ({
    name: `a delimiter that never comes: ${inWords(framing)}`,
    framing,
    wire: new Uint8Array(framing.maxPacketSize + 50).fill(0x61),
    error: 'packet-too-large',
  }));

function bytesOf(wire: Uint8Array): Uint8Array[] {
  return Array.from(wire, (byte) => Uint8Array.of(byte));
}

describe('what no framing allows ends the session with a protocol error, however it arrives:', () => {
  it.each([...lyingLengths, ...endlessVarints, ...missingDelimiters])('$name', ({ framing, wire, error }) => {
    const rubbish = new Uint8Array(4096).fill(0x41);
    for (const chunks of [[wire], bytesOf(wire), [Buffer.concat([wire, rubbish])], [...bytesOf(wire), rubbish]]) {
      const session = receive(framing, chunks);
      expect(session.reason).toMatchObject({ cause: 'protocol', code: error });
      expect(session.packets).toEqual([]);
    }
    expect(mostHeld).toBeLessThanOrEqual(compileFraming(framing).largestFrame);
  });

  it('which is so for every framing with a length, and in every way', () => {
    for (const error of ['size-below-header', 'packet-too-large', 'bad-length']) {
      expect([...lyingLengths, ...endlessVarints].filter((attack) => attack.error === error)).not.toEqual([]);
    }
    const attacked = new Set(lyingLengths.map(({ framing }) => framing));
    expect(lengthFramings.filter((framing) => !attacked.has(framing))).toEqual([]);
  });
});

describe('a header whose constants are others', () => {
  it('is taken as it is: what is received is not held against them', () => {
    const frame = `deadbeef 81 00000d ${'00'.repeat(8)} 09`;
    const session = receive(everything, [fromHex(frame)]);
    expect(session.packets).toEqual([frame.replaceAll(' ', '')]);
    expect(session.reason).toBeUndefined();
  });
});

describe('an endless stream of rubbish', () => {
  /** Bytes at random, and runs of one byte: what looks like small sizes, large ones, and text. */
  const chunk = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 3000 }),
    fc
      .tuple(fc.constantFrom(0x00, 0x01, 0x0a, 0x0d, 0x41, 0x7f, 0x80, 0xff), fc.integer({ min: 1, max: 3000 }))
      .map(([byte, size]) => new Uint8Array(size).fill(byte)),
  );
  const stream = fc.array(chunk, { minLength: 1, maxLength: 40 });

  it.each(framings.map((framing) => ({ name: inWords(framing), framing })))(
    'ends in a protocol error or none, and takes no more memory than a packet: $name',
    ({ framing }) => {
      fc.assert(
        fc.property(stream, (chunks) => {
          const session = receive(framing, chunks);
          expect([undefined, 'protocol']).toContain(session.reason?.cause);
          const handedOn = session.packets.reduce((sum, hex) => sum + hex.length / 2, 0);
          expect(handedOn).toBeLessThanOrEqual(chunks.reduce((sum, { length }) => sum + length, 0));
        }),
        { numRuns: 30 },
      );
      expect(mostHeld).toBeLessThanOrEqual(compileFraming(framing).largestFrame);
    },
  );

  it('would be seen to take memory', () => {
    receive(serverCoreFraming, [fromHex('ffff 0100 aa')]);
    expect(mostHeld).toBeGreaterThanOrEqual(5);
  });

  it('needs no more room than maxPacketSize and what tells where a packet ends', () => {
    for (const framing of framings) {
      expect(compileFraming(framing).largestFrame).toBeLessThanOrEqual(maxPacketSizeOf(framing) + 8);
    }
  });
});
