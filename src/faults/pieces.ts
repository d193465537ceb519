/** Bytes that go out in one write, `pauseMs` after those before them. */
export interface Piece {
  readonly bytes: readonly Uint8Array[];
  readonly pauseMs: number;
}

/** Collects what goes out: bytes that belong to one write, until the next piece begins. */
export class PieceList {
  readonly pieces: Piece[] = [];
  #open: Uint8Array[] | undefined;

  /** Bytes that go out with those before them. */
  add(bytes: Uint8Array): void {
    if (this.#open === undefined) this.addApart(bytes, 0);
    else this.#open.push(bytes);
  }

  /** Bytes that have a write of their own, to which `add` may add. */
  addApart(bytes: Uint8Array, pauseMs: number): void {
    this.#open = [bytes];
    this.pieces.push({ bytes: this.#open, pauseMs });
  }
}
