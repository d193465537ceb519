import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SwarmError } from '../../src/errors.js';
import {
  formatDuration,
  parseDuration,
  parseDurationRange,
  parseRate,
  parseSize,
} from '../../src/scenario/quantities.js';

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SwarmError) return `${error.message} (${error.hint})`;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('durations', () => {
  it.each([
    ['250ms', 250],
    ['0s', 0],
    ['30s', 30_000],
    ['1.5s', 1500],
    ['1m30s', 90_000],
    ['2h', 7_200_000],
    ['1h1m1s1ms', 3_661_001],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it('without a unit are refused, and the units named', () => {
    expect(refusal(() => parseDuration('30'))).toBe('the duration 30 has no unit (write 30ms, 30s, 30m or 30h)');
  });

  it.each(['', 's', '5 s', '-5s', '5sec', '1e3s', '١s', '5s!'])('%j is none', (text) => {
    expect(refusal(() => parseDuration(text))).toBe(
      `\`${text}\` is not a duration (write a number and its unit: 250ms, 30s, 1m30s or 2h)`,
    );
  });

  it.each(['30s1m', '1s1s', '5ms1s'])('%s has its units in the wrong order', (text) => {
    expect(refusal(() => parseDuration(text))).toContain('the longer unit stands first, each once');
  });

  it('beyond ten years are refused', () => {
    expect(refusal(() => parseDuration('99999999h'))).toContain('longer than ten years');
  });

  it('are written so that they read back the same', () => {
    fc.assert(
      fc.property(fc.nat(1e9), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it.each([
    [0, '0s'],
    [90, '90ms'],
    [1500, '1.5s'],
    [90_000, '1m30s'],
    [3_600_000, '1h'],
    [60_250, '1m250ms'],
  ])('%d ms is written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('ranges', () => {
  it('have two bounds', () => {
    expect(parseDurationRange('20s..40s')).toEqual({ min: 20_000, max: 40_000 });
    expect(parseDurationRange('100ms .. 1s')).toEqual({ min: 100, max: 1000 });
  });

  it('may be a single duration', () => {
    expect(parseDurationRange('5s')).toEqual({ min: 5000, max: 5000 });
  });

  it('must not run backwards', () => {
    expect(refusal(() => parseDurationRange('2s..1s'))).toContain('the range 2s..1s runs backwards');
  });

  it('have no third bound', () => {
    expect(refusal(() => parseDurationRange('1s..2s..3s'))).toContain('is not a range');
  });
});

describe('rates', () => {
  it.each([
    ['200/s', 200],
    ['30/m', 0.5],
    ['36/h', 0.01],
    ['0.5/s', 0.5],
    ['1/ms', 1000],
  ])('%s is %d a second', (text, perSec) => {
    expect(parseRate(text)).toBe(perSec);
  });

  it('need their unit of time', () => {
    expect(refusal(() => parseRate('200'))).toBe('`200` is not a rate (write 200/s, 200/m or 200/h)');
  });

  it('must be above nothing', () => {
    expect(refusal(() => parseRate('0/s'))).toContain('is not above 0');
  });
});

describe('a size', () => {
  it.each([
    ['65535', 65_535],
    ['0', 0],
    ['100B', 100],
    ['64KiB', 65_536],
    ['1.5 MiB', 1_572_864],
    ['2GiB', 2_147_483_648],
    ['10kB', 10_000],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['64K', '64KB', '1.5', '-1', '', '9999999999999GiB'])('`%s` is none', (text) => {
    expect(refusal(() => parseSize(text))).toBe(
      `\`${text}\` is not a size (write a whole number of bytes, or with a unit: 64KiB, 16MiB or 1GiB)`,
    );
  });
});
