import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { printable } from '../printable.js';

/** Plain data with every text in it made printable. */
export function allPrintable<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map(allPrintable) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, allPrintable(part)])) as T;
}

/** A printable text as lines of at most `width` columns, broken between words where that can be. */
export function wrapped(text: string, width: number): string[] {
  return wrapAnsi(printable(text), Math.max(2, width), { hard: true }).split('\n');
}

/** How many columns of a terminal a printable text takes. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}
