import { readdirSync, type Stats, statSync } from 'node:fs';

// What there is at the paths that users name. None of these throws: what is wrong with a path is told where it is read or written.

/** Whether there is a folder, as far as the system says. */
export function isFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() === true;
}

/** Whether there is surely nothing, rather than something that this process may not look at. */
export function isAbsent(path: string): boolean {
  return statsOf(path) === null;
}

/** What a folder holds; nothing where that cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Null where there is nothing, undefined where the system does not say: a link that leads back to itself, a folder that is not for us. */
export function statsOf(path: string): Stats | null | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return undefined;
  }
}
