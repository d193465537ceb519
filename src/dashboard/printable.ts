import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { printable } from '../printable.js';

/** A printable text as lines of at most `width` columns, broken between words where that can be. */
export function wrapped(text: string, width: number): string[] {
  return wrapAnsi(printable(text), Math.max(2, width), { hard: true }).split('\n');
}

/** How many columns of a terminal a printable text takes. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}
