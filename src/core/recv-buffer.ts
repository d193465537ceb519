const nothing = Buffer.allocUnsafeSlow(0);
const smallestAllocation = 64;

/**
 * The bytes received and not yet consumed. Invariant: 0 ≤ readPos ≤ writePos ≤ buffer.length ≤ bufferSize.
 *
 * Unlike the original it owns memory only while it holds bytes: it grows to what it must hold, and `clean` lets go of all
 * of it once everything is read. An idle session therefore costs no buffer.
 */
export class RecvBuffer {
  readonly bufferSize: number;
  #buffer: Buffer = nothing;
  #readPos = 0;
  #writePos = 0;

  /** `bufferSize`: the most bytes it will ever hold. */
  constructor(bufferSize: number) {
    this.bufferSize = bufferSize;
  }

  /** Bytes written and not yet read. */
  get dataSize(): number {
    return this.#writePos - this.#readPos;
  }

  /** Bytes that can be written behind the data; `clean` makes it as large as it can be. */
  get freeSize(): number {
    return this.bufferSize - this.#writePos;
  }

  /** The memory that the positions point into. Another one after each write and clean. */
  get buffer(): Uint8Array {
    return this.#buffer;
  }

  get readPos(): number {
    return this.#readPos;
  }

  get writePos(): number {
    return this.#writePos;
  }

  /** A view of the data. */
  get readSegment(): Uint8Array {
    return this.#buffer.subarray(this.#readPos, this.#writePos);
  }

  /** A view of the free space, `freeSize` bytes long; follow what is written there with `onWrite`. */
  get writeSegment(): Uint8Array {
    this.#grow(this.bufferSize);
    return this.#buffer.subarray(this.#writePos, this.bufferSize);
  }

  /**
   * Moves the data to the front, so that all free space is behind it.
   *
   *     before  [ read r data w free ]
   *     after   [ data w free        ]    and no memory at all where there is no data
   */
  clean(): void {
    if (this.dataSize === 0) this.#buffer = nothing;
    else this.#buffer.copyWithin(0, this.#readPos, this.#writePos);
    this.#writePos = this.dataSize;
    this.#readPos = 0;
  }

  /** Drops the data and lets go of the memory. */
  clear(): void {
    this.#readPos = this.#writePos;
    this.clean();
  }

  /** Marks `numOfBytes` as read; false, and nothing changes, where there are not so many. */
  onRead(numOfBytes: number): boolean {
    if (numOfBytes < 0 || numOfBytes > this.dataSize) return false;
    this.#readPos += numOfBytes;
    return true;
  }

  /** Marks `numOfBytes` of `writeSegment` as written; false, and nothing changes, where it is not so long. */
  onWrite(numOfBytes: number): boolean {
    if (numOfBytes < 0 || numOfBytes > this.#buffer.length - this.#writePos) return false;
    this.#writePos += numOfBytes;
    return true;
  }

  /** Copies `chunk[start, end)` behind the data; false, and nothing changes, where it does not fit. */
  append(chunk: Uint8Array, start: number, end: number): boolean {
    const size = end - start;
    if (size > this.freeSize) return false;
    this.#grow(this.#writePos + size);
    this.#buffer.set(chunk.subarray(start, end), this.#writePos);
    this.#writePos += size;
    return true;
  }

  #grow(size: number): void {
    if (size <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(
      Math.min(this.bufferSize, Math.max(size, 2 * this.#buffer.length, smallestAllocation)),
    );
    grown.set(this.#buffer.subarray(0, this.#writePos));
    this.#buffer = grown;
  }
}
