import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DecodeError,
  type FieldDefinition,
  type FieldValue,
  type ScalarField,
  type SingleValue,
} from '../../src/packets/index.js';
import { scalarTraits } from '../../src/packets/scalars.js';
import { InlinePacketUnderTest } from './inline.js';

const numbers = ['u8', 'i8', 'u16', 'i16', 'u24', 'i24', 'u32', 'i32', 'u64', 'i64', 'varint', 'f32', 'f64'];
const endian = fc.constantFrom('little', 'big');
const encoding = fc.constantFrom('utf-8', 'utf-16le', 'utf-16be', 'latin1');
const length = fc.constantFrom('u8', 'u16', 'u32', 'varint');

const single: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ type: fc.constantFrom(...numbers), endian }),
  fc.constant('bool'),
  fc.record({ type: fc.constant('string'), length, encoding }),
  fc.record({ type: fc.constant('string'), size: fc.constant(200), encoding }),
  fc.record({ type: fc.constant('string'), until: fc.constant(0), encoding }),
  fc.record({ type: fc.constant('bytes'), length }),
  fc.record({ bytes: fc.integer({ min: 1, max: 5 }) }),
);
const fieldIn = (structs: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: single },
    { weight: 1, arbitrary: fc.record({ array: fc.constantFrom(...numbers, 'bool', 'string', ...structs), length }) },
    ...(structs.length === 0 ? [] : [{ weight: 1, arbitrary: fc.constantFrom(...structs) }]),
  );
const fieldsIn = (structs: readonly string[]) =>
  fc
    .array(fieldIn(structs), { minLength: 1, maxLength: 4 })
    .map((fields) => Object.fromEntries(fields.map((field, i) => [`f${i}`, field])));

const packets = fc
  .record({
    A: fieldsIn([]),
    B: fieldsIn(['A']),
    fields: fieldsIn(['A', 'B']),
    last: fc.constantFrom('bytes', 'u8', 'A'),
  })
  .map(({ A, B, fields, last }) => {
    const rest = last === 'bytes' ? { bytes: 'rest' } : { array: last, rest: true };
    const counted = {
      n: 'u16',
      list: { array: 'B', count: 'n' },
      odd: 'bool',
      maybe: { type: 'B', when: { odd: true } },
    };
    return new InlinePacketUnderTest({ ...fields, ...counted, rest }, { structs: { A, B } });
  });

function arbitraryOf(field: FieldDefinition): fc.Arbitrary<FieldValue> {
  switch (field.type) {
    case 'list':
      return fc.array(recordOf(field.fields), { maxLength: 3 });
    case 'array':
      return fc.array(scalarOf(field.of), { maxLength: 3 }) as fc.Arbitrary<FieldValue>;
    case 'struct':
      return recordOf(field.fields);
    default:
      return scalarOf(field);
  }
}

function scalarOf({ type, limits }: ScalarField): fc.Arbitrary<SingleValue> {
  switch (type) {
    case 'bool':
      return fc.boolean();
    case 'float':
      return fc.float();
    case 'double':
      return fc.double();
    case 'bytes': {
      const size = limits?.kind === 'size' && limits.minBytes > 0 ? limits.minBytes : 0;
      const fixed = limits?.kind === 'size' && limits.minBytes === limits.maxBytes;
      return fc.uint8Array({ minLength: size, maxLength: fixed ? size : 10 });
    }
    case 'string': {
      const latin1 = limits?.kind === 'size' && limits.encoding === 'latin1';
      const unit = latin1 ? fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) : 'binary';
      return fc.string({ unit, maxLength: 20 }).map((text) => text.replaceAll('\0', ''));
    }
    default: {
      const { min, max } = limits?.kind === 'integer' ? limits : scalarTraits[type].range!;
      const whole = fc.bigInt({ min: BigInt(min), max: BigInt(max) });
      return type === 'long' || type === 'ulong' ? whole : whole.map(Number);
    }
  }
}

/** What a scenario would give: nothing for what is written by itself. Of `maybe`, something wherever it may stand. */
function recordOf(fields: readonly FieldDefinition[]) {
  const given = fields.filter(({ derived }) => !derived);
  return fc.record(Object.fromEntries(given.map((field) => [field.name, arbitraryOf(field)])), {
    noNullPrototype: true,
  });
}

describe('for any definition', () => {
  it('what was written is read again, whole and field by field', () => {
    const cases = packets.chain((packet) => fc.tuple(fc.constant(packet), recordOf(packet.definition.fields)));
    fc.assert(
      fc.property(cases, ([packet, record]) => {
        const body = packet.encode(record);
        const { n, ...read } = packet.decode(body);
        const { maybe, ...always } = record;
        expect(n).toBe((record.list as unknown[]).length);
        expect(read).toEqual(record.odd ? { ...always, maybe } : always);
        for (const name of Object.keys(read)) expect(packet.decode(body, [name])).toEqual({ [name]: read[name] });
        expect(packet.decode(body, [])).toEqual({});
      }),
    );
  });

  it('any bytes are decoded or refused by a DecodeError, and what comes out is no larger than what went in', () => {
    fc.assert(
      fc.property(packets, fc.uint8Array({ maxLength: 200 }), (packet, bytes) => {
        for (const fields of ['all', []] as const) {
          try {
            const record = packet.decode(Buffer.from(bytes).toString('hex'), fields);
            expect(countOf(record)).toBeLessThanOrEqual(bytes.length + 40);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        }
      }),
    );
  });
});

/** The single values in a record. */
function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + countOf(inner), 0);
}
