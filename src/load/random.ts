/**
 * A reproducible stream of random numbers: the same seed and path give the same numbers on every platform and in every worker.
 * Streams of different paths are independent, so a client's choices do not depend on which worker runs it, or on what others drew.
 *
 * The generator is xoshiro128** 1.1 (Blackman and Vigna, 2018): 128 bits of state, period 2^128 − 1, 32 bits a step. It is not
 * for secrets.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  private constructor(state: Uint32Array) {
    this.#a = state[0]!;
    this.#b = state[1]!;
    this.#c = state[2]!;
    this.#d = state[3]!;
  }

  /**
   * The stream of a place in the run: `RandomStream.of(plan.seed, 'client', 17)`. Every part of the path counts, and so does
   * where one ends: `('ab')` and `('a', 'b')` are different streams.
   */
  static of(seed: number, ...path: (number | string)[]): RandomStream {
    const state = Uint32Array.of(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344); // the fraction of π: nothing up the sleeve
    absorbNumber(state, seed);
    for (const part of path) {
      if (typeof part === 'number') absorbNumber(state, part);
      else absorbString(state, part);
    }
    return new RandomStream(state);
  }

  /** A number in [0, 1), one of 2^53 equally likely. */
  next(): number {
    return this.#bits53() / 2 ** 53;
  }

  /** `next`, by the name that it has in a scenario's expressions. */
  double(): number {
    return this.next();
  }

  /** A whole number from `min` to `max`, both included, all equally likely. Throws a RangeError unless min ≤ max, both safe integers less than 2^53 apart. */
  int(min: number, max: number): number {
    const size = max - min + 1;
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || size < 1 || size > 2 ** 53) {
      throw new RangeError(`no whole numbers to draw from ${min} to ${max}`);
    }
    const fair = 2 ** 53 - (2 ** 53 % size); // above it the remainders are not equally likely
    let bits = this.#bits53();
    while (bits >= fair) bits = this.#bits53();
    return min + (bits % size);
  }

  #bits53(): number {
    const high = this.#bits32() >>> 5;
    const low = this.#bits32() >>> 6;
    return high * 2 ** 26 + low;
  }

  #bits32(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = rotateLeft(this.#d, 11);
    return result;
  }
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function absorbNumber(state: Uint32Array, value: number): void {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  absorbWord(state, 0x6e); // so that 7 and '7' differ
  absorbWord(state, bits.getUint32(0));
  absorbWord(state, bits.getUint32(4));
}

function absorbString(state: Uint32Array, text: string): void {
  absorbWord(state, 0x73);
  absorbWord(state, text.length);
  for (let i = 0; i < text.length; i++) absorbWord(state, text.charCodeAt(i));
}

/** Each lane is a hash of its own, mixed by the finalizer of MurmurHash3 (Appleby, public domain), so that streams are told apart by 128 bits. */
function absorbWord(state: Uint32Array, word: number): void {
  for (let lane = 0; lane < 4; lane++) {
    let h = state[lane]! ^ word;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    state[lane] = (h ^ (h >>> 16)) + 0x9e3779b9;
  }
}
