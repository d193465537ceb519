import { isAbsolute, relative, sep } from 'node:path';

/** Whether `path` is `folder` or lies below it, by their names alone: no link is followed. */
export function isWithin(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  // `..data` is a name like any other.
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}
