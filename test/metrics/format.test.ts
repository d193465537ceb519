import { expect, test } from 'vitest';
import {
  counted,
  exactCount,
  formatBytes,
  formatCount,
  formatDuration,
  formatMs,
  formatRate,
} from '../../src/metrics/format.js';

test.each([
  [0, 'packet', '0 packets'],
  [1, 'packet', '1 packet'],
  [2_000, 'copy', '2,000 copies'],
  [1, 'copy', '1 copy'],
  [3, 'key', '3 keys'],
])('%d × %s reads %s', (count, noun, text) => {
  expect(counted(count, noun)).toBe(text);
});

test('what is counted may be written as its reader needs it', () => {
  expect([counted(1_234_567, 'error', formatCount), counted(1_234_567, 'error', exactCount)]).toEqual([
    '1.23M errors',
    '1,234,567 errors',
  ]);
});

test.each([
  [0, '0'],
  [7, '7'],
  [0.5, '0.500'],
  [1.234, '1.23'],
  [41.23, '41.2'],
  [99.96, '100'],
  [4012.3, '4,012'],
  [999_949, '999,949'],
  [999_950, '1.00M'],
  [3_980_000, '3.98M'],
  [-3_980_000, '-3.98M'],
  [241_000_000, '241M'],
  [2_100_000_000, '2.10G'],
])('the count %d reads %s', (n, text) => {
  expect(formatCount(n)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [0.012, '0.012 ms'],
  [0.333, '0.333 ms'],
  [0.9996, '1.00 ms'],
  [1.3, '1.30 ms'],
  [9.996, '10.0 ms'],
  [99.94, '99.9 ms'],
  [99.96, '100 ms'],
  [2000.895, '2001 ms'],
])('%d milliseconds read %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '0.977 KiB'],
  [1536, '1.50 KiB'],
  [252_706_816, '241 MiB'],
  [2 ** 30, '1.00 GiB'],
  [2 ** 50, '1024 TiB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('a rate is a count per second', () => {
  expect([formatRate(4012), formatRate(0.25)]).toEqual(['4,012/s', '0.250/s']);
});

test.each([
  [0, '0ms'],
  [350, '350ms'],
  [999.6, '1s'],
  [1500, '1.5s'],
  [42_000, '42s'],
  [59_960, '1m'],
  [75_000, '1m 15s'],
  [3_600_000, '1h'],
  [3_725_000, '1h 2m 5s'],
  [3_605_000, '1h 5s'],
])('a duration of %d milliseconds reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
