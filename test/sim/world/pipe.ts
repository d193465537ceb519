import type { RandomStream } from '../../../src/load/random.js';
import type { Schedule } from './schedule.js';
import type { Stream } from './stream.js';
import type { Weather } from './weather.js';

/** What a pipe tells its two ends. */
export interface PipeEnds {
  /** There is room again for the rest of a write. */
  onRoom(): void;
  /** Bytes, or the end, can be read. */
  onArrival(): void;
  /** Bytes came to a side that has closed. */
  onRefused(): void;
}

/**
 * One direction of a connection, as the kernels of both sides and the network between them carry it:
 *
 *     write under way ─► send buffer ─► segments on their way ─► receive buffer ─► read
 *                        └──────────── never more than the window ───────────┘
 */
export class Pipe {
  readonly stream: Stream;
  readonly #schedule: Schedule;
  readonly #random: RandomStream;
  readonly #weather: Weather;
  readonly #ends: PipeEnds;
  /** The pieces of the write under way that are not taken over, in the memory of whoever wrote them. */
  #pieces: Uint8Array[] = [];
  /** On their way, in order; null is the FIN. */
  readonly #segments: (Uint8Array | null)[] = [];
  #lastArrivalUs = 0;
  #arrived: Uint8Array[] = [];
  /** Taken over and not read. */
  #insideBytes = 0;
  #finished = false;
  #isLastWrite = false;
  #cut = false;
  #roomIsTold = false;
  #discarded = false;
  ended = false;

  constructor(schedule: Schedule, random: RandomStream, weather: Weather, stream: Stream, ends: PipeEnds) {
    this.#schedule = schedule;
    this.#random = random;
    this.#weather = weather;
    this.stream = stream;
    this.#ends = ends;
  }

  /** Whether a write is under way. */
  get writing(): boolean {
    return this.#pieces.length > 0;
  }

  /** Whether bytes wait to be read. */
  get unread(): boolean {
    return this.#arrived.length > 0;
  }

  /** Begins a write; what is not taken over at once follows when there is room. */
  write(buffers: readonly Uint8Array[]): void {
    this.#pieces = buffers.filter(({ length }) => length > 0);
    this.takeOver();
  }

  /** Takes over as much of the write under way as there is room for, or, now and then, less. */
  takeOver(): void {
    const { windowBytes, partialChance } = this.#weather;
    let room = this.#fine(windowBytes, this.stream.taken) - this.#insideBytes;
    if (room > 0 && this.#random.next() < partialChance) {
      room = this.#random.int(1, room);
      this.#tellOfRoom(this.#random.int(1, 2000));
    }
    while (room > 0 && this.#pieces.length > 0) {
      const [piece] = this.#pieces as [Uint8Array];
      const part = piece.subarray(0, room);
      if (part.length === piece.length) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(part.length);
      room -= part.length;
      this.stream.take(part);
      this.#send(part.slice());
    }
    if (this.#isLastWrite && !this.writing) this.finish();
  }

  /** The sender has no more to say than the write under way. */
  finish(): void {
    this.#isLastWrite = this.writing;
    if (this.#finished || this.#isLastWrite) return;
    this.#finished = true;
    this.#travel(null);
  }

  /** The sender has closed: what was not taken over is dropped. */
  abandon(): void {
    this.#pieces = [];
  }

  /** The receiver has closed, or the connection is broken: nothing can be read any more. */
  discard(): void {
    this.#discarded = true;
    this.#arrived = [];
  }

  /** Nothing passes any more, and nobody is told. */
  cut(): void {
    this.#cut = true;
  }

  /** The next bytes, `most` at most; null where none have come. */
  read(most: number): Uint8Array | null {
    if (this.#arrived.length === 0) return null;
    const all = this.#arrived.length === 1 ? this.#arrived[0]! : Buffer.concat(this.#arrived);
    const bytes = all.subarray(0, Math.min(most, this.#fine(this.#weather.readBytes, this.stream.read)));
    this.#arrived = bytes.length < all.length ? [all.subarray(bytes.length)] : [];
    this.#insideBytes -= bytes.length;
    this.stream.deliver(bytes.length);
    if (this.writing) this.#tellOfRoom(this.#delayUs());
    return bytes;
  }

  #send(bytes: Uint8Array): void {
    this.#insideBytes += bytes.length;
    const segmentBytes = this.#fine(this.#weather.segmentBytes, this.stream.taken);
    for (let at = 0; at < bytes.length; ) {
      const length = this.#random.int(1, Math.min(segmentBytes, bytes.length - at));
      this.#travel(bytes.subarray(at, at + length));
      at += length;
    }
  }

  #travel(segment: Uint8Array | null): void {
    this.#segments.push(segment);
    this.#lastArrivalUs = Math.max(this.#lastArrivalUs, this.#schedule.nowUs + this.#delayUs());
    this.#schedule.add(this.#lastArrivalUs - this.#schedule.nowUs, `${this.stream.name} arrives`, () => this.#arrive());
  }

  #arrive(): void {
    const segment = this.#segments.shift()!;
    if (this.#cut) return;
    if (this.#discarded) {
      if (segment !== null) this.#ends.onRefused();
      return;
    }
    if (segment === null) this.ended = true;
    else this.#arrived.push(segment);
    this.#ends.onArrival();
  }

  #tellOfRoom(afterUs: number): void {
    if (this.#roomIsTold) return;
    this.#roomIsTold = true;
    this.#schedule.add(afterUs, `room for ${this.stream.name}`, () => {
      this.#roomIsTold = false;
      this.#ends.onRoom();
    });
  }

  /** How large something may be that is small for the first bytes alone. */
  #fine(size: number, bytes: number): number {
    return bytes < this.#weather.fineBytes ? size : 65_536;
  }

  #delayUs(): number {
    const { delayUs, jitterUs, stallChance, stallUs } = this.#weather;
    const stalledUs = this.#random.next() < stallChance ? stallUs : 0;
    return delayUs + this.#random.int(0, jitterUs) + stalledUs;
  }
}
