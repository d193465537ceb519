import { describe, expect, it } from 'vitest';
import { nearest } from '../src/nearest.js';

const words = ['thresholds', 'target', 'load', 'name', 'int', 'list'];

describe('nearest', () => {
  it.each([
    ['treshholds', 'thresholds'],
    ['THRESHOLDS', 'thresholds'],
    ['taregt', 'target'],
    ['nam', 'name'],
    ['lost', 'list'],
    ['uint', 'int'],
  ])('takes %s for %s', (word, expected) => {
    expect(nearest(word, words)).toBe(expected);
  });

  it.each(['', 'x', 'ramp', 'loadtest', 'x'.repeat(1000)])('finds nothing close to "%.10s"', (word) => {
    expect(nearest(word, words)).toBeUndefined();
  });

  it('takes a word of one or two letters only for itself in another case', () => {
    expect(nearest('5', ['1', '2'])).toBeUndefined();
    expect(nearest('od', ['id'])).toBeUndefined();
    expect(nearest('u1', ['u16'])).toBeUndefined();
    expect(nearest('ID', ['id'])).toBe('id');
    expect(nearest('too', ['to'])).toBe('to');
  });

  it('counts a swap of neighbours as one slip', () => {
    expect(nearest('nit', ['int'])).toBe('int');
  });

  it('prefers the closest, and of equally close words the first', () => {
    expect(nearest('stage', ['start', 'stages'])).toBe('stages');
    expect(nearest('cat', ['bat', 'hat'])).toBe('bat');
  });

  it('finds nothing among no candidates', () => {
    expect(nearest('name', [])).toBeUndefined();
  });
});
