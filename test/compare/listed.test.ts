import { expect, test } from 'vitest';
import { listed } from '../../src/compare/listed.js';

const bases = (...numbers: number[]) => numbers.map((number) => `base ${number}`);

test.each([
  [['base'], 'base'],
  [bases(1, 2), 'base 1, base 2'],
  [bases(3, 7, 8, 9, 10, 11, 12), 'base 3, base 7 to 12'],
  [[...bases(9, 10, 11), 'current'], 'base 9 to 11, current'],
  [[...bases(11, 12), 'current 1'], 'base 11, base 12, current 1'],
  [bases(1, 3, 5, 7, 8, 9), 'base 1, base 3, base 5, base 7 to 9'],
  [bases(1, 3, 5, 7, 9, 10, 11), 'base 1, base 3, base 5 and 4 more'],
  // Rounds have no numbers of their own.
  [['01-a', '02-b', '03-b', '04-a', '05-a'], '01-a, 02-b, 03-b and 2 more'],
])('names of reports: %j', (names, text) => {
  expect(listed(names)).toBe(text);
});
