import fc from 'fast-check';
import protobuf from 'protobufjs';

const scalarTypes = [
  'double',
  'float',
  'int32',
  'sint32',
  'sfixed32',
  'uint32',
  'fixed32',
  'int64',
  'sint64',
  'sfixed64',
  'uint64',
  'fixed64',
  'bool',
  'string',
  'bytes',
] as const;

const fieldLines = (number: number, prefix: string, line: (type: string) => string) =>
  scalarTypes.map((type, i) => `${line(type)} ${prefix}_${type} = ${number + i};`).join('\n  ');

/** A schema with every kind of field. */
export const allKinds = `syntax = "proto3";
enum MsgId { NONE = 0; ALL = 7; NEWER = 8; TINY = 0x9; }
enum Color { RED = 0; GREEN = 1; BLUE = -5; }
message Inner { sint64 far = 1; Inner next = 536870911; string name = 16; }
message All {
  ${fieldLines(1, 'one', (type) => type)}
  ${fieldLines(101, 'may', (type) => `optional ${type}`)}
  ${fieldLines(201, 'many', (type) => `repeated ${type}`)}
  repeated int32 loose = 300 [packed = false];
  repeated fixed64 loose64 = 301 [packed = false];
  Color color = 302;
  repeated Color colors = 303;
  Inner inner = 304;
  repeated Inner inners = 305;
  map<string, int32> scores = 306;
  map<uint64, Inner> by_id = 307;
  oneof pick { string word = 308; Inner tree = 309; uint32 count = 310; }
}
message Newer { ${fieldLines(900, 'extra', (type) => `repeated ${type}`)} }
message Tiny { int32 one_int32 = 3; Inner inner = 304; }
`;

/** protobufjs's own reading of it. */
export const reference = protobuf.parse(allKinds, { keepCase: true }).root;

const int = (min: number, max: number) =>
  fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, 0, 127, 128, 16_383, 16_384, 2_097_152, 268_435_456));
const big = (min: bigint, max: bigint) =>
  fc.oneof(
    fc.bigInt({ min, max }),
    fc.nat(63).map((shift) => (1n << BigInt(shift)) - 1n),
    fc.constantFrom(min, max, 0n, 1n),
  );
const i32 = int(-(2 ** 31), 2 ** 31 - 1);
const u32 = int(0, 2 ** 32 - 1);
const i64 = big(-(2n ** 63n), 2n ** 63n - 1n);
const u64 = big(0n, 2n ** 64n - 1n);
const string = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => isWellFormed(value));
const scalars: Readonly<Record<(typeof scalarTypes)[number], fc.Arbitrary<unknown>>> = {
  double: fc.double(),
  float: fc.float(),
  int32: i32,
  sint32: i32,
  sfixed32: i32,
  uint32: u32,
  fixed32: u32,
  int64: i64,
  sint64: i64,
  sfixed64: i64,
  uint64: u64,
  fixed64: u64,
  bool: fc.boolean(),
  string,
  bytes: fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes)),
};

/** Half a surrogate pair cannot be said in UTF-8. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

const may = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const inner = fc.letrec((tie) => ({
  inner: fc.record({
    far: i64,
    next: may(fc.oneof({ maxDepth: 3 }, fc.constant(undefined), tie('inner'))),
    name: string,
  }),
})).inner;
const few = { maxLength: 4 };
const withoutPick = {
  ...Object.fromEntries(scalarTypes.map((type) => [`one_${type}`, scalars[type]])),
  ...Object.fromEntries(scalarTypes.map((type) => [`may_${type}`, may(scalars[type])])),
  ...Object.fromEntries(scalarTypes.map((type) => [`many_${type}`, fc.array(scalars[type], few)])),
  loose: fc.array(i32, few),
  loose64: fc.array(u64, few),
  color: fc.constantFrom(0, 1, -5, 12),
  colors: fc.array(fc.constantFrom(0, 1, -5), few),
  inner: may(inner),
  inners: fc.array(inner, few),
  scores: fc.uniqueArray(fc.record({ key: string.filter((key) => key !== '__proto__'), value: i32 }), {
    ...few,
    selector: ({ key }) => key,
  }),
  by_id: fc.uniqueArray(fc.record({ key: u64, value: inner }), { ...few, selector: ({ key }) => key }),
};
/** Records of the message `All`, as our own codecs take them: maps are lists of entries. */
export const records = fc
  .tuple(
    fc.record(withoutPick),
    fc.oneof(
      fc.constant({}),
      string.map((word) => ({ word })),
      inner.map((tree) => ({ tree })),
      u32.map((count) => ({ count })),
    ),
  )
  .map(([record, pick]): Readonly<Record<string, unknown>> => ({ ...record, ...pick }));

/** What protobufjs takes and gives: maps as objects, whole numbers of 64 bits as Long, which is compared as text. */
export function toReference(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(record).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return [];
    if (name === 'scores' || name === 'by_id') {
      const map = value as readonly { key: unknown; value: unknown }[];
      return [[name, Object.fromEntries(map.map(({ key, value }) => [String(key), plainer(value)]))]];
    }
    return [[name, plainer(value)]];
  });
  return Object.fromEntries(entries);
}

function plainer(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(plainer);
  if (value instanceof Uint8Array) return [...value];
  return typeof value === 'object' && value !== null ? toReference(value as Record<string, unknown>) : value;
}

/** What protobufjs reads in a frame with a header of four bytes. */
export function fromReference(frame: Uint8Array): Record<string, unknown> {
  const type = reference.lookupType('All');
  const object = type.toObject(type.decode(frame.subarray(4)), {
    longs: String,
    bytes: Array,
    arrays: true,
    objects: true,
  });
  return object;
}

/** Zero is not told apart from nothing in fields without presence. */
const isDefault = (value: unknown) =>
  Object.is(value, 0) ||
  value === '0' ||
  value === false ||
  value === '' ||
  (Array.isArray(value) && value.length === 0);
export function withoutDefaults(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name, value]) => /^(may|word|count)/.test(name) || !isDefault(value))
      .filter(([name, value]) => !(/^(scores|by_id)$/.test(name) && Object.keys(value as object).length === 0))
      .map(([name, value]) => [name, deepWithoutDefaults(value)]),
  );
}
function deepWithoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deepWithoutDefaults);
  return typeof value === 'object' && value !== null ? withoutDefaults(value as Record<string, unknown>) : value;
}
