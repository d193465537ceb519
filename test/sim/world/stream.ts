import type { Framing } from '../../../src/core/index.js';
import { frameEnd } from './frame-end.js';
import type { Referee } from './referee.js';

/**
 * What one side of a connection sends, followed from end to end. Each stage must continue the one before it byte for byte:
 *
 *     accepted by send ≥ taken over by the network ≥ read by the peer ≥ handed on as frames
 */
export class Stream {
  readonly name: string;
  readonly framing: Framing;
  /** How many bytes stand before the first frame. */
  readonly unframed: number;
  readonly #referee: Referee;
  #bytes = new Uint8Array(1024);
  /** So many of `#bytes` have come to each stage. */
  accepted = 0;
  taken = 0;
  read = 0;
  framed: number;

  constructor(name: string, framing: Framing, referee: Referee, unframed = 0) {
    this.name = name;
    this.framing = framing;
    this.unframed = unframed;
    this.#referee = referee;
    this.framed = unframed;
  }

  /** All that was accepted. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.accepted);
  }

  /** Whether `other` is as this one is, as far as it goes. */
  beginsWith(other: Stream): boolean {
    return this.#holds(other.bytes, 0, this.accepted);
  }

  /** `send` has accepted these. */
  accept(bytes: Uint8Array): void {
    this.#reserve(this.accepted + bytes.length);
    this.#bytes.set(bytes, this.accepted);
    this.accepted += bytes.length;
  }

  /** The network takes these bytes from the memory of the sender, which must not have changed since. */
  take(bytes: Uint8Array): void {
    if (!this.#holds(bytes, this.taken, this.accepted)) {
      this.#fail(`the bytes written from ${this.taken} on are not those that send accepted`);
    }
    this.taken += bytes.length;
  }

  /** The peer is handed so many bytes more. */
  deliver(length: number): void {
    this.read += length;
  }

  /** The peer's session hands on bytes `start` to `end` of `buffer` as one frame. */
  frame(buffer: Uint8Array, start: number, end: number): void {
    const frame = buffer.subarray(start, end);
    const next = frameEnd(this.framing, this.#bytes, this.framed, this.read);
    if (next === null || next - this.framed !== frame.length || !this.#holds(frame, this.framed, this.read)) {
      this.#fail(`a frame of ${frame.length} bytes is not the packet that was sent at byte ${this.framed}`);
    }
    this.framed += frame.length;
  }

  /** While the receiver is connected, a frame that has come whole has been handed on. */
  checkRest(): void {
    if (this.framed >= this.read) return;
    if (frameEnd(this.framing, this.#bytes, this.framed, this.read) !== null) {
      this.#fail(`the packet at byte ${this.framed} has come and was not handed on`);
    }
  }

  /** What the peer answers from its byte `from` on stands here at the same place, and has been handed on: it is an echo. */
  checkEcho(bytes: Uint8Array, from: number): void {
    if (!this.#holds(bytes, from, this.framed)) this.#fail(`what is answered from byte ${from} on is no echo`);
  }

  #holds(bytes: Uint8Array, at: number, until: number): boolean {
    if (at + bytes.length > until) return false;
    return Buffer.compare(this.#bytes.subarray(at, at + bytes.length), bytes) === 0;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.accepted));
    this.#bytes = grown;
  }

  #fail(words: string): void {
    this.#referee.fail(`${this.name}: ${words}`);
  }
}
