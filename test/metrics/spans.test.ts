import { describe, expect, it } from 'vitest';
import { lengthOf, partsOf, unionOf } from '../../src/metrics/spans.js';

const span = (fromMs: number, toMs: number) => ({ fromMs, toMs });

describe('spans', () => {
  it('are one where they overlap, touch or lie within another, and else in order', () => {
    expect(unionOf([])).toEqual([]);
    expect(unionOf([span(30, 40), span(0, 10), span(10, 15), span(12, 20), span(1, 2), span(35, 36)])).toEqual([
      span(0, 20),
      span(30, 40),
    ]);
    expect(unionOf([span(5, Number.POSITIVE_INFINITY), span(7, 8)])).toEqual([span(5, Number.POSITIVE_INFINITY)]);
  });

  it('are as long as they are without their gaps', () => {
    expect(lengthOf([span(0, 20), span(30, 40)])).toBe(30);
  });

  it('are cut into parts of one length, across gaps', () => {
    expect(partsOf([span(0, 20), span(30, 40), span(50, 60)], 4)).toEqual([
      [span(0, 10)],
      [span(10, 20)],
      [span(30, 40)],
      [span(50, 60)],
    ]);
    expect(partsOf([span(0, 4), span(10, 12), span(20, 23)], 3)).toEqual([
      [span(0, 3)],
      [span(3, 4), span(10, 12)],
      [span(20, 23)],
    ]);
    expect(partsOf([span(100, 130)], 3)).toEqual([[span(100, 110)], [span(110, 120)], [span(120, 130)]]);
  });
});
