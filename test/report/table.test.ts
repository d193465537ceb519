import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, cut, cutMiddle, padEnd, row } from '../../src/report/table.js';
import { wrap } from '../../src/report/text-writer.js';

describe('wrapping', () => {
  it('breaks between words, and a word longer than a line where the line ends', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('a abcdefghij', 4)).toEqual(['a', 'abcd', 'efgh', 'ij']);
    expect(wrap('', 4)).toEqual(['']);
  });

  it('loses no letter and passes no width', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z채팅]{1,12}$/u)),
        fc.integer({ min: 2, max: 20 }),
        (words, width) => {
          const lines = wrap(words.join(' '), width);
          expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
          for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('columns of a terminal', () => {
  it('count East Asian letters twice, and marks on letters not at all', () => {
    expect(columnsOf('chat')).toBe(4);
    expect(columnsOf('채팅방')).toBe(6);
    expect(columnsOf('e\u0301')).toBe(1);
  });

  it('are kept when a text is cut', () => {
    expect(cut('chat', 4)).toBe('chat');
    expect(cut('chatter', 4)).toBe('cha…');
    expect(cut('채팅방', 5)).toBe('채팅…');
    expect(cut('채팅방', 4)).toBe('채…');
  });

  it('are kept when a text is cut in its middle', () => {
    expect(cutMiddle('chatter', 7)).toBe('chatter');
    expect(cutMiddle('SET key one.loop[0]', 12)).toBe('SET ke…op[0]');
    expect(cutMiddle('채팅방채팅방', 8)).toBe('채팅…방');
  });

  it('tell rows apart that begin alike and end otherwise', () => {
    const packet = '*3 $3 SET $13 swarm:${1000000 + client.index} $1 0';
    const [player, batch] = ['player', 'batch'].map((kind) => row(`${packet} ${kind}.loop[0]`, 31, ['1'], 8));
    expect(player).not.toBe(batch);
  });

  it('line up whatever the letters', () => {
    expect(padEnd('채팅', 6)).toBe('채팅  ');
    expect(row('채팅', 6, ['1', '22'], 4)).toBe('채팅     1  22');
  });
});
