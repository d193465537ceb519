import { CoreError } from './errors.js';

/**
 * One chunk of memory that packets are written into, one behind the other. It is never rewound: what was closed belongs to
 * whoever sends it, until the garbage collector takes the chunk as a whole.
 */
export class SendBuffer {
  readonly buffer: Uint8Array;
  #usedSize = 0;

  /** `chunkSize` in bytes. */
  constructor(chunkSize: number) {
    // A Buffer, because node:net would wrap any other Uint8Array into one for each write. Slow means: not from Node's pool.
    this.buffer = Buffer.allocUnsafeSlow(chunkSize);
  }

  /** Where in `buffer` the packet that is open begins. */
  get offset(): number {
    return this.#usedSize;
  }

  get freeSize(): number {
    return this.buffer.length - this.#usedSize;
  }

  /** Ends the open packet, `usedSize` bytes from `offset`, and returns a view of it. */
  close(usedSize: number): Uint8Array {
    const start = this.#usedSize;
    return this.buffer.subarray(start, this.closeRange(usedSize));
  }

  /** As `close`, but makes no view: the packet stands from the former `offset` to the offset returned. */
  closeRange(usedSize: number): number {
    if (usedSize < 0 || usedSize > this.freeSize) {
      throw new CoreError('send-buffer-overrun', `${usedSize} bytes were closed where ${this.freeSize} are free`);
    }
    this.#usedSize += usedSize;
    return this.#usedSize;
  }
}

/** Large enough that a new chunk is rare, small enough that one slow peer does not pin much. */
const defaultChunkSize = 256 * 1024;

/**
 * Hands out room in the current chunk, and takes a new chunk when that is full: `open`, write at `offset`, `close`.
 * One is enough for a process (the original has one for each thread). A packet that is opened and never closed takes no room.
 */
export class SendBufferHelper {
  readonly #chunkSize: number;
  #current = new SendBuffer(0);

  /** `chunkSize` in bytes; 256 KiB by default. A larger packet gets a chunk of its own. */
  constructor(chunkSize = defaultChunkSize) {
    this.#chunkSize = chunkSize;
  }

  /**
   * The chunk to write the next packet into, with at least `reserveSize` bytes free from its `offset`.
   * One packet is open at a time: opening again before closing hands out the same bytes.
   */
  open(reserveSize: number): SendBuffer {
    if (this.#current.freeSize < reserveSize) this.#current = new SendBuffer(Math.max(this.#chunkSize, reserveSize));
    return this.#current;
  }

  /** Ends the open packet after `usedSize` bytes and returns a view of it. */
  close(usedSize: number): Uint8Array {
    return this.#current.close(usedSize);
  }

  /** Ends the open packet after `usedSize` bytes and returns where in the chunk it ends; makes no view. */
  closeRange(usedSize: number): number {
    return this.#current.closeRange(usedSize);
  }
}
