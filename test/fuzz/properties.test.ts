import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { FuzzTarget } from './target.js';
import { targets } from './targets/index.js';

/** Bytes at random, and pieces of good inputs with words of the grammar between them. */
function inputs({ seeds, tokens, maxBytes }: FuzzTarget): fc.Arbitrary<Uint8Array> {
  const piece = fc
    .tuple(fc.constantFrom(...seeds()), fc.nat(), fc.nat())
    .map(([seed, from, size]) => seed.subarray(from % (seed.length + 1)).subarray(0, size % (seed.length + 1)));
  const words = fc.constantFrom(...tokens);
  const mixed = fc.array(fc.oneof(piece, words, fc.uint8Array({ maxLength: 4 })), { maxLength: 12 });
  return fc
    .oneof(
      fc.uint8Array({ maxLength: 200 }),
      mixed.map((parts) => Uint8Array.from(Buffer.concat(parts))),
    )
    .map((input) => input.subarray(0, maxBytes));
}

describe('whatever bytes come from elsewhere, a parser gives what it promises, or an error of its own:', () => {
  it.each(Object.entries(targets))('%s', (_name, target) => {
    fc.assert(
      fc.property(inputs(target), (input) => target.eat(input)),
      { numRuns: target.runs ?? 150 },
    );
  });
});
