import { describe, expect, it } from 'vitest';
import { formatProblems } from '../../src/scenario/problems.js';
import { kindProblems, load, loadKind, problemsOf, scenarioWith } from './scenario-files.js';

/** A kind of client that says what `source` gives. */
const saying = (source: string) => `{ every: [ { interval: 1s, send: C_Say, with: { text: '\${${source}}' } } ] }`;
const counting = (source: string) => `{ every: [ { interval: 1s, send: Echo, with: { sequence: '\${${source}}' } } ] }`;
const division = 'this always fails: division by zero (divide by another number)';
const always = (reason: string) =>
  `this always fails: ${reason} (it reads nothing of the run, so it would fail each time: change its values)`;

describe('a part of an expression that reads nothing of the run', () => {
  it.each([
    ['1 / 0', division],
    ['client.index > 3 ? "a" : string(1 / (2 - 2))', division],
    ['"a" + string([1][5])', always('index out of bounds, index 5 >= size 1')],
    ['int("x")', always('int() type error: cannot convert to int')],
    ['random.string(-1)', always('random.string(-1): the length must be within 0 to 32767')],
    ['random.string(10 * 9999999)', always('random.string(99999990): the length must be within 0 to 32767')],
    ['"n" + string(random.int(5, 1))', always('random.int(5, 1): the first bound is above the second')],
    ['random.choice([])', always('random.choice([]): the list is empty')],
  ])('and fails is found before the run: %s', (source, problem) => {
    expect(kindProblems(saying(source))).toEqual([problem]);
  });

  it('is shown, the smallest that fails', () => {
    const [problem] = problemsOf(() => load(scenarioWith(saying('1 + (3 / (1 - 1))'))));
    expect(formatProblems([problem!])).toMatch(/:5:70: .*\n.*\n +\| +\^{10}\n/);
  });

  it.each([
    'true || 1 / 0 > 1',
    'random.string(8)',
    'random.string(random.int(1, 4))',
    'random.choice(["a", "b"])',
    '"\\"\\n" + string(b"ab") + string(-2) + string(!true) + string({"a": [1]}.a[0]) + string(1.5e3) + r"\\d"',
    '[0, 1].map(x, x == 0 ? 0 : 1 / x)[1]',
  ])('and works is left alone: %s', (source) => {
    expect(loadKind(saying(source))).toBeDefined();
  });

  it('fits its field', () => {
    expect(kindProblems(counting('2147483647 + 1'))).toEqual([
      'Echo.sequence is of type int: 2147483648 is not within -2147483648 to 2147483647',
    ]);
    expect(loadKind(counting('2147483646 + 1')).every).toHaveLength(1);
  });
});
