import { DecodeError, tooFewBytes } from './codec-errors.js';
import { wire } from './proto-wire.js';
import { asBuffer, readUtf8 } from './texts.js';

/** Messages within messages that a reply may have, as protobuf's own libraries have it: more are an attack. */
const deepestMessage = 100;

/** Groups within groups that are passed over: more are an attack. */
const deepestGroup = 64;

/** A cursor over protobuf's wire format. What it cannot read is a DecodeError without a field: whoever knows it adds it. */
export class ProtoReader {
  buffer: Uint8Array = new Uint8Array(0);
  position = 0;
  /** Where the message that is being read ends. */
  end = 0;
  /** The last varint or fixed value, as two unsigned halves of 32 bits. */
  low = 0;
  high = 0;
  /** How many messages lie around the one that is being read. */
  #depth = 0;

  begin(buffer: Uint8Array, start: number, end: number): void {
    this.buffer = buffer;
    this.position = start;
    this.end = end;
    this.#depth = 0;
  }

  /** Goes into the message that stands next; returns where the one around it ends, which is for `leave`. */
  enter(): number {
    if (++this.#depth > deepestMessage) {
      throw new DecodeError('too-deep', '', `messages nest more than ${deepestMessage} levels deep`);
    }
    const length = this.length();
    const outerEnd = this.end;
    this.end = this.position + length;
    return outerEnd;
  }

  leave(outerEnd: number): void {
    this.#depth--;
    this.end = outerEnd;
  }

  /** Moves over `size` bytes and returns where they begin. */
  take(size: number): number {
    const at = this.position;
    if (this.end - at < size) {
      throw new DecodeError('truncated', '', tooFewBytes(size, this.end - at));
    }
    this.position = at + size;
    return at;
  }

  /** Reads a varint of up to 64 bits into `low` and `high`. */
  varint(): void {
    const { buffer, end } = this;
    let at = this.position;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) throw new DecodeError('truncated', '', 'a varint goes on beyond the end');
      const byte = buffer[at++]!;
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift >= 32) high |= bits << (shift - 32);
      else if (shift === 28) high = bits >> 4;
      if (byte < 0x80) {
        this.position = at;
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw new DecodeError('bad-wire', '', 'a varint is longer than 10 bytes');
  }

  /** Reads a tag: the field's number and its wire type, as `number << 3 | type`, unsigned. */
  tag(): number {
    this.varint();
    if (this.high !== 0) throw new DecodeError('bad-wire', '', 'a tag is larger than 32 bits');
    if (this.low < 8) throw new DecodeError('bad-wire', '', 'no field has the number 0');
    return this.low;
  }

  /** Reads a length, and refuses one that leads beyond the end before anything is made for it. */
  length(): number {
    this.varint();
    const left = this.end - this.position;
    if (this.high === 0 && this.low <= left) return this.low;
    const length = this.high * 2 ** 32 + this.low;
    throw new DecodeError('truncated', '', tooFewBytes(length, left));
  }

  text(): string {
    const size = this.length();
    const at = this.take(size);
    return readUtf8(asBuffer(this.buffer), at, at + size, '');
  }

  /** A copy: nothing of the buffer is kept. */
  bytes(): Uint8Array {
    const size = this.length();
    const at = this.take(size);
    return new Uint8Array(this.buffer.subarray(at, at + size));
  }

  /** Moves over the value whose tag was read. */
  skip(tag: number): void {
    switch (tag & 7) {
      case wire.varint:
        this.varint();
        break;
      case wire.fixed64:
        this.take(8);
        break;
      case wire.bytes:
        this.take(this.length());
        break;
      case wire.fixed32:
        this.take(4);
        break;
      case wire.groupStart:
        this.#skipGroup(tag >>> 3, 1);
        break;
      default:
        throw new DecodeError('bad-wire', '', `field ${tag >>> 3} has the wire type ${tag & 7}`);
    }
  }

  #skipGroup(number: number, depth: number): void {
    if (depth > deepestGroup) throw new DecodeError('bad-wire', '', `groups lie deeper than ${deepestGroup}`);
    for (;;) {
      const tag = this.tag();
      if ((tag & 7) === wire.groupStart) this.#skipGroup(tag >>> 3, depth + 1);
      else if ((tag & 7) !== wire.groupEnd) this.skip(tag);
      else if (tag >>> 3 === number) return;
      else throw new DecodeError('bad-wire', '', `the group ${number} is ended by ${tag >>> 3}`);
    }
  }
}
