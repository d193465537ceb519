import fc from 'fast-check';
import { describe, it } from 'vitest';
import { bytesOf } from './target.js';
import { targets } from './targets/index.js';

/** Bytes at random, and pieces of good inputs with words of the grammar between them. */
function inputs(name: string): fc.Arbitrary<Uint8Array> {
  const { seeds, tokens, maxBytes } = targets[name]!;
  const piece = fc
    .tuple(fc.constantFrom(...seeds()), fc.nat(), fc.nat())
    .map(([seed, from, size]) => seed.subarray(from % (seed.length + 1)).subarray(0, size % (seed.length + 1)));
  const words = fc.constantFrom(...tokens).map(bytesOf);
  const mixed = fc.array(fc.oneof(piece, words, fc.uint8Array({ maxLength: 4 })), { maxLength: 12 });
  return fc
    .oneof(
      fc.uint8Array({ maxLength: 200 }),
      mixed.map((parts) => Uint8Array.from(Buffer.concat(parts))),
    )
    .map((input) => input.subarray(0, maxBytes));
}

describe('whatever bytes come from elsewhere, a parser gives what it promises, or an error of its own:', () => {
  it.each(Object.keys(targets))('%s', (name) => {
    // Each of these reads, checks and draws a whole report.
    const numRuns = name === 'report' ? 20 : 150;
    fc.assert(
      fc.property(inputs(name), (input) => targets[name]!.eat(input)),
      { numRuns },
    );
  });
});
