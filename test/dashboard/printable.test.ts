import { describe, expect, it } from 'vitest';
import { wrapped } from '../../src/dashboard/printable.js';
import { allPrintable, printable } from '../../src/printable.js';

describe('texts from elsewhere', () => {
  it('lose what a terminal would obey, and keep their letters', () => {
    expect(printable('\u001b[31mred\u001b]0;title\u0007')).toBe('·[31mred·]0;title·');
    expect(printable('two\r\nlines\tand a tab')).toBe('two  lines and a tab');
    expect(printable('\u009b2J\u202eabc\u200d\ufeff')).toBe('·2J·abc· ');
    expect(printable('채팅방 漢字 🎮 é ñ')).toBe('채팅방 漢字 🎮 é ñ');
  });

  it('lose it wherever they stand in plain data', () => {
    const data = { count: 3, none: null, lines: [{ text: 'a\u0000b' }, ['c\u001b']], tone: 'good' };
    expect(allPrintable(data)).toEqual({ count: 3, none: null, lines: [{ text: 'a·b' }, ['c·']], tone: 'good' });
  });

  it('are wrapped between words by the columns that their letters take', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('채팅방 漢字', 7)).toEqual(['채팅방', '漢字']);
    expect(wrapped('x'.repeat(12), 5)).toEqual(['xxxxx', 'xxxxx', 'xx']);
    expect(wrapped('a\nb', 5)).toEqual(['a b']);
  });
});
