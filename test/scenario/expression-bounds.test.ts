import { describe, expect, it } from 'vitest';
import { kindProblems, loadKind } from './scenario-files.js';

const kind = (check: string) =>
  `{ start: [ { expect: { packet: S_All, check: { ok: ${JSON.stringify(`\${${check}}`)} } } } ] }`;

describe('an expression', () => {
  it.each([
    '[1, 2].all(a, [3, 4].exists(b, a < b))',
    '[1, 2].filter(a, a > 1).filter(a, a > 1).all(a, a > 1)',
    '[1, 2].map(a, a + 1).size() == [3].map(a, a > 2, a).size()',
    '[1].all(a, a > 0) && [2].all(b, [3].all(c, c > b))',
    '[[1], [2]].all(list, list.exists(item, item in [1, 2]))',
  ])('may loop where that surely ends: %s', (check) => {
    expect(loadKind(kind(check)).name).toBe('one');
  });

  it.each([
    [
      '[1].all(a, [2].all(b, [3].all(c, c > a)))',
      'all() is the third loop within a loop: so an expression may never end',
    ],
    [
      '[[1]].map(a, a + a).exists(a, a.size() > 1)',
      'exists() goes through what map() made, which may be larger each time',
    ],
    ['[[1].map(a, a)][0].all(b, b > 0)', 'all() goes through what map() made, which may be larger each time'],
    ['cel.bind(a, 1, a + 1) == 2', 'cel.bind() is not supported'],
  ])('may not where it could grow without end: %s', (check, message) => {
    expect(kindProblems(kind(check))).toEqual([expect.stringContaining(message)]);
  });

  it('that has lists of no type at all is refused in words', () => {
    expect(kindProblems(kind('[].all(x, 1 > x)'))).toEqual([
      'the types in this expression cannot be told (give every list an item, or write dyn(…) around it)',
    ]);
  });
});
