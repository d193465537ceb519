import { describe, expect, it } from 'vitest';
import { Coverage } from './coverage.js';
import { Fuzzer } from './fuzzer.js';
import { minimised } from './minimise.js';
import { bytesOf, type FuzzTarget } from './target.js';

/** Has a mistake three decisions deep: bytes at random find it once in 16 million times. */
const target: FuzzTarget = {
  about: 'a mistake that lies deep',
  maxBytes: 16,
  tokens: [bytesOf('-')],
  seeds: () => [bytesOf('....')],
  eat([a, b, c]) {
    if (a === 0x66) {
      if (b === 0x75) {
        if (c === 0x7a) throw new Error('found');
      }
    }
  },
};

describe('the fuzzer', () => {
  it('comes to a mistake that lies deep, led by the code that runs, and shortens what led there', () => {
    const coverage = new Coverage((url) => url.includes('fuzzer.test'));
    const fuzzer = new Fuzzer(target, coverage, 1);
    let find = fuzzer.begin(target.seeds());
    while (find === undefined && fuzzer.executions < 200_000) find = fuzzer.step();
    expect(find?.error).toMatchObject({ message: 'found' });
    expect(fuzzer.corpus.length).toBeGreaterThan(2);
    coverage.close();
    expect(fuzzer.minimised(find!).input).toEqual(bytesOf('fuz'));
  });

  it('puts words of the grammar in byte for byte, also those that are no text', () => {
    const word = Buffer.of(0x80, 0xff, 0xed, 0xa0, 0x80, 0xfe);
    const binary: FuzzTarget = {
      ...target,
      tokens: [word],
      eat(input) {
        if (Buffer.from(input).includes(word)) throw new Error('found');
      },
    };
    const coverage = new Coverage((url) => url.includes('fuzzer.test'));
    const fuzzer = new Fuzzer(binary, coverage, 1);
    let find = fuzzer.begin(binary.seeds());
    while (find === undefined && fuzzer.executions < 1000) find = fuzzer.step();
    coverage.close();
    expect(find?.error).toMatchObject({ message: 'found' });
  });

  it('shortens to what matters', () => {
    const input = bytesOf('all of this (and that) but for [one] thing');
    const holds = (shorter: Uint8Array) => shorter.includes(0x5b) && shorter.includes(0x5d);
    expect(minimised(input, holds)).toEqual(bytesOf('[]'));
  });
});
