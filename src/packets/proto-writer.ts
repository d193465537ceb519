import { writeFloat } from './floats.js';
import { writeText } from './texts.js';
import { varintSize, writeVarint, writeWide } from './wide-integers.js';

/**
 * A cursor that writes protobuf's wire format, into memory of its own: lengths stand before what they measure, and are known once
 * that is written.
 */
export class ProtoWriter {
  buffer: Uint8Array = new Uint8Array(4096);
  position = 0;

  rewind(): void {
    this.position = 0;
  }

  /** Makes room for `size` more bytes: whoever writes has asked for it. */
  reserve(size: number): void {
    if (this.buffer.length - this.position >= size) return;
    const larger = new Uint8Array(2 * (this.position + size));
    larger.set(this.buffer.subarray(0, this.position));
    this.buffer = larger;
  }

  /** Makes room for a tag and any number behind it. */
  reserveNumber(): void {
    this.reserve(largestTag + largestNumber);
  }

  /** Writes a field's tag, and makes room for any number behind it. */
  tag(tag: number): void {
    this.reserveNumber();
    this.varint32(tag);
  }

  /** A varint of 32 bits, unsigned. */
  varint32(value: number): void {
    this.position = writeVarint(value, 0, this.buffer, this.position);
  }

  /** A varint of 64 bits, as two unsigned halves of 32. */
  varint64(low: number, high: number): void {
    this.position = writeVarint(low, high, this.buffer, this.position);
  }

  fixed32(bits: number): void {
    const { buffer, position } = this;
    buffer[position] = bits;
    buffer[position + 1] = bits >> 8;
    buffer[position + 2] = bits >> 16;
    buffer[position + 3] = bits >> 24;
    this.position = position + 4;
  }

  fixed64(value: number | bigint): void {
    this.position = writeWide(value, true, this.buffer, this.position);
  }

  float(value: number, sizeBytes: 4 | 8): void {
    this.position = writeFloat(value, sizeBytes, true, this.buffer, this.position);
  }

  /** UTF-8. Half a surrogate pair, which UTF-8 cannot express, becomes U+FFFD. */
  text(text: string): void {
    const start = this.begin();
    this.reserve(3 * text.length);
    this.position = writeText('utf-8', text, this.buffer, start);
    this.end(start);
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(largestTag + bytes.length);
    this.varint32(bytes.length);
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** Begins what has its length before it; returns where. */
  begin(): number {
    this.reserve(1);
    return ++this.position;
  }

  /** Ends what began at `start`. Most lengths are one byte, so that much was left for it: what has a longer one makes way. */
  end(start: number): void {
    const length = this.position - start;
    if (length < 0x80) {
      this.buffer[start - 1] = length;
      return;
    }
    this.reserve(largestTag);
    const end = this.position;
    this.position = start - 1;
    // Its own bytes are about to be overwritten: the length is written once they are out of the way.
    const shift = varintSize(length, 0) - 1;
    this.buffer.copyWithin(start + shift, start, end);
    this.varint32(length);
    this.position = end + shift;
  }
}

/** Bytes of the largest tag or length, and of the largest number. */
const largestTag = 5;
const largestNumber = 10;
