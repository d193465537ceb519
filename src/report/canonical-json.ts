import { createHash } from 'node:crypto';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Plain data as JSON can hold it: bigints become decimal strings, and the keys of every object are in order, so that equal data give
 * equal text. What JSON has no word for (undefined, functions) is left out, as `JSON.stringify` does.
 */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value, plain)) as Json;
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** SHA-256 of the canonical JSON, in hexadecimal. */
export function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(toJson(value)))
    .digest('hex');
}
