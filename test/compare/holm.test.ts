import { expect, test } from 'vitest';
import { holmLevels } from '../../src/compare/holm.js';

test.each([
  { name: 'one question keeps its level', p: [0.04], levels: [0.05] },
  { name: 'each surer one is held to a stricter level', p: [0.02, 0.001, 0.9], levels: [0.025, 0.05 / 3, 0.05] },
  {
    name: 'from the first that fails on, all have its level',
    p: [0.03, 0.001, 0.04],
    levels: [0.025, 0.05 / 3, 0.025],
  },
  { name: 'none', p: [], levels: [] },
])('$name', ({ p, levels }) => {
  expect(holmLevels(p, 0.05)).toEqual(levels);
});
