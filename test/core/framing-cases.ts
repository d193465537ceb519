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

function lengthFraming(changes: Partial<LengthFraming>): LengthFraming {
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

const lines: Framing = { kind: 'delimiter', delimiter: [0x0d, 0x0a], maxPacketSize: 4 };

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
    framing: { kind: 'delimiter', delimiter: [0x0a], maxPacketSize: 100 },
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
    framing: { kind: 'delimiter', delimiter: [0xaa, 0xaa, 0xbb], maxPacketSize: 10 },
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
];
