import { describe, expect, it } from 'vitest';
import { Corpus } from './corpus.js';
import { targets } from './targets/index.js';

describe.each(Object.entries(targets))('%s', (name, { eat, seeds }) => {
  const corpus = new Corpus(name);

  it('has a corpus', () => {
    expect(corpus.names.length).toBeGreaterThan(0);
    for (const seed of seeds()) eat(seed);
  });

  it('holds what it promises for every input that is kept', () => {
    for (const file of corpus.names) {
      expect(() => eat(corpus.read(file)), `test/fuzz/corpus/${name}/${file}`).not.toThrow();
    }
  });
});
