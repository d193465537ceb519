import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bar, columnChart, progressBar } from '../../src/dashboard/chart.js';

describe('a column chart', () => {
  it('draws one column a value, the highest nearly filling it', () => {
    expect(columnChart([0, 1, 2, 4, 8, 16], 6, 1)).toEqual([' ▁▁▂▄▇']);
  });

  it('stacks lines from the bottom', () => {
    expect(columnChart([15, 8, 1], 3, 2)).toEqual(['▇  ', '██▁']);
  });

  it('shows the latest values where there are more than columns, and blanks where there are fewer', () => {
    expect(columnChart([16, 16, 1], 2, 1)).toEqual(['▇▁']);
    expect(columnChart([16], 3, 1)).toEqual(['▇  ']);
    expect(columnChart([], 3, 2)).toEqual(['   ', '   ']);
  });

  it('keeps every value above zero visible', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (values) => {
          expect(columnChart(values, 50, 3).at(-1)?.trimEnd()).toHaveLength(values.length);
        },
      ),
    );
  });
});

describe('a bar', () => {
  it('is drawn to an eighth of a column', () => {
    expect(bar(0.5, 4)).toBe('██  ');
    expect(bar(0.53125, 4)).toBe('██▏ ');
    expect(bar(1, 4)).toBe('████');
  });

  it('never vanishes for a share above zero, and is blank for none', () => {
    expect(bar(0.000001, 4)).toBe('▏   ');
    expect(bar(0, 4)).toBe('    ');
  });

  it('fills whole columns only when it stands for progress', () => {
    expect(progressBar(0.99, 4)).toBe('███░');
    expect(progressBar(1.2, 4)).toBe('████');
    expect(progressBar(-1, 4)).toBe('░░░░');
  });
});
