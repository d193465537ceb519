import type { Phase } from './catalog.js';

/**
 * Each series has six slots: for each phase one for what counts (a counter's amount, a rate's hits, a trend's answered values) and one for
 * what stands beside it (a rate's total, a trend's unanswered values).
 */
export const slotsPerSeries = 6;

/** 0: amount, hits, answered. 1: total, unanswered. */
export type Part = 0 | 1;

export function slotOf(phase: Phase, part: Part): number {
  return phase * 2 + part;
}

export function partOf(slot: number): Part {
  return slot % 2 === 0 ? 0 : 1;
}

/**
 * Writes the deltas of a snapshot. Numbers are varints (LEB128: seven bits a byte, the lowest first, the top bit set on all
 * but the last byte), whole and below 2^53.
 *
 *     counters = { cell amount }
 *     trends   = { cell { gap count } 0 }
 *     cell     = the series' number × 6 + slot
 *     gap      = bucket − the entry's bucket before (−1 at first), so at least 1
 *
 * What did not change is not written.
 */
export class DeltaWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  amount(cell: number, amount: number): void {
    this.#varint(cell);
    this.#varint(amount);
  }

  /** `forEach` calls back once for each bucket to be written, in ascending order. */
  buckets(cell: number, forEach: (visit: (bucket: number, count: number) => void) => void): void {
    this.#varint(cell);
    let before = -1;
    forEach((bucket, count) => {
      this.#varint(bucket - before);
      this.#varint(count);
      before = bucket;
    });
    this.#varint(0);
  }

  /** What was written since the last call, as a copy. */
  take(): Uint8Array {
    const written = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return written;
  }

  #varint(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow();
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what `DeltaWriter.amount` wrote. */
export function readAmounts(bytes: Uint8Array, visit: (series: number, slot: number, amount: number) => void): void {
  const reader = new VarintReader(bytes);
  while (!reader.done) {
    const cell = reader.next();
    visit(Math.floor(cell / slotsPerSeries), cell % slotsPerSeries, reader.next());
  }
}

/** Reads what `DeltaWriter.buckets` wrote: `begin` is called for each entry and answers with who takes its buckets. */
export function readBuckets(
  bytes: Uint8Array,
  begin: (series: number, slot: number) => (bucket: number, count: number) => void,
): void {
  const reader = new VarintReader(bytes);
  while (!reader.done) {
    const cell = reader.next();
    const visit = begin(Math.floor(cell / slotsPerSeries), cell % slotsPerSeries);
    let bucket = -1;
    for (let gap = reader.next(); gap > 0; gap = reader.next()) {
      bucket += gap;
      visit(bucket, reader.next());
    }
  }
}

class VarintReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  next(): number {
    let value = 0;
    let weight = 1;
    for (;;) {
      const byte = this.#bytes[this.#offset++];
      if (byte === undefined) throw new RangeError('the snapshot ends within a number');
      value += (byte & 127) * weight;
      if (byte < 128) return value;
      weight *= 128;
    }
  }
}
