/** The list for a write of one piece, which is nearly every write: see `take`. */
const onePiece: Uint8Array[] = [];

/**
 * The bytes of one session that wait for the next write: closed pieces, then one open piece that ranges adjoining it in the
 * same memory still merge into. So packets that were encoded one behind the other leave as one piece, and no view is made
 * for each.
 */
export class SendQueue {
  #bytes = 0;
  #closed: Uint8Array[] | undefined;
  /** The open piece stands from `start` to `end` as `buffer` counts; it may have grown beyond `buffer` in the same memory. */
  #buffer: Uint8Array | undefined;
  #memory: ArrayBufferLike | undefined;
  #start = 0;
  #end = 0;
  readonly #keepsApart: boolean;

  /** `keepsApart`: no range merges into another. */
  constructor(keepsApart = false) {
    this.#keepsApart = keepsApart;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds bytes `start` to `end` (exclusive) of `buffer`. */
  add(buffer: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.#bytes += end - start;
    const open = this.#buffer;
    if (open !== undefined) {
      if (!this.#keepsApart && this.#adjoins(open, buffer, start)) {
        this.#end += end - start;
        return;
      }
      this.#closed ??= [];
      this.#closed.push(this.#openPiece(open));
    }
    this.#buffer = buffer;
    this.#memory = undefined;
    this.#start = start;
    this.#end = end;
  }

  /** Empties the queue, which must hold bytes, into a list that is valid until the next `take` of any queue. */
  take(): readonly Uint8Array[] {
    const last = this.#openPiece(this.#buffer!);
    const pieces = this.#closed ?? onePiece;
    if (pieces === onePiece) onePiece[0] = last;
    else pieces.push(last);
    this.clear();
    return pieces;
  }

  clear(): void {
    this.#bytes = 0;
    this.#closed = undefined;
    this.#buffer = undefined;
    this.#memory = undefined;
  }

  #adjoins(open: Uint8Array, buffer: Uint8Array, start: number): boolean {
    if (buffer === open) return start === this.#end;
    if (buffer.byteOffset + start !== open.byteOffset + this.#end) return false;
    // Kept, because to ask a view for its memory costs as much as all the rest.
    this.#memory ??= open.buffer;
    return buffer.buffer === this.#memory;
  }

  /** A Buffer where a view must be made: node:net would wrap any other Uint8Array into one for each write. */
  #openPiece(open: Uint8Array): Uint8Array {
    if (this.#start === 0 && this.#end === open.length) return open;
    return Buffer.from(open.buffer, open.byteOffset + this.#start, this.#end - this.#start);
  }
}
