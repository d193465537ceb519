import { ProtocolError } from '../core/index.js';
import type { ReceiveCover } from './cover.js';
import { standsAt, TransformSession } from './transform-session.js';

/** Where a frame stands whose decoded part is not in its place. One for all sessions: it is looked at until the frame is dealt with. */
let scratch = new Uint8Array(0);

/** A connection whose frames are covered, each for itself: all of it behind the header, or behind the length. */
export class FrameSession extends TransformSession {
  protected override onFrame(buffer: Uint8Array, start: number, end: number, wireId: number): void {
    this.noteArrival();
    const cover = this.kind.receiveCover!;
    const from = cover.coveredStart(buffer, start);
    const decoded = this.decode(buffer, from, end, this.kind.receivedPacket(wireId));
    if (decoded === null) return;
    const size = from - start + decoded.length;
    if (standsAt(decoded, buffer, from)) {
      this.#handOn(cover, buffer, start, start + size);
      return;
    }
    if (scratch.length < size) scratch = new Uint8Array(2 * size);
    scratch.set(buffer.subarray(start, from));
    scratch.set(decoded, from - start);
    this.#handOn(cover, scratch, 0, size);
  }

  /** The frame as it was before it was encoded, but for its length, which is that of the wire. */
  #handOn({ plain }: ReceiveCover, buffer: Uint8Array, start: number, end: number): void {
    if (plain.bodyOffset(buffer, start) > end) {
      throw new ProtocolError('size-below-header', `${end - start} bytes were left of a frame: less than its header`);
    }
    super.onFrame(buffer, start, end, plain.readId(buffer, start));
  }
}
