import type { PdlField, PdlType } from '../packets/pdl-field.js';
import type { HeaderCode } from './header-code.js';

/** What the generated file says once for all packets: writing and reading one value of each type that occurs in them. */
interface WireType {
  /** The end of the names of its two functions: `writeInt`, `readInt`. */
  readonly suffix: string;
  /** The functions, as lines of the generated file. */
  readonly write: string;
  readonly read: string;
  /** The types whose functions these call. */
  readonly uses?: readonly FieldType[];
  /** Whether writing checks a whole number. */
  readonly whole?: true;
}

interface ScalarWireType extends WireType {
  /** What a field of this type is in TypeScript. */
  readonly tsType: string;
}

type FieldType = PdlField['type'];

function integer(suffix: string, setter: string, sizeBytes: number, min: number, max: number): ScalarWireType {
  const endian = sizeBytes === 1 ? '' : ', true';
  return {
    tsType: 'number',
    suffix,
    whole: true,
    write: `\
function write${suffix}(value: number, field: string): void {
  checkWhole(value, ${min}, ${max}, field);
  written.set${setter}(reserve(${sizeBytes}, field), value${endian});
}`,
    read: `\
function read${suffix}(field: string): number {
  return received.get${setter}(take(${sizeBytes}, field)${endian});
}`,
  };
}

/** As `src/packets/` reads and writes them; the tests hold the two against each other. */
export const wireTypes: Readonly<Record<PdlType, ScalarWireType> & Record<'list', WireType>> = {
  byte: integer('Byte', 'Uint8', 1, 0, 255),
  sbyte: integer('Sbyte', 'Int8', 1, -128, 127),
  bool: {
    tsType: 'boolean',
    suffix: 'Bool',
    write: `\
function writeBool(value: boolean, field: string): void {
  written.setUint8(reserve(1, field), value ? 1 : 0);
}`,
    read: `\
function readBool(field: string): boolean {
  return received.getUint8(take(1, field)) !== 0;
}`,
  },
  short: integer('Short', 'Int16', 2, -32768, 32767),
  ushort: integer('Ushort', 'Uint16', 2, 0, 65535),
  int: integer('Int', 'Int32', 4, -2147483648, 2147483647),
  float: {
    tsType: 'number',
    suffix: 'Float',
    write: `\
function writeFloat(value: number, field: string): void {
  if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw new RangeError(\`\${field}: \${value} is too large for a float\`);
  }
  written.setFloat32(reserve(4, field), value, true);
}`,
    read: `\
function readFloat(field: string): number {
  return received.getFloat32(take(4, field), true);
}`,
  },
  long: {
    tsType: 'bigint',
    suffix: 'Long',
    write: `\
function writeLong(value: bigint, field: string): void {
  if (BigInt.asIntN(64, value) !== value) throw new RangeError(\`\${field}: \${value} does not fit 64 bits\`);
  written.setBigInt64(reserve(8, field), value, true);
}`,
    read: `\
function readLong(field: string): bigint {
  return received.getBigInt64(take(8, field), true);
}`,
  },
  double: {
    tsType: 'number',
    suffix: 'Double',
    write: `\
function writeDouble(value: number, field: string): void {
  written.setFloat64(reserve(8, field), value, true);
}`,
    read: `\
function readDouble(field: string): number {
  return received.getFloat64(take(8, field), true);
}`,
  },
  string: {
    tsType: 'string',
    suffix: 'String',
    uses: ['ushort'],
    write: `\
/** The length in bytes, then UTF-16. */
function writeString(value: string, field: string): void {
  writeUshort(2 * value.length, field);
  const start = reserve(2 * value.length, field);
  for (let i = 0; i < value.length; i++) written.setUint16(start + 2 * i, value.charCodeAt(i), true);
}`,
    read: `\
function readString(field: string): string {
  const sizeBytes = readUshort(field);
  if (sizeBytes % 2 !== 0) throw new ProtocolError('bad-text', \`\${field}: \${sizeBytes} bytes are no UTF-16\`);
  const start = take(sizeBytes, field);
  let text = '';
  for (let at = start; at < start + sizeBytes; at += 2) text += String.fromCharCode(received.getUint16(at, true));
  return text;
}`,
  },
  list: {
    suffix: 'List',
    uses: ['ushort'],
    write: `\
/** The number of elements, then the elements. */
function writeList<T>(list: readonly T[], writeElement: (element: T) => void, field: string): void {
  writeUshort(list.length, field);
  for (const element of list) writeElement(element);
}`,
    read: `\
/** \`leastBytes\`: what an element takes at least; a count that cannot be true is refused before anything is read for it. */
function readList<T>(readElement: () => T, leastBytes: number, field: string): T[] {
  const count = readUshort(field);
  if (count * leastBytes > end - position) {
    throw new ProtocolError('bad-count', \`\${field}: \${count} elements do not fit the \${end - position} bytes left\`);
  }
  const list: T[] = [];
  for (let i = 0; i < count; i++) list.push(readElement());
  return list;
}`,
  },
};

/** A whole number within the bounds of its type. */
export const checkWhole = `\
function checkWhole(value: number, min: number, max: number, field: string): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(\`\${field}: \${value} is not a whole number from \${min} to \${max}\`);
}`;

function writing({ headerSize, maxPacketSize, writeId, writeLength }: HeaderCode): string {
  return `\
/** The packet that is being written. One is enough: no encoder waits half-way. */
const packetBytes = new Uint8Array(${maxPacketSize});
const written = new DataView(packetBytes.buffer);
let size = 0;

function beginPacket(id: number): void {
  size = ${headerSize};
  ${writeId('id', '')}
}

/** A copy, which stays as it is while it waits to be sent. */
function endPacket(): Uint8Array {
  ${writeLength('size', '')}
  return packetBytes.slice(0, size);
}`;
}

const reserve = `\
function reserve(sizeBytes: number, field: string): number {
  const at = size;
  size += sizeBytes;
  if (size > packetBytes.length) throw new RangeError(\`\${field}: the packet would exceed \${packetBytes.length} bytes\`);
  return at;
}`;

/** The packet that is being read, and its opening. */
export function receiving({ headerSize }: HeaderCode): string {
  return `\
/** The packet that is being read: \`position\` and \`end\` count from the beginning of the memory under its buffer. */
let received: DataView = new DataView(new ArrayBuffer(0));
let position = 0;
let end = 0;

function openPacket(buffer: Uint8Array, packetStart: number, packetEnd: number, name: string): void {
  if (received.buffer !== buffer.buffer) received = new DataView(buffer.buffer);
  position = buffer.byteOffset + packetStart;
  end = buffer.byteOffset + packetEnd;
  take(${headerSize}, name);
}`;
}

const closePacket = `\
function closePacket(name: string): void {
  if (position === end) return;
  throw new ProtocolError('trailing-bytes', \`\${name}: \${end - position} bytes are left over after the last field\`);
}`;

/** Moves over bytes of the packet, and says where they begin. */
export const take = `\
function take(sizeBytes: number, field: string): number {
  const at = position;
  if (end - at < sizeBytes) {
    throw new ProtocolError('truncated', \`\${field}: \${sizeBytes} bytes are needed, and \${end - at} are left\`);
  }
  position = at + sizeBytes;
  return at;
}`;

/** The functions that packets of these types need, and no others: what is unused would be flagged in the user's project. */
export function wireFunctions(types: ReadonlySet<FieldType>, header: HeaderCode): readonly string[] {
  const used = new Set([...types].flatMap((type) => [type, ...(wireTypes[type].uses ?? [])]));
  const inOrder = Object.entries<WireType>(wireTypes).flatMap(([type, wireType]) =>
    used.has(type as FieldType) ? [wireType] : [],
  );
  return [
    writing(header),
    ...(inOrder.length > 0 ? [reserve] : []),
    ...(inOrder.some(({ whole }) => whole) ? [checkWhole] : []),
    ...inOrder.map(({ write }) => write),
    receiving(header),
    closePacket,
    take,
    ...inOrder.map(({ read }) => read),
  ];
}
