import { readFileSync } from 'node:fs';

/**
 * Whether keys of the terminal come to this process's job: false for one that a shell has in its background. Where the system does not say
 * (it has no `/proc`), a job is taken for the one in front.
 */
export function isInForeground(): boolean {
  let stat: string;
  try {
    stat = readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return true;
  }
  // proc(5): `pid (name) state ppid pgrp session tty_nr tpgid …`, and a name may have anything in it.
  const [, , group, , , groupInFront] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return groupInFront === group || groupInFront === '-1';
}
