import { describe, expect, it } from 'vitest';
import { SampleBook } from '../../src/coordinator/sample-book.js';

describe('the book of samples', () => {
  it('keeps the first and the last case of each kind, and counts all', () => {
    const book = new SampleBook();
    book.add({ kind: 'timeouts', message: 'the first', count: 2 }, 1000);
    book.add({ kind: 'disconnects reset', message: 'read ECONNRESET', count: 9 }, 1500);
    book.add({ kind: 'timeouts', message: 'a later one', count: 3 }, 4000);
    expect([...book.kinds]).toEqual([
      { kind: 'timeouts', message: 'the first', count: 5, firstMs: 1000, lastMs: 4000, lastMessage: 'a later one' },
      {
        kind: 'disconnects reset',
        message: 'read ECONNRESET',
        count: 9,
        firstMs: 1500,
        lastMs: 1500,
        lastMessage: 'read ECONNRESET',
      },
    ]);
  });

  it('gives the report the first case of each kind, the most frequent kind first', () => {
    const book = new SampleBook();
    book.add({ kind: 'timeouts', message: 'the first', count: 2 }, 0);
    book.add({ kind: 'log hello', message: 'hello', count: 3 }, 0);
    book.add({ kind: 'timeouts', message: 'another', count: 2 }, 0);
    expect(book.mostFrequent()).toEqual([
      { kind: 'timeouts', message: 'the first', count: 4 },
      { kind: 'log hello', message: 'hello', count: 3 },
    ]);
  });

  it('counts kinds together once there are too many', () => {
    const book = new SampleBook();
    for (let i = 0; i < 600; i++) book.add({ kind: `bot ${i}`, message: `word ${i}`, count: 1 }, i);
    const kinds = book.mostFrequent();
    expect(kinds).toHaveLength(501);
    expect(kinds[0]).toEqual({ kind: 'other', message: 'word 500', count: 100 });
  });
});
