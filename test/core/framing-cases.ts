import { type Framing, type LengthFraming, serverCoreFraming } from '../../src/core/index.js';

export interface FramingCase {
  readonly name: string;
  readonly framing: Framing;
  /** What stands on the wire: a word for each frame, or for what breaks the protocol. */
  readonly wire: string;
  /** What is handed on, in order, and the ids. */
  readonly frames: readonly string[];
  readonly ids: readonly number[];
  /** The protocol error that the bytes behind these frames are. */
  readonly error?: string;
  /** Bytes left over, an incomplete frame. */
  readonly rest?: number;
}

export function lengthFraming(changes: Partial<LengthFraming>): LengthFraming {
  return { ...serverCoreFraming, ...changes };
}

const oneByte: LengthFraming = {
  kind: 'length',
  lengthFieldOffset: 0,
  lengthFieldLength: 1,
  endian: 'big',
  lengthAdjustment: 0,
  headerSize: 1,
  maxPacketSize: 200,
};

/** [size u64][id u16], the size counts the body only. */
const eightBytes = lengthFraming({ lengthFieldLength: 8, lengthAdjustment: 2, idOffset: 8, headerSize: 10 });

const lines: Framing = { kind: 'delimiter', delimiters: [[0x0d, 0x0a]], maxPacketSize: 4 };

/** [type in the high nibble][remaining length, a varint]; three types have the flag 2. */
export const mqtt: LengthFraming = {
  kind: 'length',
  lengthFieldOffset: 1,
  lengthFieldLength: 'varint',
  endian: 'big',
  lengthAdjustment: 0,
  idOffset: 0,
  idLength: 1,
  idMask: 0xf0,
  idShift: 4,
  idRest: { 6: 2, 8: 2, 10: 2 },
  headerSize: 1,
  maxPacketSize: 20_000,
};

/** protobuf's delimited streams. */
const varint: LengthFraming = {
  kind: 'length',
  lengthFieldOffset: 0,
  lengthFieldLength: 'varint',
  endian: 'little',
  lengthAdjustment: 0,
  headerSize: 0,
  maxPacketSize: 300,
};

/** [id u16][size, a varint, which counts all that follows it][number u16] */
export const varintInside: LengthFraming = {
  ...varint,
  endian: 'big',
  lengthFieldOffset: 2,
  idOffset: 0,
  idLength: 2,
  headerFields: [{ name: 'number', offset: 2, length: 2, value: { match: true } }],
  headerSize: 4,
  maxPacketSize: 20_000,
};

/** [magic][opcode][key length u16][extras length][type][status u16][length u32][opaque u32][cas u64], and the length counts the body. */
export const memcached: LengthFraming = {
  kind: 'length',
  lengthFieldOffset: 8,
  lengthFieldLength: 4,
  endian: 'big',
  lengthAdjustment: 12,
  idOffset: 1,
  idLength: 1,
  headerFields: [
    { name: 'magic', offset: 0, length: 1, value: 0x80 },
    { name: 'opaque', offset: 12, length: 4, value: { match: true } },
  ],
  headerSize: 24,
  maxPacketSize: 20_000,
};

/** [magic u32][flags, 3 of whose bits are the id][size u24, which counts all but the magic][number u64][version u8] */
export const everything: LengthFraming = {
  kind: 'length',
  lengthFieldOffset: 5,
  lengthFieldLength: 3,
  endian: 'big',
  lengthAdjustment: -4,
  idOffset: 4,
  idLength: 1,
  idMask: 0b0011_1000,
  idShift: 3,
  idRest: 0b1000_0001,
  headerFields: [
    { name: 'magic', offset: 0, length: 4, value: 0xcafe_babe },
    { name: 'number', offset: 8, length: 8, value: { counts: true } },
    { name: 'version', offset: 16, length: 1, value: 3 },
  ],
  headerSize: 17,
  maxPacketSize: 20_000,
};

/** Every framing that a server of this kind was seen with, and every way in which bytes can break it. */
export const framingCases: readonly FramingCase[] = [
  {
    name: 'ServerCore: [size u16][id u16], size counts the whole packet',
    framing: serverCoreFraming,
    wire: '0600 0100 aabb  0400 0200  0900 ffff 0102030405',
    frames: ['06000100aabb', '04000200', '0900ffff0102030405'],
    ids: [1, 2, 65535],
  },
  {
    name: 'ServerCore with an incomplete packet at the end',
    framing: serverCoreFraming,
    wire: '0400 0100  0600 0100 aa',
    frames: ['04000100'],
    ids: [1],
    rest: 5,
  },
  {
    name: 'ServerCore with size 0',
    framing: serverCoreFraming,
    wire: '0400 0100  0000',
    frames: ['04000100'],
    ids: [1],
    error: 'size-below-header',
  },
  {
    name: 'ServerCore with size 3',
    framing: serverCoreFraming,
    wire: '0300 0100',
    frames: [],
    ids: [],
    error: 'size-below-header',
  },
  {
    name: 'ServerCore above its own maxPacketSize',
    framing: lengthFraming({ maxPacketSize: 8 }),
    wire: '0800 0100 01020304  0900',
    frames: ['0800010001020304'],
    ids: [1],
    error: 'packet-too-large',
  },
  {
    name: '[size u16][id u16], size counts the body only, big-endian',
    framing: lengthFraming({ endian: 'big', lengthAdjustment: 2 }),
    wire: '0002 0001 aabb  0000 0102',
    frames: ['00020001aabb', '00000102'],
    ids: [1, 0x0102],
  },
  {
    name: '[id u16][size u16], size counts the whole packet',
    framing: lengthFraming({ lengthFieldOffset: 2, lengthAdjustment: -4, idOffset: 0 }),
    wire: '0700 0500 aa  0800 0400',
    frames: ['07000500aa', '08000400'],
    ids: [7, 8],
  },
  {
    name: '[size u32][id u32], little-endian, size counts what follows it',
    framing: lengthFraming({ lengthFieldLength: 4, lengthAdjustment: 0, idOffset: 4, idLength: 4, headerSize: 8 }),
    wire: '05000000 ffffffff aa  04000000 01000000',
    frames: ['05000000ffffffffaa', '0400000001000000'],
    ids: [4294967295, 1],
  },
  {
    name: '[size u32] above 2^31 is no negative number',
    framing: lengthFraming({ lengthFieldLength: 4, lengthAdjustment: 0, headerSize: 6, idOffset: 4 }),
    wire: 'ffffff80',
    frames: [],
    ids: [],
    error: 'packet-too-large',
  },
  {
    name: '[size u16][id u16][sequence u32], the sequence counted as header',
    framing: lengthFraming({ headerSize: 8 }),
    wire: '0900 0300 01000000 aa  0800 0400 02000000',
    frames: ['0900030001000000aa', '0800040002000000'],
    ids: [3, 4],
  },
  {
    name: '[size u16][id u16][sequence u32] with a size inside the header',
    framing: lengthFraming({ headerSize: 8 }),
    wire: '0700 0300',
    frames: [],
    ids: [],
    error: 'size-below-header',
  },
  {
    name: '[i32][size at 4, which counts all 8 header bytes][id u8 inside the first four]',
    framing: lengthFraming({
      lengthFieldOffset: 4,
      lengthFieldLength: 4,
      lengthAdjustment: -8,
      idOffset: 1,
      idLength: 1,
      headerSize: 8,
    }),
    wire: '00050000 0a000000 aabb  00060000 08000000',
    frames: ['000500000a000000aabb', '0006000008000000'],
    ids: [5, 6],
  },
  {
    name: '[size u8] without an id',
    framing: oneByte,
    wire: '02aabb 00 01cc',
    frames: ['02aabb', '00', '01cc'],
    ids: [-1, -1, -1],
  },
  {
    name: '[size u8] above maxPacketSize',
    framing: oneByte,
    wire: '00 c8',
    frames: ['00'],
    ids: [-1],
    error: 'packet-too-large',
  },
  {
    name: '[size u24], big-endian',
    framing: { ...oneByte, lengthFieldLength: 3, headerSize: 3 },
    wire: '000002aabb 000000',
    frames: ['000002aabb', '000000'],
    ids: [-1, -1],
  },
  {
    name: '[size u64][id u16], little-endian',
    framing: eightBytes,
    wire: '0100000000000000 0500 aa',
    frames: ['01000000000000000500aa'],
    ids: [5],
  },
  {
    name: '[size u64] beyond 2^53',
    framing: eightBytes,
    wire: '0100000000000020',
    frames: [],
    ids: [],
    error: 'packet-too-large',
  },
  {
    name: '[size u64] of all ones',
    framing: eightBytes,
    wire: 'ffffffffffffffff',
    frames: [],
    ids: [],
    error: 'packet-too-large',
  },
  {
    name: 'a delimiter of one byte',
    framing: { kind: 'delimiter', delimiters: [[0x0a]], maxPacketSize: 100 },
    wire: '6162 0a  0a  63 0a 64',
    frames: ['6162', '', '63'],
    ids: [-1, -1, -1],
    rest: 1,
  },
  {
    name: 'a delimiter of two bytes, its first byte also inside a frame',
    framing: lines,
    wire: '610d 0d0a  62 0d0a  0d',
    frames: ['610d', '62'],
    ids: [-1, -1],
    rest: 1,
  },
  {
    name: 'a delimiter that overlaps itself',
    framing: { kind: 'delimiter', delimiters: [[0xaa, 0xaa, 0xbb]], maxPacketSize: 10 },
    wire: 'aa aaaabb  01 aaaabb',
    frames: ['aa', '01'],
    ids: [-1, -1],
  },
  { name: 'a line of exactly maxPacketSize', framing: lines, wire: '61626364 0d0a', frames: ['61626364'], ids: [-1] },
  {
    name: 'a line longer than maxPacketSize, its delimiter in sight',
    framing: lines,
    wire: '61 0d0a  6162636465 0d0a',
    frames: ['61'],
    ids: [-1],
    error: 'packet-too-large',
  },
  {
    name: 'a line that cannot end within maxPacketSize any more',
    framing: lines,
    wire: '616263646566',
    frames: [],
    ids: [],
    error: 'packet-too-large',
  },
  {
    name: 'MQTT: the type in the high nibble, the remaining length a varint',
    framing: mqtt,
    wire: `10 02 aabb  c0 00  82 01 cc  32 8001 ${'ee'.repeat(128)}`,
    frames: ['1002aabb', 'c000', '8201cc', `328001${'ee'.repeat(128)}`],
    ids: [1, 12, 8, 3],
  },
  {
    name: 'MQTT with half a length at the end',
    framing: mqtt,
    wire: 'd0 00  30 80',
    frames: ['d000'],
    ids: [13],
    rest: 2,
  },
  {
    name: 'a varint that is the whole header',
    framing: varint,
    wire: `00  01aa  aa02 ${'bb'.repeat(298)}`,
    frames: ['00', '01aa', `aa02${'bb'.repeat(298)}`],
    ids: [-1, -1, -1],
  },
  {
    name: 'a varint of more bytes than its value needs',
    framing: varint,
    wire: '828000 aabb',
    frames: ['828000aabb'],
    ids: [-1],
  },
  {
    name: 'a varint above maxPacketSize',
    framing: varint,
    wire: '01aa ab02',
    frames: ['01aa'],
    ids: [-1],
    error: 'packet-too-large',
  },
  {
    name: 'a varint beyond 2^32, with a maxPacketSize below its own width',
    framing: { ...varint, maxPacketSize: 2 },
    wire: 'ffffffff7f',
    frames: [],
    ids: [],
    error: 'packet-too-large',
  },
  {
    name: 'a varint that never ends',
    framing: varint,
    wire: '01aa ffffffffff',
    frames: ['01aa'],
    ids: [-1],
    error: 'bad-length',
  },
  {
    name: 'a varint that counts more than the body, below what it must count',
    framing: { ...varint, lengthAdjustment: -3 },
    wire: '04aa 02',
    frames: ['04aa'],
    ids: [-1],
    error: 'size-below-header',
  },
  {
    name: '[id u16][varint][number u16]',
    framing: varintInside,
    wire: `0001 03 0007 aa  0002 8201 0008 ${'bb'.repeat(128)}`,
    frames: ['0001030007aa', `000282010008${'bb'.repeat(128)}`],
    ids: [1, 2],
  },
  {
    name: '[id u16][varint][number u16] with a length that ends inside the number',
    framing: varintInside,
    wire: '0001 01',
    frames: [],
    ids: [],
    error: 'size-below-header',
  },
  {
    name: '[varint][id u8], the id counted by the length',
    framing: { ...varint, idOffset: 0, idLength: 1, headerSize: 1 },
    wire: `03 05aabb  8101 06 ${'cc'.repeat(128)}`,
    frames: ['0305aabb', `810106${'cc'.repeat(128)}`],
    ids: [5, 6],
  },
  {
    name: 'PostgreSQL: [type][size u32], the size counts itself and not the type',
    framing: {
      ...oneByte,
      lengthFieldOffset: 1,
      lengthFieldLength: 4,
      lengthAdjustment: -4,
      idOffset: 0,
      idLength: 1,
      headerSize: 5,
    },
    wire: '52 00000008 00000000  5a 00000005 49  31 00000003',
    frames: ['520000000800000000', '5a0000000549'],
    ids: [0x52, 0x5a],
    error: 'size-below-header',
  },
  {
    name: 'memcached: a size in the middle of a header of 24 bytes, which counts the body',
    framing: memcached,
    wire: `8005${'00'.repeat(22)}  8000 0001 00000000 00000001 00000001 0000000000000000 61`,
    frames: [`8005${'00'.repeat(22)}`, '80000001000000000000000100000001000000000000000061'],
    ids: [5, 0],
  },
  {
    name: 'constants, a number that counts, and an id in three bits of a byte',
    framing: everything,
    wire: 'cafebabe a9 00000e 0000000000000000 03 ff  cafebabe b9 00000d 0000000000000001 03',
    frames: ['cafebabea900000e000000000000000003ff', 'cafebabeb900000d000000000000000103'],
    ids: [5, 7],
  },
  {
    name: 'an id in the high bits of 32',
    framing: lengthFraming({ idLength: 4, idMask: 0xffff_0000, idShift: 16, idRest: 0x8001, headerSize: 6 }),
    wire: '0600 0180ffff  0600 01800200',
    frames: ['06000180ffff', '060001800200'],
    ids: [65_535, 2],
  },
  {
    name: 'a length of 4 GiB',
    framing: { ...oneByte, lengthFieldLength: 4, headerSize: 4 },
    wire: '00000000 ffffffff',
    frames: ['00000000'],
    ids: [-1],
    error: 'packet-too-large',
  },
  {
    name: 'two delimiters, one the end of the other',
    framing: { kind: 'delimiter', delimiters: [[0x0d, 0x0a], [0x0a]], maxPacketSize: 10 },
    wire: '61 0d0a  62 0a  0d0a  630d 0d0a 0d',
    frames: ['61', '62', '', '630d'],
    ids: [-1, -1, -1, -1],
    rest: 1,
  },
  {
    name: 'two delimiters that have nothing in common',
    framing: { kind: 'delimiter', delimiters: [[0x00], [0x3b, 0x3b]], maxPacketSize: 3 },
    wire: '613b62 00  63 3b3b  61626364',
    frames: ['613b62', '63'],
    ids: [-1, -1],
    rest: 4,
  },
  {
    name: 'two delimiters, neither of which comes in time',
    framing: { kind: 'delimiter', delimiters: [[0x00], [0x3b, 0x3b]], maxPacketSize: 3 },
    wire: '6162636465',
    frames: [],
    ids: [],
    error: 'packet-too-large',
  },
  {
    name: 'frames of four bytes',
    framing: { kind: 'fixed', length: 4 },
    wire: '01020304 05060708 09',
    frames: ['01020304', '05060708'],
    ids: [-1, -1],
    rest: 1,
  },
];
