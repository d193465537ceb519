import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LengthFraming } from '../../src/core/index.js';
import {
  DecodeError,
  type DecodeErrorCode,
  EncodeError,
  type FieldRecord,
  type FieldValues,
  type PacketDecoder,
  type PacketEncoder,
  Protocol,
  toValues,
} from '../../src/packets/index.js';
import { hex } from './bytes.js';
import { type FormatUnderTest, formats } from './everything.js';

/** A header whose size differs from frame to frame. */
const varintLength: LengthFraming = {
  kind: 'length',
  lengthFieldOffset: 0,
  lengthFieldLength: 'varint',
  endian: 'big',
  lengthAdjustment: 0,
  headerSize: 2,
  idOffset: 0,
  idLength: 2,
  maxPacketSize: 65_535,
};

const decodeErrorCodes: readonly DecodeErrorCode[] = [
  'truncated',
  'trailing-bytes',
  'bad-count',
  'bad-text',
  'bad-number',
  'bad-constant',
  'bad-wire',
  'too-deep',
];

/** The codecs of one format's packet. */
class Codec {
  readonly #encoder: PacketEncoder;
  readonly #whole: PacketDecoder;
  readonly #nothing: PacketDecoder;
  readonly values: FieldValues;
  readonly frame: Uint8Array;
  /** Bytes before the body. */
  readonly headerSize: number;

  constructor({ packets, framing, packet, record }: FormatUnderTest) {
    const protocol = new Protocol({ send: framing, receive: framing, packets });
    this.#encoder = protocol.encoder(packet, 'client');
    this.#whole = protocol.decoder(packet, 'all', 'server');
    this.#nothing = protocol.decoder(packet, [], 'server');
    this.values = this.valuesOf(record);
    this.frame = this.encode(this.values);
    this.headerSize = framing.kind === 'length' ? framing.headerSize : 0;
  }

  valuesOf(record: Readonly<Record<string, unknown>>): FieldValues {
    return toValues(this.#encoder.definition, record);
  }

  encode(values: FieldValues): Uint8Array {
    const frame = new Uint8Array(this.#encoder.frameSize(values));
    this.#encoder.write(values, frame, 0);
    return frame;
  }

  withBody(body: Uint8Array): Uint8Array {
    return Uint8Array.of(...this.frame.subarray(0, this.headerSize), ...body);
  }

  get body(): Uint8Array {
    return this.frame.subarray(this.headerSize);
  }

  /** The code of the error with which a decoder of no fields, or of all, refuses a frame; null where it takes it. */
  refusalBy(fields: 'none' | 'all', frame: Uint8Array): DecodeErrorCode | null {
    const padded = Uint8Array.of(0xff, 0xff, ...frame, 0xff, 0xff);
    const outcome = this.#decode(fields === 'all' ? this.#whole : this.#nothing, padded);
    return outcome instanceof DecodeError ? outcome.code : null;
  }

  /** What becomes of a frame, the same wherever it stands: all that it may be is a record of no more values than it has bytes, or a DecodeError. */
  outcome(frame: Uint8Array): FieldRecord | DecodeError {
    const padded = Uint8Array.of(0xff, 0xff, ...frame, 0xff, 0xff);
    this.#decode(this.#nothing, padded);
    const outcome = this.#decode(this.#whole, padded);
    // The fields that every record has, however short its packet, are not many.
    if (!(outcome instanceof DecodeError)) expect(countOf(outcome)).toBeLessThanOrEqual(4 * frame.length + 50);
    return outcome;
  }

  #decode(decoder: PacketDecoder, padded: Uint8Array): FieldRecord | DecodeError {
    try {
      return decoder.decode(padded, 2, padded.length - 2);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      expect(decodeErrorCodes).toContain(error.code);
      return error;
    }
  }
}

/** The single values in a record. */
function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + countOf(inner), 1);
}

describe.each(Object.entries(formats))('what comes as %s', (_name, format) => {
  const codec = new Codec(format);

  it('is read as it was written', () => {
    expect(codec.outcome(codec.frame)).toMatchObject(format.record);
  });

  // A text travels without an id, which this framing has.
  if (format.packets.format !== 'text') {
    it('is so too behind a length that is a varint', () => {
      const short = new Codec({ ...format, framing: varintLength });
      expect(short.outcome(short.frame)).toMatchObject(format.record);
      const long = new Codec({ ...format, framing: varintLength, record: { ...format.record, s: 'x'.repeat(200) } });
      expect(long.outcome(long.frame)).toMatchObject({ n: -5, s: 'x'.repeat(200) });
    });
  }

  it('may end after any byte', () => {
    for (let size = 0; size < codec.frame.length; size++) codec.outcome(codec.frame.subarray(0, size));
  });

  it('is taken by who reads nothing of it where all of it can be read', () => {
    const law = fc.property(fc.nat(codec.body.length - 1), fc.nat(255), (at, byte) => {
      const frame = codec.withBody(codec.body.with(at, byte));
      if (codec.refusalBy('all', frame) === null) expect(codec.refusalBy('none', frame)).toBeNull();
    });
    fc.assert(law, { numRuns: 500 });
  });

  // The others are texts, which nobody judges who does not read them, and messages, whose fields are passed over unread.
  if (format.packets.format === 'pdl' || format.packets.format === 'inline') {
    it('is refused by who reads nothing of it where it is too short or too long, with the same code', () => {
      for (let size = codec.headerSize; size < codec.frame.length; size++) {
        const frame = codec.frame.subarray(0, size);
        expect(codec.refusalBy('none', frame)).toBe(codec.refusalBy('all', frame));
      }
      const longer = Uint8Array.of(...codec.frame, 0);
      expect(codec.refusalBy('none', longer)).toBe(codec.refusalBy('all', longer));
    });
  }

  it('may have any byte anywhere', () => {
    for (let at = codec.headerSize; at < codec.frame.length; at++) {
      for (let byte = 0; byte < 256; byte++) codec.outcome(codec.frame.with(at, byte));
    }
  });

  it('may go on with any byte', () => {
    for (let byte = 0; byte < 256; byte++) codec.outcome(Uint8Array.of(...codec.frame, byte));
  });

  it('may be any bytes, also behind a good beginning', () => {
    const { body } = codec;
    const law = fc.property(fc.nat(body.length), fc.uint8Array({ maxLength: 200 }), (kept, tail) => {
      codec.outcome(codec.withBody(Uint8Array.of(...body.subarray(0, kept), ...tail)));
    });
    fc.assert(law, { numRuns: 1000 });
  });

  it('may be long, and claim as much as can be claimed everywhere', () => {
    for (const byte of [0x00, 0x01, 0x02, 0x0a, 0x32, 0x7f, 0x80, 0xff]) {
      const tail = new Uint8Array(60_000).fill(byte);
      codec.outcome(codec.withBody(tail));
      for (let kept = 1; kept < codec.body.length; kept += 7) {
        codec.outcome(codec.withBody(Uint8Array.of(...codec.body.subarray(0, kept), ...tail)));
      }
    }
  });
});

/** Values that some field or other cannot hold, and shapes that are none. */
const misfits: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  NaN: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  'minus one': -1,
  'a fraction': 1.5,
  'a large number': 2 ** 70,
  'a large bigint': 2n ** 70n,
  true: true,
  'no text': '',
  'a text': 'x',
  'half a surrogate pair': '\ud800',
  'a long text': 'x'.repeat(70_000),
  'no bytes': new Uint8Array(0),
  'many bytes': new Uint8Array(70_000),
  'an empty list': [],
  'a list of a list': [[]],
  'a list of null': [null],
  'a long list': new Array(70_000).fill(1),
  'an object': { x: 1 },
  'a symbol': Symbol('x'),
  'a function': () => 1,
};

/** Every tree that differs from `tree` in one place, with the path of that place. */
function* changed(tree: unknown, replacement: unknown, path = ''): Generator<{ path: string; tree: unknown }> {
  if (path !== '') yield { path, tree: replacement };
  if (Array.isArray(tree)) {
    for (const [i, inner] of tree.entries()) {
      for (const one of changed(inner, replacement, `${path}[${i}]`)) yield { ...one, tree: tree.with(i, one.tree) };
    }
  } else if (typeof tree === 'object' && tree !== null && !(tree instanceof Uint8Array)) {
    for (const [name, inner] of Object.entries(tree)) {
      const at = path === '' ? name : `${path}.${name}`;
      for (const one of changed(inner, replacement, at)) yield { ...one, tree: { ...tree, [name]: one.tree } };
    }
  }
}

describe.each(Object.entries(formats))('what is sent as %s', (_name, format) => {
  const codec = new Codec(format);

  /** Writes, or is refused by an EncodeError, which is returned. */
  function refusal(write: () => Uint8Array): EncodeError | null {
    try {
      const frame = write();
      expect(codec.outcome(frame)).not.toBeInstanceOf(DecodeError);
      return null;
    } catch (error) {
      if (error instanceof EncodeError) return error;
      throw error;
    }
  }

  it.each(Object.entries(misfits))('is written, or refused at its field, with %s anywhere', (_what, value) => {
    for (const { path, tree } of changed(format.record, value)) {
      const error = refusal(() => codec.encode(codec.valuesOf(tree as Record<string, unknown>)));
      const tooLarge = error !== null && /larger than the framing/.test(error.reason);
      if (error !== null && !tooLarge) expect(error.field.replace(`${format.packet}.`, '')).toMatch(startOf(path));
    }
  });

  it.each(Object.entries(misfits))('is written or refused with %s among values that nobody ordered', (_what, value) => {
    for (const { tree } of changed(codec.values, value)) refusal(() => codec.encode(tree as FieldValues));
    for (const values of [[], [value], [...codec.values, value]]) refusal(() => codec.encode(values as FieldValues));
  });

  it('is what it was after whatever was refused', () => {
    refusal(() => codec.encode([Number.NaN]));
    expect(hex(codec.encode(codec.values))).toBe(hex(codec.frame));
  });
});

/** The path itself, or anything within. */
function startOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/[[\].]/g, '\\$&')}`);
}
