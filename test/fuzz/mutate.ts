import type { RandomStream } from '../../src/load/random.js';

/** What mutations draw from. */
export interface MutationSource {
  readonly random: RandomStream;
  readonly tokens: readonly Uint8Array[];
  /** Inputs that are worth splicing from. */
  readonly corpus: readonly Uint8Array[];
  readonly maxBytes: number;
}

/** Integers at which sizes, signs and widths end, in a byte or four. */
const interesting: readonly (readonly number[])[] = [
  [0],
  [1],
  [0x7f],
  [0x80],
  [0xff],
  [0, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0x80],
  [1, 0, 0, 0],
  [0, 0, 0, 1],
];

type Mutation = (input: Uint8Array, source: MutationSource) => Uint8Array;

const mutations: readonly Mutation[] = [
  function flipBit(input, { random }) {
    const at = random.int(0, Math.max(0, input.length - 1));
    return input.length === 0 ? input : input.with(at, input[at]! ^ (1 << random.int(0, 7)));
  },
  function setByte(input, { random }) {
    return input.length === 0 ? input : input.with(random.int(0, input.length - 1), random.int(0, 255));
  },
  function insertBytes(input, { random }) {
    return replaced(input, stretch(input, random, 0), Uint8Array.of(random.int(0, 255)));
  },
  function removeStretch(input, { random }) {
    return replaced(input, stretch(input, random, 16), new Uint8Array(0));
  },
  function repeatStretch(input, { random }) {
    const [start, end] = stretch(input, random, 32);
    return replaced(input, [end, end], input.subarray(start, end));
  },
  function writeInteger(input, { random }) {
    const bytes = Uint8Array.from(interesting[random.int(0, interesting.length - 1)]!);
    const at = random.int(0, input.length);
    return replaced(input, [at, Math.min(input.length, at + bytes.length)], bytes);
  },
  insertToken,
  insertToken,
  function replaceByToken(input, { random, tokens }) {
    return replaced(input, stretch(input, random, 8), tokens[random.int(0, tokens.length - 1)]!);
  },
  function splice(input, { random, corpus }) {
    const other = corpus[random.int(0, corpus.length - 1)]!;
    return replaced(input, stretch(input, random, 64), other.subarray(...stretch(other, random, 64)));
  },
];

function insertToken(input: Uint8Array, { random, tokens }: MutationSource): Uint8Array {
  return replaced(input, stretch(input, random, 0), tokens[random.int(0, tokens.length - 1)]!);
}

/** A neighbour of `input`: one to eight mutations of it, cut to the longest that is allowed. */
export function mutated(input: Uint8Array, source: MutationSource): Uint8Array {
  let output = input;
  for (let left = 1 << source.random.int(0, 3); left > 0; left--) {
    output = mutations[source.random.int(0, mutations.length - 1)]!(output, source);
  }
  return output.subarray(0, source.maxBytes);
}

function stretch(input: Uint8Array, random: RandomStream, longest: number): [start: number, end: number] {
  const start = random.int(0, input.length);
  return [start, Math.min(input.length, start + random.int(Math.min(1, longest), longest))];
}

function replaced(input: Uint8Array, [start, end]: [number, number], by: Uint8Array): Uint8Array {
  const output = new Uint8Array(input.length - (end - start) + by.length);
  output.set(input.subarray(0, start));
  output.set(by, start);
  output.set(input.subarray(end), start + by.length);
  return output;
}
