import type { Quantile } from './totals.js';

/** How numbers are written for people: three significant digits, so that columns stay narrow and nobody reads noise. */

/** `4,012`, `3.98M`, `2.10G`; what is not whole as `41.2`. */
export function formatCount(n: number): string {
  const size = Math.abs(n);
  if (size >= 999_950_000) return `${threeDigits(n / 1e9)}G`;
  if (size >= 999_950) return `${threeDigits(n / 1e6)}M`;
  if (size >= 99.95) return Math.round(n).toLocaleString('en-US');
  return Number.isInteger(n) ? `${n}` : threeDigits(n);
}

/** `1,234,567`: every digit, of what is held against another count. */
export function exactCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 client`, `2,000 clients`, `1 reply`, `2 replies`: a count with its noun; `format` writes the number. */
export function counted(count: number, noun: string, format: (count: number) => string = exactCount): string {
  return `${format(count)} ${count === 1 ? noun : `${noun.replace(/([^aeiou])y$/, '$1ie')}s`}`;
}

/** `0.333 ms`, `12.3 ms`, `2000 ms`; never finer than the microsecond that was recorded. */
export function formatMs(ms: number): string {
  return `${threeDigits(ms)} ms`;
}

/** As `formatMs`; a lower bound as `≥ 2000 ms`. */
export function formatQuantileMs(quantile: Quantile): string {
  return `${formatQuantile(quantile)} ms`;
}

/** `12.3`; a lower bound as `≥ 2000`, rounded down to what the histogram's three digits can claim. */
export function formatQuantile({ value, atLeast }: Quantile): string {
  if (!atLeast || value <= 0) return threeDigits(value);
  const digit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return `≥ ${threeDigits(Math.floor(value / digit) * digit)}`;
}

/** As `formatQuantileMs` without the unit, for a column that has it in its heading. */
export function bareMs(quantile: Quantile): string {
  return formatQuantileMs(quantile).replace(/ ms$/, '');
}

/** Beside what is of answers alone: `3 unanswered left out`; empty where there are none. */
export function formatLeftOut(unanswered: number): string {
  return unanswered === 0 ? '' : `${formatCount(unanswered)} unanswered left out`;
}

/** `512 B`, `1.50 KiB`, `241 MiB`, `1.00 GiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : threeDigits(value)} ${units[unit]}`;
}

/** `100.000 %`: the reach of a broadcast, fine enough that one copy in a hundred thousand shows. */
export function formatReach({ hits, total }: { readonly hits: number; readonly total: number }): string {
  return total === 0 ? '–' : `${((100 * hits) / total).toFixed(3)} %`;
}

/** `4,012/s`, `3.98M/s`. */
export function formatRate(perSecond: number): string {
  return `${formatCount(perSecond)}/s`;
}

/** `350ms`, `1.5s`, `42s`, `1m 15s`, `1h 2m 5s`; parts that are zero are left out. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 59_950) return `${Math.round(ms / 100) / 10}s`;
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(' ');
}

/** Three significant digits without a unit, but every digit before the point and at most three after it. */
function threeDigits(n: number): string {
  const size = Math.abs(n);
  if (size === 0) return '0';
  if (size < 0.9995) return n.toFixed(3);
  if (size < 9.995) return n.toFixed(2);
  return n.toFixed(size < 99.95 ? 1 : 0);
}
