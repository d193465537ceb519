/** How frames are cut from a stream, named as Netty's LengthFieldBasedFrameDecoder names its parts. */
export interface LengthFraming {
  readonly kind: 'length';
  /** Where the length field begins, in bytes from the start of the frame. */
  readonly lengthFieldOffset: number;
  readonly lengthFieldLength: 1 | 2 | 3 | 4 | 8;
  readonly endian: 'little' | 'big';
  /**
   * frame size = lengthFieldOffset + lengthFieldLength + value + lengthAdjustment, as in Netty. A size field that counts
   * the whole frame therefore has the adjustment −(lengthFieldOffset + lengthFieldLength).
   */
  readonly lengthAdjustment: number;
  /** Where the packet id begins; absent where packets have no id. */
  readonly idOffset?: number;
  readonly idLength?: 1 | 2 | 4;
  /** Bytes before the body: length, id and whatever else stands there. A frame smaller than this is a protocol error. */
  readonly headerSize: number;
  /** The largest frame, header included; a larger one is a protocol error as soon as its header is read. */
  readonly maxPacketSize: number;
}

/** Frames end with `delimiter`, which is not part of what is handed on. */
export interface DelimiterFraming {
  readonly kind: 'delimiter';
  readonly delimiter: readonly number[];
  readonly maxPacketSize: number;
}

/** No frames: each chunk is handed on as it arrives. */
export interface RawFraming {
  readonly kind: 'raw';
}

/** Plain data, so that a plan can carry it from process to process. */
export type Framing = LengthFraming | DelimiterFraming | RawFraming;

/** ServerCore's own: `[size u16][id u16]`, little-endian, size counts the whole packet. */
export const serverCoreFraming: LengthFraming = {
  kind: 'length',
  lengthFieldOffset: 0,
  lengthFieldLength: 2,
  endian: 'little',
  lengthAdjustment: -2,
  idOffset: 2,
  idLength: 2,
  headerSize: 4,
  maxPacketSize: 65535,
};
