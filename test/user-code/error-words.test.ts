import { describe, expect, it } from 'vitest';
import { ErrorWords } from '../../src/user-code/error-words.js';

const file = 'cipher.ts';

describe('what a user’s code threw is told', () => {
  it('with its place', () => {
    const words = new ErrorWords({ file, placeOf: () => ({ file, line: 3, column: 7 }) });
    expect(words.of(new TypeError('no key'))).toBe('cipher.ts:3:7: TypeError: no key');
  });

  it.each([
    [null, 'threw null'],
    ['no key', 'threw no key'],
    [new Error('no stack'), 'Error: no stack'],
  ])('with the file at least, where %s has no place', (thrown, message) => {
    const words = new ErrorWords({ file, placeOf: () => null });
    expect(words.of(thrown)).toBe(`cipher.ts: ${message}`);
    expect(words.of(thrown)).toBe(`cipher.ts: ${message}`);
  });
});
