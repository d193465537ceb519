/**
 * The slots of a total rate, shared between workers. Slot n is meant for client n modulo `clients` of the kind, and belongs to the worker
 * that has it: so every client's share is the same, every slot belongs to exactly one worker, and which slots there are does
 * not depend on the number of workers.
 *
 * @param mine which clients of the kind this worker has, counting from 0 within the kind, in order; at least one.
 * @returns the `i`-th slot of this worker, both from 0; rises with `i`.
 */
export function slotOf(i: number, mine: readonly number[], clients: number): number {
  return Math.floor(i / mine.length) * clients + (mine[i % mine.length] as number);
}

/** How many of this worker's slots come before slot `n`: the `i` of `slotOf` at which it goes on from there. */
export function slotsBefore(n: number, mine: readonly number[], clients: number): number {
  if (mine.length === 0) return 0;
  const inRound = mine.findIndex((client) => client >= n % clients);
  return Math.floor(n / clients) * mine.length + (inRound === -1 ? mine.length : inRound);
}
