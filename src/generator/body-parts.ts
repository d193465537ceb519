import { DecodeError } from '../packets/codec-errors.js';
import type { Explained, Fault, Part } from './explain.js';
import { bytesText } from './value-text.js';

/** Ends an explanation at the first thing that does not fit. */
class Misfit extends Error {
  readonly fault: Fault;

  constructor(offset: number, reason: string) {
    super(reason);
    this.fault = { offset, reason };
  }
}

/** What is gathered, part by part, of the bytes from `position` to `end`; what does not fit is thrown, and ends it. */
export class BodyParts {
  readonly #parts: Part[] = [];
  readonly bytes: Uint8Array;
  #position: number;
  /** Where what is being explained must end: the frame, or something with a length of its own in it. May lie beyond the bytes. */
  #end: number;
  /** What says that it ends there. */
  #bound = 'the frame’s size';
  #depth = 0;

  constructor(bytes: Uint8Array, start: number, frameEnd: number) {
    this.bytes = bytes;
    this.#position = start;
    this.#end = frameEnd;
  }

  /** Where the next part begins. */
  get position(): number {
    return this.#position;
  }

  get left(): number {
    return this.#end - this.position;
  }

  /** Where the bytes that may be read end. */
  get readableEnd(): number {
    return Math.min(this.#end, this.bytes.length);
  }

  /** All parts that `work` takes, and the misfit that ended it. */
  explain(work: () => void): Explained {
    try {
      work();
      return { parts: this.#parts, fault: undefined };
    } catch (error) {
      if (error instanceof Misfit) return { parts: this.#parts, fault: error.fault };
      throw error;
    }
  }

  /** Makes the next bytes a part. `show` says what they are, from the first to the one behind the last. */
  take(sizeBytes: number, field: string, show: (from: number, to: number) => string): void {
    const from = this.position;
    const to = from + sizeBytes;
    this.#require(sizeBytes, field);
    if (to > this.bytes.length) this.#breaksOff(field);
    const value = this.reading(field, () => show(from, to));
    this.#parts.push({ offset: from, bytes: this.bytes.subarray(from, to), field: this.#indented(field), value });
    this.#position = to;
  }

  /** What lies within the next bytes, which the length of `owner` counts; each part of it is indented. */
  within(sizeBytes: number, owner: string, explain: () => void): void {
    this.#require(sizeBytes, owner);
    const [end, bound] = [this.#end, this.#bound];
    this.#end = this.position + sizeBytes;
    this.#bound = `the length of ${owner}`;
    this.#depth++;
    explain();
    this.#depth--;
    [this.#end, this.#bound] = [end, bound];
  }

  /** Finds a misfit where something is left that no field explains. */
  requireEnd(): void {
    if (this.left === 0) return;
    this.misfit(this.position, `the last field ends here, and ${this.#bound} says that ${this.left} bytes follow`);
  }

  /** Does `read`, and makes what it cannot decode a misfit of `field`. */
  reading<T>(field: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      if (error.code === 'truncated' && this.#end > this.bytes.length) this.#breaksOff(field);
      return this.misfit(this.position, `${field}: ${error.reason}`);
    }
  }

  #require(sizeBytes: number, field: string): void {
    if (sizeBytes <= this.left) return;
    this.misfit(this.position, `${field}: ${bytesText(sizeBytes)} are needed, and ${this.#bound} leaves ${this.left}`);
  }

  #breaksOff(field: string): never {
    const missing = this.#end - this.bytes.length;
    const reason = `the frame breaks off in ${field}: by ${this.#bound} ${missing} more bytes follow`;
    return this.misfit(this.bytes.length, reason);
  }

  misfit(offset: number, reason: string): never {
    throw new Misfit(offset, reason);
  }

  #indented(field: string): string {
    return `${'  '.repeat(this.#depth)}${field}`;
  }
}
