import type { ProtoScalar } from '../packets/proto-messages.js';
import { wireTypeOf } from '../packets/proto-wire.js';
import type { HeaderCode } from './header-code.js';
import { checkWhole, receiving, take } from './wire-functions.js';

/** A type of protobuf's in generated code: `put…` writes a value of it, `take…` reads one. */
export interface ScalarCode {
  readonly tsType: string;
  /** The end of the names of its two functions. */
  readonly suffix: string;
  /** What a field without presence holds of which nothing came. */
  readonly zero: string;
  /** A condition: the value is another, and is to be written. */
  isSet(value: string): string;
}

/** A type with the bodies of its functions: one writes `value`, the other returns one. */
interface ScalarFunctions extends ScalarCode {
  readonly put: string;
  readonly take: string;
  readonly putUses: readonly string[];
  readonly takeUses: readonly string[];
}

type Body = readonly [code: string, ...uses: string[]];

function scalar(suffix: string, tsType: string, zero: string, put: Body, takeBody: Body): ScalarFunctions {
  const [putCode, ...putUses] = put;
  const [takeCode, ...takeUses] = takeBody;
  const isSet = (value: string) => `${value} !== ${zero}`;
  return { suffix, tsType, zero, isSet, put: putCode, take: takeCode, putUses, takeUses };
}

function narrow(suffix: string, min: number, max: number, [put, ...uses]: Body, takeBody: Body): ScalarFunctions {
  const checked: Body = [`checkWhole(value, ${min}, ${max}, field);\n  ${put}`, 'checkWhole', ...uses];
  return scalar(suffix, 'number', '0', checked, takeBody);
}

function wide(suffix: string, signed: boolean, [put, ...uses]: Body, takeBody: Body): ScalarFunctions {
  const checked: Body = [
    `if (BigInt.as${signed ? 'Int' : 'Uint'}N(64, value) !== value) throw new RangeError(\`\${field}: \${value} does not fit 64 bits\`);\n  ${put}`,
    ...uses,
  ];
  return scalar(suffix, 'bigint', '0n', checked, takeBody);
}

const i32 = [-(2 ** 31), 2 ** 31 - 1] as const;
const u32 = [0, 2 ** 32 - 1] as const;

/** As `src/packets/` reads and writes them; the tests hold the two against each other, and against protobufjs. */
const scalars: Readonly<Record<ProtoScalar, ScalarFunctions>> = {
  double: {
    ...scalar(
      'Double',
      'number',
      '0',
      ['written.setFloat64(reserve(8, field), value, true);', 'reserve'],
      ['return received.getFloat64(take(8, field), true);'],
    ),
    isSet: (value) => `!Object.is(${value}, 0)`,
  },
  float: {
    ...scalar(
      'Float',
      'number',
      '0',
      [
        `if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw new RangeError(\`\${field}: \${value} is too large for a float\`);
  }
  written.setFloat32(reserve(4, field), value, true);`,
        'reserve',
      ],
      ['return received.getFloat32(take(4, field), true);'],
    ),
    isSet: (value) => `!Object.is(${value}, 0)`,
  },
  int32: narrow(
    'Int32',
    ...i32,
    ['if (value < 0) putVarint64(BigInt(value), field);\n  else putVarint(value, field);', 'putVarint', 'putVarint64'],
    ['takeVarint(field);\n  return low | 0;'],
  ),
  sint32: narrow(
    'Sint32',
    ...i32,
    ['putVarint(((value << 1) ^ (value >> 31)) >>> 0, field);', 'putVarint'],
    ['takeVarint(field);\n  return (low >>> 1) ^ -(low & 1);'],
  ),
  sfixed32: narrow(
    'Sfixed32',
    ...i32,
    ['written.setInt32(reserve(4, field), value, true);', 'reserve'],
    ['return received.getInt32(take(4, field), true);'],
  ),
  uint32: narrow('Uint32', ...u32, ['putVarint(value, field);', 'putVarint'], ['takeVarint(field);\n  return low;']),
  fixed32: narrow(
    'Fixed32',
    ...u32,
    ['written.setUint32(reserve(4, field), value, true);', 'reserve'],
    ['return received.getUint32(take(4, field), true);'],
  ),
  int64: wide(
    'Int64',
    true,
    ['putVarint64(value, field);', 'putVarint64'],
    ['return BigInt.asIntN(64, takeVarint64(field));', 'takeVarint64'],
  ),
  sint64: wide(
    'Sint64',
    true,
    ['putVarint64((value << 1n) ^ (value >> 63n), field);', 'putVarint64'],
    ['const zigzag = takeVarint64(field);\n  return (zigzag >> 1n) ^ -(zigzag & 1n);', 'takeVarint64'],
  ),
  sfixed64: wide(
    'Sfixed64',
    true,
    ['written.setBigInt64(reserve(8, field), value, true);', 'reserve'],
    ['return received.getBigInt64(take(8, field), true);'],
  ),
  uint64: wide(
    'Uint64',
    false,
    ['putVarint64(value, field);', 'putVarint64'],
    ['return takeVarint64(field);', 'takeVarint64'],
  ),
  fixed64: wide(
    'Fixed64',
    false,
    ['written.setBigUint64(reserve(8, field), value, true);', 'reserve'],
    ['return received.getBigUint64(take(8, field), true);'],
  ),
  bool: {
    ...scalar(
      'Bool',
      'boolean',
      'false',
      ['written.setUint8(reserve(1, field), value ? 1 : 0);', 'reserve'],
      ['takeVarint(field);\n  return low !== 0 || high !== 0;'],
    ),
    isSet: (value) => value,
  },
  string: scalar(
    'String',
    'string',
    "''",
    ['putBytes(utf8.encode(value), field);', 'utf8', 'putBytes'],
    [
      `const size = takeLength(field);
  const text = new Uint8Array(received.buffer, take(size, field), size);
  try {
    return strictUtf8.decode(text);
  } catch {
    throw new ProtocolError('bad-text', \`\${field}: the text is not UTF-8\`);
  }`,
      'strictUtf8',
    ],
  ),
  bytes: {
    ...scalar(
      'Bytes',
      'Uint8Array',
      'new Uint8Array(0)',
      [
        'packetBytes.set(value, reserve(value.length, field));\n  putVarint(value.length, field);',
        'reserve',
        'putVarint',
      ],
      ['const size = takeLength(field);\n  return new Uint8Array(received.buffer, take(size, field), size).slice();'],
    ),
    isSet: (value) => `${value}.length > 0`,
  },
};

export function scalarCode(type: ProtoScalar): ScalarCode {
  return scalars[type];
}

interface FunctionCode {
  readonly code: string;
  /** The functions that it calls, beside those that every file has. */
  readonly uses?: readonly string[];
}

function scalarFunctions([type, { suffix, tsType, put, take: takeCode, putUses, takeUses }]: [
  string,
  ScalarFunctions,
]): [string, FunctionCode][] {
  const wireType = wireTypeOf(type as ProtoScalar);
  return [
    [
      `put${suffix}`,
      { code: `function put${suffix}(value: ${tsType}, field: string): void {\n  ${put}\n}`, uses: putUses },
    ],
    [
      `take${suffix}`,
      {
        code: `function take${suffix}(tag: number, field: string): ${tsType} {\n  checkWireType(tag, ${wireType}, field);\n  ${takeCode}\n}`,
        uses: ['checkWireType', ...takeUses],
      },
    ],
  ];
}

const writing: Readonly<Record<string, FunctionCode>> = {
  checkWhole: { code: checkWhole },
  checkOneof: {
    code: `\
function checkOneof(values: readonly unknown[], oneof: string): void {
  if (values.filter((value) => value !== undefined).length <= 1) return;
  throw new RangeError(\`\${oneof}: several fields are given, and only one of a oneof can be\`);
}`,
  },
  putVarint: {
    code: `\
/** An unsigned number of 32 bits. */
function putVarint(value: number, field: string): void {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest >>>= 7) size++;
  let at = reserve(size, field);
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) packetBytes[at++] = (rest & 0x7f) | 0x80;
  packetBytes[at] = rest;
}`,
    uses: ['reserve'],
  },
  putVarint64: {
    code: `\
/** Negative numbers as their two's complement. */
function putVarint64(value: bigint, field: string): void {
  const unsigned = BigInt.asUintN(64, value);
  let size = 1;
  for (let rest = unsigned; rest > 0x7fn; rest >>= 7n) size++;
  let at = reserve(size, field);
  let rest = unsigned;
  for (; rest > 0x7fn; rest >>= 7n) packetBytes[at++] = Number(rest & 0x7fn) | 0x80;
  packetBytes[at] = Number(rest);
}`,
    uses: ['reserve'],
  },
  utf8: { code: 'const utf8 = new TextEncoder();' },
  putField: {
    code: `\
function putField<T>(tag: number, put: (value: T, field: string) => void, value: T, field: string): void {
  put(value, field);
  putVarint(tag, field);
}`,
    uses: ['putVarint'],
  },
  putEach: {
    code: `\
function putEach<T>(tag: number, put: (value: T, field: string) => void, list: readonly T[], field: string): void {
  for (const value of [...list].reverse()) putField(tag, put, value, field);
}`,
    uses: ['putField'],
  },
  putPacked: {
    code: `\
function putPacked<T>(tag: number, put: (value: T, field: string) => void, list: readonly T[], field: string): void {
  if (list.length === 0) return;
  const end = start;
  for (const value of [...list].reverse()) put(value, field);
  putVarint(end - start, field);
  putVarint(tag, field);
}`,
    uses: ['putVarint'],
  },
  putMessage: {
    code: `\
function putMessage<T>(tag: number, write: (message: T) => void, message: T, field: string): void {
  const end = start;
  write(message);
  putVarint(end - start, field);
  putVarint(tag, field);
}`,
    uses: ['putVarint'],
  },
  putMessages: {
    code: `\
function putMessages<T>(tag: number, write: (message: T) => void, list: readonly T[], field: string): void {
  for (const message of [...list].reverse()) putMessage(tag, write, message, field);
}`,
    uses: ['putMessage'],
  },
  entriesOf: {
    code: `\
/** On the wire a map is a list of messages. */
function entriesOf<K, V>(map: ReadonlyMap<K, V>): { key: K; value: V }[] {
  return Array.from(map, ([key, value]) => ({ key, value }));
}`,
  },
};

const reading: Readonly<Record<string, FunctionCode>> = {
  Mutable: {
    code: `\
/** A message while it is being read. */
type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer E)[]
    ? E[]
    : T[K] extends ReadonlyMap<infer Key, infer Value>
      ? Map<Key, Value>
      : T[K];
};`,
  },
  checkWireType: {
    code: `\
function checkWireType(tag: number, expected: number, field: string): void {
  if ((tag & 7) === expected) return;
  throw new ProtocolError('bad-wire', \`\${field}: its wire type is \${tag & 7}, not \${expected}\`);
}`,
  },
  takeVarint64: {
    code: `\
function takeVarint64(field: string): bigint {
  takeVarint(field);
  return (BigInt(high) << 32n) | BigInt(low);
}`,
  },
  strictUtf8: { code: "const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });" },
  enter: {
    code: `\
/** Goes into what has a length of its own; returns where that ends which it lies in. */
function enter(tag: number, field: string): number {
  checkWireType(tag, 2, field);
  const size = takeLength(field);
  const outerEnd = end;
  end = position + size;
  return outerEnd;
}`,
    uses: ['checkWireType'],
  },
  takeRepeated: {
    code: `\
/** One by one, or packed behind one length: writers may choose. */
function takeRepeated<T>(
  tag: number,
  takeOne: (tag: number, field: string) => T,
  wireType: number,
  list: T[],
  field: string,
): void {
  if ((tag & 7) !== 2 || wireType === 2) {
    list.push(takeOne(tag, field));
    return;
  }
  const outerEnd = enter(tag, field);
  while (position < end) list.push(takeOne(wireType, field));
  end = outerEnd;
}`,
    uses: ['enter'],
  },
  takeMessage: {
    code: `\
/** \`before\`: what came of the same field; the parts of a message are joined. */
function takeMessage<T>(tag: number, read: (message?: Mutable<T>) => T, before: T | undefined, field: string): T {
  const outerEnd = enter(tag, field);
  deepen(field);
  const message = read(before as Mutable<T> | undefined);
  depth--;
  end = outerEnd;
  return message;
}`,
    uses: ['enter', 'Mutable'],
  },
  emptyMessage: {
    code: `\
function emptyMessage<T>(read: () => T): T {
  const outerEnd = end;
  end = position;
  deepen('a message that is missing');
  const message = read();
  depth--;
  end = outerEnd;
  return message;
}`,
  },
  takeEntry: {
    code: `\
function takeEntry<K, V>(tag: number, read: () => { key: K; value: V }, map: Map<K, V>, field: string): void {
  const { key, value } = takeMessage(tag, read, undefined, field);
  map.set(key, value);
}`,
    uses: ['takeMessage'],
  },
};

const library: Readonly<Record<string, FunctionCode>> = {
  ...writing,
  ...Object.fromEntries(Object.entries(scalars).flatMap((entry) => scalarFunctions(entry))),
  ...reading,
};

/** Names in the generated file that no enum can have. */
export const protoFunctionNames: readonly string[] = [
  ...Object.keys(library),
  ...['packetIds', 'packetBytes', 'written', 'start', 'beginPacket', 'endPacket', 'reserve', 'received', 'position'],
  ...['end', 'low', 'high', 'depth', 'openPacket', 'readPacket', 'take', 'takeTag', 'takeVarint', 'takeLength'],
  ...['deepen', 'skip', 'Map', 'ReadonlyMap', 'BigInt', 'Number', 'Math', 'Object', 'Array', 'RangeError'],
  ...['TextEncoder', 'TextDecoder', 'Readonly', 'Record'],
];

/** These functions, and those that they call: what is unused would be flagged in the user's project. */
export function protoFunctions(names: ReadonlySet<string>, header: HeaderCode): readonly string[] {
  const used = new Set<string>();
  const use = (name: string): void => {
    if (used.has(name)) return;
    used.add(name);
    library[name]?.uses?.forEach(use);
  };
  names.forEach(use);
  const inOrder = Object.entries(library).flatMap(([name, { code }]) => (used.has(name) ? [code] : []));
  return [packetWriting(header), packetReading(header), take, wireReading, ...inOrder];
}

function packetWriting({ headerSize, maxPacketSize, hasGaps, writeId, writeLength }: HeaderCode): string {
  return `\
/** The packet that is being written, from its end to its beginning: so each length is known before it is due. */
const packetBytes = new Uint8Array(${maxPacketSize});
const written = new DataView(packetBytes.buffer);
let start = 0;

function beginPacket(): void {
  start = packetBytes.length;
}

/** A copy, which stays as it is while it waits to be sent. */
function endPacket(id: number, name: string): Uint8Array {
  reserve(${headerSize}, name);
${hasGaps ? `  packetBytes.fill(0, start, start + ${headerSize});\n` : ''}\
  ${writeId('id', 'start')}
  const size = packetBytes.length - start;
  ${writeLength('size', 'start')}
  return packetBytes.slice(start);
}

function reserve(sizeBytes: number, field: string): number {
  start -= sizeBytes;
  if (start < 0) throw new RangeError(\`\${field}: the packet would exceed \${packetBytes.length} bytes\`);
  return start;
}`;
}

function packetReading(header: HeaderCode): string {
  return `\
${receiving(header)}

function readPacket<T>(read: () => T): T {
  depth = 0;
  return read();
}`;
}

const wireReading = `\
/** The halves of the last varint, unsigned. */
let low = 0;
let high = 0;

function takeVarint(field: string): void {
  low = 0;
  high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = received.getUint8(take(1, field));
    const bits = byte & 0x7f;
    if (shift < 32) low = (low | (bits << shift)) >>> 0;
    if (shift === 28) high = bits >>> 4;
    else if (shift > 28) high = (high | (bits << (shift - 32))) >>> 0;
    if (byte < 0x80) return;
  }
  throw new ProtocolError('bad-wire', \`\${field}: a varint is longer than 10 bytes\`);
}

function takeLength(field: string): number {
  takeVarint(field);
  const size = high * 2 ** 32 + low;
  if (size <= end - position) return size;
  throw new ProtocolError('truncated', \`\${field}: \${size} bytes are needed, and \${end - position} are left\`);
}

/** The number of a field, and in the lowest three bits how its value is written. */
function takeTag(field: string): number {
  takeVarint(field);
  if (high === 0 && low >= 8) return low;
  throw new ProtocolError('bad-wire', \`\${field}: there is no such field\`);
}

/** Messages and groups that lie in each other. */
let depth = 0;

function deepen(field: string): void {
  depth++;
  if (depth > 100) throw new ProtocolError('bad-wire', \`\${field}: it lies deeper than 100 messages\`);
}

/** Passes over a field that is not known here. */
function skip(tag: number, field: string): void {
  switch (tag & 7) {
    case 0:
      takeVarint(field);
      return;
    case 1:
      take(8, field);
      return;
    case 2:
      take(takeLength(field), field);
      return;
    case 3:
      skipGroup(tag >>> 3, field);
      return;
    case 5:
      take(4, field);
      return;
    default:
      throw new ProtocolError('bad-wire', \`\${field}: field \${tag >>> 3} has the wire type \${tag & 7}\`);
  }
}

function skipGroup(number: number, field: string): void {
  deepen(field);
  for (;;) {
    const tag = takeTag(field);
    if ((tag & 7) !== 4) skip(tag, field);
    else if (tag >>> 3 === number) break;
    else throw new ProtocolError('bad-wire', \`\${field}: the group \${number} is ended by \${tag >>> 3}\`);
  }
  depth--;
}`;
