import { describe, expect, test } from 'vitest';
import { lagOneAutocorrelation, sectionsOf, valuesNeeded } from '../../src/compare/sections.js';
import { bucketOf } from '../../src/metrics/buckets.js';
import { BucketCounts } from '../../src/metrics/histogram.js';

/** Windows of equal values each, of so many microseconds. */
function windowsOf(levels: readonly number[], valuesPerWindow = 100): BucketCounts[] {
  return levels.map((us) => {
    const counts = new BucketCounts();
    counts.add(bucketOf(us), valuesPerWindow);
    return counts;
  });
}

/** As irregular as six sections of ten can be made by hand. */
const restless = Array.from({ length: 60 }, (_, i) => 1000 + ((i * 37) % 61) * 3);

describe('sections', () => {
  test('are six, of neighbouring windows, each with the percentile of its values', () => {
    const { logs, doubts } = sectionsOf(windowsOf([...Array(10).fill(1000), ...restless.slice(10)]), 90);
    expect(doubts).toEqual([]);
    expect(logs).toHaveLength(6);
    expect(logs[0]).toBeCloseTo(Math.log(1000), 12);
  });

  test('need twenty windows with values', () => {
    const windows = [...windowsOf(restless.slice(0, 19)), ...windowsOf([1000, 1000], 0)];
    expect(sectionsOf(windows, 50).doubts).toEqual(['too few windows with values: 19 of at least 20']);
    expect(sectionsOf(windowsOf(restless.slice(0, 20)), 50).doubts).toEqual([]);
  });

  test('need ten values beyond the percentile', () => {
    expect(sectionsOf(windowsOf(restless), 99).doubts).toEqual([]);
    expect(sectionsOf(windowsOf(restless), 99.2).doubts).toEqual([
      'too few values in a sixth of the run: 1000 of at least 1250',
    ]);
  });

  test('doubt windows that go in waves', () => {
    const waves = Array.from({ length: 60 }, (_, i) => Math.round(1000 + 300 * Math.sin(i / 2)));
    expect(sectionsOf(windowsOf(waves), 50).doubts).toEqual([
      expect.stringMatching(/^the windows depend on each other too much \(autocorrelation 0\.8\d, at most 0\.6\)$/),
    ]);
  });

  test('doubt a run that grows slower throughout', () => {
    const drifting = restless.map((us, i) => Math.round(us * (1 + i / 200)));
    expect(sectionsOf(windowsOf(drifting), 50).doubts).toContain('the percentile rises or falls throughout the run');
  });
});

test.each([
  [50, 20],
  [90, 100],
  [95, 200],
  [99, 1000],
  [99.9, 10_000],
])('p(%d) needs %d values, ten of them beyond it', (percentile, values) => {
  expect(valuesNeeded(percentile)).toBe(values);
});

test('autocorrelation is that of neighbours', () => {
  expect(lagOneAutocorrelation([1, -1, 1, -1, 1, -1, 1, -1])).toBeCloseTo(-7 / 8, 12);
  expect(lagOneAutocorrelation([5, 5, 5])).toBe(0);
});
