import { SwarmError } from '../errors.js';
import type { Range } from './plan.js';

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Ten years: longer is a slip of the finger, and stays well within exact numbers. */
const longestMs = 10 * 365 * 24 * unitsMs.h!;

const unitsBytes: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KiB: 1024,
  MB: 1e6,
  MiB: 1024 ** 2,
  GB: 1e9,
  GiB: 1024 ** 3,
};
/** The most bytes that a fault puts in one piece. */
const mostBytes = 1024 ** 2;

const durationHint = 'write a number and its unit: 250ms, 30s, 1m30s or 2h';
const rateHint = 'write a number per unit of time: 200/s, 4/m or 10/h';

/**
 * Reads `250ms`, `1.5s`, `1m30s`, `2h`: one or more numbers, each with the unit ms, s, m or h, the longer unit first.
 * @returns milliseconds.
 * @throws SwarmError `quantity-invalid`, with a hint that names the units.
 */
export function parseDuration(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) {
    throw invalid(`the duration ${text} has no unit`, `write ${text}ms, ${text}s, ${text}m or ${text}h`);
  }
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) throw invalid(`\`${text}\` is not a duration`, durationHint);
  let totalMs = 0;
  let lastUnitMs = Number.POSITIVE_INFINITY;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    const unitMs = unitsMs[unit!]!;
    if (unitMs >= lastUnitMs)
      throw invalid(`\`${text}\` is not a duration`, 'the longer unit stands first, each once: 1m30s');
    lastUnitMs = unitMs;
    totalMs += Number(number) * unitMs;
  }
  if (totalMs > longestMs) throw invalid(`the duration ${text} is longer than ten years`, durationHint);
  return totalMs;
}

/**
 * Reads a duration, or two with `..` between: `20s..40s`.
 * @returns milliseconds; for a single duration both bounds are equal.
 */
export function parseDurationRange(text: string): Range {
  const [first, second, ...rest] = text.split('..');
  if (first === undefined || rest.length > 0)
    throw invalid(`\`${text}\` is not a range`, 'write two durations: 20s..40s');
  const min = parseDuration(first.trim());
  const max = second === undefined ? min : parseDuration(second.trim());
  if (min > max) {
    throw invalid(
      `the range ${text} runs backwards`,
      `the shorter duration stands first: ${second!.trim()}..${first.trim()}`,
    );
  }
  return { min, max };
}

/**
 * Reads `200/s`, `4/m`, `0.5/s`, `10/h`.
 * @returns how many a second: above 0, or 0 where `zero` allows it.
 */
export function parseRate(text: string, { zero = false } = {}): number {
  const match = /^(\d+(?:\.\d+)?)\s*\/\s*(ms|s|m|h)$/.exec(text);
  if (match === null) {
    const hint = /^\d+(\.\d+)?$/.test(text) ? `write ${text}/s, ${text}/m or ${text}/h` : rateHint;
    throw invalid(`\`${text}\` is not a rate`, hint);
  }
  const perSecond = (Number(match[1]) * 1000) / unitsMs[match[2]!]!;
  if (zero && perSecond === 0) return 0;
  if (!(perSecond > 0 && perSecond <= 1e9))
    throw invalid(`the rate ${text} is not above 0 and at most 1000000000/s`, rateHint);
  return perSecond;
}

/**
 * Reads `65535`, `64KiB`, `1.5MiB`, `10MB`, `1GiB`: whole bytes from 0 on.
 * @returns bytes.
 * @throws SwarmError `quantity-invalid`, with a hint.
 */
export function parseSize(text: string): number {
  const [, number, unit = 'B'] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)?$/.exec(text) ?? [];
  const bytes = Number(number) * (unitsBytes[unit] ?? Number.NaN);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw invalid(`\`${text}\` is not a size`, 'write a whole number of bytes, or with a unit: 64KiB, 16MiB or 1GiB');
}

/**
 * Reads `30%`.
 * @returns the share, above 0 and at most 1.
 */
export function parseShare(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  const share = match === null ? Number.NaN : Number(match[1]) / 100;
  if (share > 0 && share <= 1) return share;
  const percent = Number(text) < 1 ? Number((Number(text) * 100).toPrecision(12)) : Number(text);
  throw invalid(
    match === null ? `\`${text}\` is not a share` : `the share ${text} is not above 0% and at most 100%`,
    `write a percentage: ${match === null && percent > 0 ? percent : 30}%`,
  );
}

/** Reads a whole number of bytes, `7`, or two with `..` between: `1..3`. At least 1, at most 1 MiB. */
export function parseByteRange(text: string): Range {
  const match = /^(\d+)(?:\s*\.\.\s*(\d+))?$/.exec(text.trim());
  if (match === null) throw invalid(`\`${text}\` is not a number of bytes`, 'write 7, or 1..3');
  const min = Number(match[1]);
  const max = Number(match[2] ?? match[1]);
  if (min > max) throw invalid(`the range ${text} runs backwards`, `the smaller number stands first: ${max}..${min}`);
  if (min < 1 || max > mostBytes) throw invalid(`\`${text}\` is not from 1 to ${mostBytes} bytes`, 'write 7, or 1..3');
  return { min, max };
}

/** Reads `500B/s`, `1kB/s`, `1KiB/s`, `2.5MB/s`. @returns bytes a second, at least 1. */
export function parseDataRate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(B|kB|KiB|MB|MiB)\/s$/.exec(text);
  const bytesPerSec = match === null ? 0 : Number(match[1]) * unitsBytes[match[2]!]!;
  if (bytesPerSec >= 1 && bytesPerSec <= 1e9) return bytesPerSec;
  throw invalid(`\`${text}\` is not a number of bytes a second`, 'write 1kB/s, 500B/s or 1MB/s');
}

/** Reads `start`, or a duration. @returns `start`, or milliseconds. */
export function parseMoment(text: string): 'start' | number {
  if (text === 'start') return text;
  if (!/^\d/.test(text)) throw invalid(`\`${text}\` is neither a duration nor \`start\``, 'write start, or 2s');
  return parseDuration(text);
}

/** The shortest way to write a duration: `1m30s`, `250ms`, `0s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  let rest = durationMs;
  let text = '';
  for (const unit of ['h', 'm', 's']) {
    const unitMs = unitsMs[unit]!;
    if (rest < unitMs) continue;
    // A fraction of a second stays with it where that is shorter: 1.5s, but 90ms.
    const count = unit === 's' ? rest / unitMs : Math.floor(rest / unitMs);
    text += `${count}${unit}`;
    rest = unit === 's' ? 0 : rest - count * unitMs;
  }
  return rest > 0 ? `${text}${rest}ms` : text;
}

function invalid(message: string, hint: string): SwarmError {
  return new SwarmError('quantity-invalid', message, { hint });
}
