import { z } from 'zod';
import { SwarmError } from '../errors.js';
import { parseDuration, parseDurationRange, parseRate } from './quantities.js';

/** How messages speak of a part of the scenario. */
export interface Words {
  /** With its article: `a client kind`. */
  readonly what: string;
  /** What to write. */
  readonly hint?: string;
  /** What to write where it is missing, if that is not the hint. */
  readonly missing?: string;
  /** What to do instead, for who writes a number below the least. */
  readonly below?: string;
  /** How many entries a list or a mapping has at most, where each costs time or memory beyond its own text. */
  readonly most?: number;
  /** Keys that later versions know. */
  readonly later?: readonly string[];
  /** Keys that others of its like have: what to write in place of each. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** The words of every schema that messages may have to name. */
export const words = z.registry<Words>();

/** A quantity written as text: `parse` turns it into numbers, and throws a SwarmError for a text that is none. */
export function quantity<T>(what: string, hint: string, examples: readonly string[], parse: (text: string) => T) {
  return z
    .string()
    .transform((text, context): T => {
      try {
        return parse(text);
      } catch (error) {
        if (!(error instanceof SwarmError)) throw error;
        context.issues.push({ code: 'custom', message: error.message, params: { hint: error.hint }, input: text });
        return z.NEVER;
      }
    })
    .meta({ examples: [...examples] })
    .register(words, { what, hint });
}

export const duration = () =>
  quantity(
    'a duration',
    'write a number and its unit: 250ms, 30s, 1m30s or 2h',
    ['250ms', '30s', '1m30s'],
    parseDuration,
  );
export const durationRange = () =>
  quantity('a duration or a range', 'write 100ms, or 100ms..300ms', ['100ms', '100ms..300ms'], parseDurationRange);
export const rate = (examples: readonly string[]) =>
  quantity('a rate', 'write a number per unit of time: 200/s or 4/m', examples, parseRate);
/** A rate that may be 0. */
export const rateTarget = (examples: readonly string[]) =>
  quantity('a rate', 'write a number per unit of time: 200/s or 0/s', examples, (text) =>
    parseRate(text, { zero: true }),
  );

export const text = (what: string, hint?: string) =>
  z.string().register(words, hint === undefined ? { what } : { what, hint });
export const count = (min: number, max = 1_000_000) =>
  z.int().min(min).max(max).register(words, { what: 'a whole number' });
/** Any number; a whole one that a number cannot hold exactly is a bigint. */
export const number = () =>
  z
    .custom<number | bigint>((value) => typeof value === 'bigint' || Number.isFinite(value))
    // JSON Schema knows no bigints, and for an editor it is a number like any other.
    .meta({ type: 'number' });
export const mapping = <T extends z.ZodType>(value: T, hint: string) =>
  z.record(z.string(), value).register(words, { what: 'a mapping', hint });
