import { describe, expect, it } from 'vitest';
import { hanging } from '../src/hanging.js';

describe('lines that are too long for a terminal', () => {
  it.each([
    ['a sentence', 'swarm: nothing was started', ['swarm: nothing was', '  started']],
    ['what is indented', '  hint: write it in quotes', ['  hint: write it', '    in quotes']],
    ['a row of two columns', '  104  no valid option at all', ['  104  no valid', '       option at all']],
    [
      'a row whose first column has two words',
      '  drop 1%  replies are lost',
      ['  drop 1%  replies', '           are lost'],
    ],
    ['wide letters', '채팅 채팅 채팅 채팅 채팅', ['채팅 채팅 채팅', '  채팅 채팅']],
  ])('are broken between words: %s', (_what, text, lines) => {
    expect(hanging(text, 20).split('\n')).toEqual(lines);
  });

  it.each([
    ['an example', '  $ swarm run quickstart --clients 5'],
    ['a line of a file', '  18 |   warmup: 2s # and so on'],
    ['the caret below it', '     |                  ^'],
    ['a path', '/somewhere/scenarios/quickstart.yaml'],
    ['one that just fits', 'swarm: nothing runs.'],
  ])('stay whole where they are %s', (_what, line) => {
    expect(hanging(line, 20)).toBe(line);
  });

  it('go on where they began where no indent is wanted, and empty lines stay', () => {
    expect(hanging('a paragraph\n\nthat is longer than this', 20, 0)).toBe('a paragraph\n\nthat is longer than\nthis');
  });
});
