import type { HeaderCode } from './header-code.js';
import { type FunctionCode, scalarFunctions } from './proto-scalar-code.js';
import { checkWhole, receiving, take } from './wire-functions.js';

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
  ...scalarFunctions,
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
