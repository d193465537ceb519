/**
 * A field of the header beside length and id. `value` is a constant that is written into every frame, or a sequence number: it
 * counts the packets of a connection from 0 and wraps at the field's width. One that says `match` also finds the request that a
 * reply answers: the reply carries the request's number in the field of the same name.
 */
export interface HeaderField {
  readonly name: string;
  readonly offset: number;
  readonly length: 1 | 2 | 4 | 8;
  readonly value: number | { readonly counts: true } | { readonly match: true };
}

/**
 * How frames are cut from a stream, named as Netty's LengthFieldBasedFrameDecoder names its parts.
 *
 * `varint` is base 128, low bits first, as MQTT and protobuf write lengths. Its width differs from frame to frame, so all offsets
 * and `headerSize` are counted as though it had none: what stands right behind it has its offset.
 */
export interface LengthFraming {
  readonly kind: 'length';
  /** Where the length field begins, in bytes from the start of the frame. */
  readonly lengthFieldOffset: number;
  readonly lengthFieldLength: 1 | 2 | 3 | 4 | 8 | 'varint';
  /** The byte order of every field of the header but a varint. */
  readonly endian: 'little' | 'big';
  /**
   * frame size = lengthFieldOffset + lengthFieldLength + value + lengthAdjustment, as in Netty. A size field that counts
   * the whole frame therefore has the adjustment −(lengthFieldOffset + lengthFieldLength).
   */
  readonly lengthAdjustment: number;
  /** Where the packet id begins; absent where packets have no id. */
  readonly idOffset?: number;
  readonly idLength?: 1 | 2 | 4;
  /** The bits of the id's bytes that are the id, where others mean something else: 0xf0 for a high nibble. */
  readonly idMask?: number;
  /** How far the id is shifted up in these bits: 4 for a high nibble. */
  readonly idShift?: number;
  /** What is written into the other bits: the same for all packets, or by packet id, 0 where an id is not named. */
  readonly idRest?: number | Readonly<Record<number, number>>;
  readonly headerFields?: readonly HeaderField[];
  /** Bytes before the body: length, id and whatever else stands there. A frame smaller than this is a protocol error. */
  readonly headerSize: number;
  /** The largest frame, header included; a larger one is a protocol error as soon as its header is read. */
  readonly maxPacketSize: number;
}

/** Frames end with a delimiter, which is not part of what is handed on. */
export interface DelimiterFraming {
  readonly kind: 'delimiter';
  /**
   * Whichever is complete first ends the frame; of several that are complete at the same byte, the longest. The first of the
   * list is what is written.
   */
  readonly delimiters: readonly (readonly number[])[];
  /** The largest frame, delimiter left out. */
  readonly maxPacketSize: number;
}

/** Every frame has `length` bytes. */
export interface FixedFraming {
  readonly kind: 'fixed';
  readonly length: number;
}

/** No frames: each chunk is handed on as it arrives. */
export interface RawFraming {
  readonly kind: 'raw';
}

/** Plain data, so that a plan can carry it from process to process. */
export type Framing = LengthFraming | DelimiterFraming | FixedFraming | RawFraming;

/** ServerCore's own: `[size u16][id u16]`, little-endian, size counts the whole packet. */
export const serverCoreFraming = {
  kind: 'length',
  lengthFieldOffset: 0,
  lengthFieldLength: 2,
  endian: 'little',
  lengthAdjustment: -2,
  idOffset: 2,
  idLength: 2,
  headerSize: 4,
  maxPacketSize: 65535,
} as const satisfies LengthFraming;

/** The largest frame that `framing` lets through, delimiter left out. */
export function maxPacketSizeOf(framing: Framing): number {
  switch (framing.kind) {
    case 'raw':
      return Number.POSITIVE_INFINITY;
    case 'fixed':
      return framing.length;
    default:
      return framing.maxPacketSize;
  }
}
