import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverCoreFraming } from '../../src/core/index.js';
import {
  compileDecoder,
  compileEncoder,
  DecodeError,
  EncodeError,
  type FieldRecord,
  misfit,
  type PacketDefinition,
  toValues,
} from '../../src/packets/index.js';
import { definitions, recordOf, scalarTypes } from './arbitraries.js';

const packets = definitions.chain((definition) => fc.tuple(fc.constant(definition), recordOf(definition.fields)));

function encode(definition: PacketDefinition, record: FieldRecord): Uint8Array {
  const encoder = compileEncoder(definition, serverCoreFraming);
  const values = toValues(definition, record);
  const frame = new Uint8Array(encoder.frameSize(values));
  expect(encoder.write(values, frame, 0)).toBe(frame.length);
  return frame;
}

/** What a decoder may do with any bytes at all: give a record, or throw a DecodeError. */
function decodeOrError(
  definition: PacketDefinition,
  frame: Uint8Array,
  fields: readonly string[] | 'all',
): FieldRecord | DecodeError {
  try {
    return compileDecoder(definition, serverCoreFraming, fields).decode(frame, 0, frame.length);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}

describe('codecs of generated definitions', () => {
  it('read back what they wrote', () => {
    fc.assert(
      fc.property(packets, ([definition, record]) => {
        expect(decodeOrError(definition, encode(definition, record), 'all')).toEqual(record);
      }),
    );
  });

  it('read the same values, whichever fields are wanted', () => {
    fc.assert(
      fc.property(packets, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), ([definition, record], wanted) => {
        const names = definition.fields.map((field) => field.name).filter((_, index) => wanted[index]);
        const expected = Object.fromEntries(names.map((name) => [name, record[name]]));
        expect(decodeOrError(definition, encode(definition, record), names)).toEqual(expected);
      }),
    );
  });

  it('find each byte that is missing or left over, whichever fields are wanted', () => {
    fc.assert(
      fc.property(packets, fc.boolean(), fc.nat(), ([definition, record], all, cut) => {
        const frame = encode(definition, record);
        const fields = all ? 'all' : [];
        const shorter = frame.subarray(0, cut % frame.length);
        expect(decodeOrError(definition, shorter, fields)).toMatchObject({
          code: expect.stringMatching(/truncated|bad-count/),
        });
        const longer = Uint8Array.of(...frame, 0);
        expect(decodeOrError(definition, longer, fields)).toMatchObject({ code: 'trailing-bytes' });
      }),
    );
  });

  it('give a record or a DecodeError for any bytes, and the same verdict whichever fields are wanted', () => {
    fc.assert(
      fc.property(definitions, fc.uint8Array({ maxLength: 60 }), (definition, frame) => {
        const whole = decodeOrError(definition, frame, 'all');
        const skipped = decodeOrError(definition, frame, []);
        if (whole instanceof DecodeError) expect(skipped).toEqual(whole);
        else expect(skipped).toEqual({});
      }),
      { numRuns: 500 },
    );
  });

  it('write what they read, where the bytes have but one way to be written', () => {
    fc.assert(
      fc.property(packets, fc.uint8Array({ maxLength: 40 }), ([definition], body) => {
        const frame = Uint8Array.of(4 + body.length, 0, 1, 0, ...body);
        const record = decodeOrError(definition, frame, 'all');
        const unique = !JSON.stringify(definition.fields).match(/"bool"|"float"|"double"/);
        fc.pre(!(record instanceof DecodeError) && unique);
        expect(encode(definition, record as FieldRecord)).toEqual(frame);
      }),
      { maxSkipsPerRun: 1000 },
    );
  });
});

describe('misfit', () => {
  const anyValue = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.bigInt(), fc.boolean(), fc.string());

  it('refuses exactly what the encoder refuses, for the same reason', () => {
    fc.assert(
      fc.property(fc.constantFrom(...scalarTypes), anyValue, (type, value) => {
        const encoder = compileEncoder(
          { name: 'P', id: 1, direction: 'both', fields: [{ name: 'v', type }] },
          serverCoreFraming,
        );
        const write = () => encoder.write([value], new Uint8Array(200), 0);
        const reason = misfit(type, value);
        if (reason === undefined) expect(write()).toBeGreaterThan(4);
        else expect(write).toThrow(new EncodeError('P.v', reason));
      }),
      { numRuns: 1000 },
    );
  });
});
