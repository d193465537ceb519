import { SwarmError } from '../errors.js';
import type { Distribution } from '../load/distribution.js';
import { didYouMean } from './hints.js';
import type { ServerFault, ServerFaultPlan } from './plan.js';
import { parseDuration, parseDurationRange, parseRate, parseShare } from './quantities.js';

/** Nobody plays a fault longer than that: it is a slip of the finger. */
const longestMs = 24 * 3_600_000;

const spreadOfTwo = /^(normal|lognormal)\(\s*([^\s,]+)\s*,\s*([^\s,]+)\s*\)$/;
const spreadOfOne = /^exponential\(\s*([^\s,]+)\s*\)$/;

/** Reads what stands behind a fault's name. */
type ReadFault = (words: string) => ServerFault;

const readers: Readonly<Record<ServerFault['kind'], { readonly example: string; readonly read: ReadFault }>> = {
  delay: { example: 'delay 5ms..50ms', read: parseDelay },
  stall: { example: 'stall 1s every 10s', read: parseStall },
  drop: { example: 'drop 1%', read: (words) => ({ kind: 'drop', share: parseShare(words) }) },
  rubbish: { example: 'rubbish 1%', read: (words) => ({ kind: 'rubbish', share: parseShare(words) }) },
  'bad-size': { example: 'bad-size 1%', read: parseBadSize },
  close: { example: 'close 1%', read: (words) => ({ kind: 'close', share: parseShare(words) }) },
  'close-after': { example: 'close-after 100', read: (words) => ({ kind: 'close-after', replies: parseCount(words) }) },
  reset: { example: 'reset 1%', read: (words) => ({ kind: 'reset', share: parseShare(words) }) },
  'reset-after': { example: 'reset-after 100', read: (words) => ({ kind: 'reset-after', replies: parseCount(words) }) },
  'never-read': { example: 'never-read', read: parseNeverRead },
  'accept-slowly': { example: 'accept-slowly 10/s', read: parseAcceptSlowly },
  'die-after': { example: 'die-after 10s', read: (words) => ({ kind: 'die-after', afterMs: parseTime(words) }) },
};

const kinds = Object.keys(readers) as readonly ServerFault['kind'][];

/** One fault of each kind, as it is written. */
export const serverFaultExamples: readonly string[] = kinds.map((kind) => readers[kind].example);

/**
 * Reads one fault of a server:
 *
 *     fault  = "delay" times [share] | "stall" TIME "every" TIME | "never-read" | "accept-slowly" RATE | "die-after" TIME
 *            | ("drop" | "rubbish" | "close" | "reset") share | ("close-after" | "reset-after") COUNT | "bad-size" [BYTES] share
 *     times  = TIME | TIME ".." TIME | ("normal" | "lognormal") "(" MEAN "," SD ")" | "exponential" "(" MEAN ")"
 *     share  = NUMBER "%"
 *
 * @throws SwarmError `fault-invalid` or `quantity-invalid`, with a hint.
 */
export function parseServerFault(text: string): ServerFaultPlan {
  const [, name = '', words = ''] = /^\s*(\S*)\s*(.*?)\s*$/.exec(text)!;
  const kind = kinds.find((known) => known === name);
  if (kind === undefined) {
    throw invalid(`there is no fault \`${name}\``, didYouMean(name, kinds, 'the faults are') ?? '');
  }
  const { example, read } = readers[kind];
  if (words === '' && example !== kind) throw invalid(`the fault \`${kind}\` is not complete`, `write ${example}`);
  return { text: text.trim().replaceAll(/\s+/g, ' '), ...read(words) };
}

function parseDelay(words: string): ServerFault {
  const [, times = '', percent] = /^(.*?)(?:\s+(\S+%))?$/.exec(words)!;
  return { kind: 'delay', timesMs: parseTimes(times), share: percent === undefined ? 1 : parseShare(percent) };
}

function parseTimes(text: string): Distribution {
  const two = spreadOfTwo.exec(text);
  if (two !== null) {
    const mean = parseTime(two[2]!);
    return { kind: two[1] as 'normal' | 'lognormal', mean, sd: parseDuration(two[3]!) };
  }
  const one = spreadOfOne.exec(text);
  if (one !== null) return { kind: 'exponential', mean: parseTime(one[1]!) };
  if (/[(\s]/.test(text)) {
    throw invalid(
      `\`${text}\` is not a time, nor how times are spread`,
      'write 20ms, 5ms..50ms, normal(20ms, 5ms), lognormal(20ms, 10ms) or exponential(20ms)',
    );
  }
  const { min, max } = parseDurationRange(text);
  checkLength(text, max);
  return min === max ? { kind: 'constant', value: min } : { kind: 'uniform', min, max };
}

function parseStall(words: string): ServerFault {
  const match = /^(\S+)\s+every\s+(\S+)$/.exec(words);
  if (match === null) throw invalid(`\`${words}\` does not say how long and how often`, 'write stall 1s every 10s');
  const durationMs = parseTime(match[1]!);
  const everyMs = parseTime(match[2]!);
  if (durationMs >= everyMs) {
    throw invalid(`a stall of ${match[1]} every ${match[2]} never ends`, 'the first time is the shorter one');
  }
  return { kind: 'stall', durationMs, everyMs };
}

function parseBadSize(words: string): ServerFault {
  const [, size, percent = ''] = /^(?:(\S+)\s+)?(\S+)$/.exec(words) ?? [];
  const sizeBytes = size === undefined ? 0 : Number(/^\d{1,5}$/.exec(size)?.[0]);
  if (sizeBytes <= 65_535) return { kind: 'bad-size', sizeBytes, share: parseShare(percent) };
  throw invalid(`\`${size}\` is not a size that a header can say`, 'write 0 to 65535 bytes: bad-size 65535 1%');
}

function parseNeverRead(words: string): ServerFault {
  if (words !== '') throw invalid('`never-read` stands alone', `leave \`${words}\` out`);
  return { kind: 'never-read' };
}

function parseAcceptSlowly(words: string): ServerFault {
  const perSec = parseRate(words);
  if (perSec > 1000) throw invalid(`${words} is not slow`, 'write 1000/s or less');
  if (perSec < 1 / 3600) throw invalid(`${words} is slower than anybody waits`, 'write 1/h or more');
  return { kind: 'accept-slowly', perSec };
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw invalid(`\`${text}\` is not a number of packets`, 'write a whole number from 1 on');
}

/** In milliseconds, above 0. */
function parseTime(text: string): number {
  const timeMs = parseDuration(text);
  checkLength(text, timeMs);
  if (timeMs > 0) return timeMs;
  throw invalid(`${text} is no time at all`, 'write 1ms or more');
}

function checkLength(text: string, timeMs: number): void {
  if (timeMs > longestMs) throw invalid(`${text} is longer than a fault may last`, 'write 24h or less');
}

function invalid(message: string, hint: string): SwarmError {
  return new SwarmError('fault-invalid', message, { hint });
}
