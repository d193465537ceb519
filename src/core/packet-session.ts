import { compileFraming, type FrameParser } from './frame-parser.js';
import { type Framing, serverCoreFraming } from './framing.js';
import { Session, type SessionOptions } from './session.js';

export interface PacketSessionOptions extends SessionOptions {
  /** How frames are cut from the stream; ServerCore's by default. The two directions may differ. */
  readonly framing?: Framing | { readonly send: Framing; readonly receive: Framing };
}

const noOptions: PacketSessionOptions = {};

/** A session that receives packets: `onFrame` for each, or `onRecvPacket` where a view is wanted, and `onRecvBatch` for each receive. */
export abstract class PacketSession extends Session {
  readonly #parser: FrameParser;
  /** How much of the incomplete frame the parser has looked at. */
  #scanned = 0;
  #batchPackets = 0;

  /** Throws a CoreError (`bad-framing`) where the framing contradicts itself. */
  constructor(options: PacketSessionOptions = noOptions) {
    const framing = options.framing ?? serverCoreFraming;
    const parser = compileFraming('receive' in framing ? framing.receive : framing);
    super(options, parser.largestFrame);
    this.#parser = parser;
  }

  /** How many bytes the incomplete frame is to have on the wire, by its header; 0 where what has come of it does not tell. */
  get unfinishedSize(): number {
    const { unconsumed } = this;
    return this.#parser.frameSize(unconsumed, 0, unconsumed.length, this.#scanned);
  }

  /**
   * One packet: bytes `start` to `end` (exclusive) of `buffer`, header included, a delimiter left out; `id` is -1 where the
   * framing has none. The bytes are valid until the call returns: who keeps them copies them.
   * This is the hot path; the default makes a view, which costs several times as much, and calls `onRecvPacket`.
   */
  protected onFrame(buffer: Uint8Array, start: number, end: number, _id: number): void {
    this.onRecvPacket(buffer.subarray(start, end));
  }

  /** One packet, as `onFrame` describes it, as a view. */
  protected onRecvPacket(_packet: Uint8Array): void {}

  /**
   * One receive of `bytes` bytes completed `packets` packets: 0 where it brought only a part of one. Comes after their
   * `onFrame`, and not once disconnected.
   */
  protected onRecvBatch(_packets: number, _bytes: number): void {}

  protected override onRecv(buffer: Uint8Array, start: number, end: number): number {
    const parser = this.#parser;
    let at = start;
    while (at < end) {
      const size = parser.frameSize(buffer, at, end, this.#scanned);
      const next = at + size;
      if (size === 0 || next > end) {
        this.#scanned = end - at;
        break;
      }
      this.#scanned = 0;
      this.#batchPackets++;
      this.onFrame(buffer, at, parser.bodyEnd(buffer, at, next), parser.readId(buffer, at));
      at = next;
      if (!this.connected) break;
    }
    return at - start;
  }

  protected override onRecvCompleted(numOfBytes: number): void {
    const packets = this.#batchPackets;
    this.#batchPackets = 0;
    this.onRecvBatch(packets, numOfBytes);
  }
}
