import { glyphsToAscii } from '../ascii.js';
import { hanging } from '../hanging.js';
import { printableLines } from '../printable.js';

/** Whether the dashboard is drawn there: in a terminal that can move its cursor, and not in a CI job, which keeps every frame. */
export function takesDashboard(stream: NodeJS.WriteStream): boolean {
  const { CI = '', TERM } = process.env;
  return stream.isTTY === true && ['', '0', 'false'].includes(CI) && TERM !== 'dumb';
}

/** NO_COLOR (no-color.org) and FORCE_COLOR decide before the terminal does. */
export function hasColor(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0';
  return stream.isTTY === true;
}

/**
 * By the locale, in the order in which C libraries look: a terminal without one is not trusted with box drawing. Nor is the console of
 * Linux, whose fonts have few of the blocks.
 */
export function hasUnicode(): boolean {
  if (process.env.TERM === 'linux') return false;
  const locale = process.env.LC_ALL || process.env.LC_CTYPE || process.env.LANG || '';
  return /utf-?8/i.test(locale) || process.platform === 'win32';
}

/** A text in the glyphs that the locale has. */
export function inGlyphsOfLocale(text: string): string {
  return hasUnicode() ? text : glyphsToAscii(text);
}

/** The same, without what a terminal would obey: names and values in it may come from a file that someone else wrote. */
export function legible(text: string): string {
  return inGlyphsOfLocale(printableLines(text));
}

/** A legible text: on a terminal its lines are broken to fit, elsewhere (a file, a program that looks for a sentence) they stay whole. */
export function forPeople(text: string, stream: NodeJS.WriteStream): string {
  return stream.isTTY ? hanging(legible(text), stream.columns) : legible(text);
}

/** Says on stderr what is no result: a warning, how things stand. */
export function sayAside(message: string): void {
  console.error(forPeople(message, process.stderr));
}
