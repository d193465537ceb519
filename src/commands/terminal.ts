import { hanging } from '../hanging.js';

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

/** A text for people: on a terminal its lines are broken to fit, elsewhere (a file, a program that looks for a sentence) they stay whole. */
export function forPeople(text: string, stream: NodeJS.WriteStream): string {
  return stream.isTTY ? hanging(text, stream.columns) : text;
}
