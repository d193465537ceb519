import { exactCount } from '../metrics/format.js';

/** `1,203 remote, 4 reset`; empty where there are none. */
export function countsByName(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, n]) => `${exactCount(n)} ${name}`)
    .join(', ');
}
