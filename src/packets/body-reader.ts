import { DecodeError, tooFewBytes } from './codec-errors.js';

/** A cursor over one frame. `start ≤ position ≤ end`: `take` moves it on, and never past the end. */
export class BodyReader {
  buffer: Uint8Array = new Uint8Array(0);
  #start = 0;
  #position = 0;
  #end = 0;

  begin(buffer: Uint8Array, start: number, end: number): void {
    this.buffer = buffer;
    this.#start = start;
    this.#position = start;
    this.#end = end;
  }

  /** Where the next byte stands in `buffer`. */
  get position(): number {
    return this.#position;
  }

  get remaining(): number {
    return this.#end - this.#position;
  }

  /**
   * Moves over the next `size` bytes and returns where in `buffer` they begin.
   * @throws DecodeError `truncated`, naming `field`, where fewer are left.
   */
  take(size: number, field: string): number {
    const at = this.#position;
    if (this.#end - at < size) {
      throw new DecodeError('truncated', field, tooFewBytes(size, this.#end - at));
    }
    this.#position = at + size;
    return at;
  }

  /** Goes to the byte that stands `offset` bytes behind the start, which the caller knows is there. Returns the offset of where it stood. */
  seek(offset: number): number {
    const from = this.#position - this.#start;
    this.#position = this.#start + offset;
    return from;
  }

  takeU16(field: string): number {
    const at = this.take(2, field);
    return this.buffer[at]! | (this.buffer[at + 1]! << 8);
  }
}
