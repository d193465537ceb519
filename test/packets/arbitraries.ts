import fc from 'fast-check';
import type { FieldDefinition, FieldRecord, FieldValue, PacketDefinition } from '../../src/packets/index.js';
import { type PdlType, pdlField } from '../../src/packets/pdl-field.js';

const scalars: Readonly<Record<PdlType, fc.Arbitrary<FieldValue>>> = {
  byte: fc.integer({ min: 0, max: 255 }),
  sbyte: fc.integer({ min: -128, max: 127 }),
  bool: fc.boolean(),
  short: fc.integer({ min: -32768, max: 32767 }),
  ushort: fc.integer({ min: 0, max: 65535 }),
  int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  float: fc.float(),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  double: fc.double(),
  string: fc.string({ unit: 'binary', maxLength: 20 }),
};

export const scalarTypes = Object.keys(scalars) as PdlType[];

function fieldsOf(depth: number): fc.Arbitrary<FieldDefinition[]> {
  const type = fc.constantFrom<(PdlType | 'list')[]>(...scalarTypes, ...(depth > 0 ? (['list', 'list'] as const) : []));
  const inner = depth > 0 ? fieldsOf(depth - 1) : fc.constant([]);
  return fc
    .array(fc.tuple(type, inner), { minLength: 1, maxLength: 5 })
    .map((drawn) =>
      drawn.map(([type, fields], index) =>
        type === 'list' ? { name: `f${index}s`, type, item: `f${index}`, fields } : { name: `f${index}`, type },
      ),
    );
}

/** A packet of any fields, with lists in lists. */
export const definitions: fc.Arbitrary<PacketDefinition> = fieldsOf(2).map((fields) => ({
  name: 'P',
  id: 1,
  direction: 'both',
  fields,
}));

/** Values for these fields. */
export function recordOf(fields: readonly FieldDefinition[]): fc.Arbitrary<FieldRecord> {
  const arbitraryOf = (definition: FieldDefinition): fc.Arbitrary<FieldValue> => {
    const field = pdlField(definition);
    return field.type === 'list' ? fc.array(recordOf(field.fields), { maxLength: 3 }) : scalars[field.type];
  };
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, arbitraryOf(field)])), {
    noNullPrototype: true,
  });
}
