/** Words longer than this are not typing slips, and comparing them would cost more than the hint is worth. */
const longestWord = 64;
/** Of more candidates only the first are compared: a name among thousands may be mistyped in a hundred places. */
const mostCompared = 2000;
/** In words as short as these one letter is half of the word: only their case may differ. */
const shortWord = 2;

/**
 * The candidate that `word` most likely stands for, ignoring case, or undefined where none is close: at most a third of
 * the longer word's letters may have to change, and of a word of one or two letters none. Of equally close candidates the first wins.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length === 0 || word.length > longestWord) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates.slice(0, mostCompared)) {
    const third = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    const limit = Math.min(word.length <= shortWord ? 0 : third, bestDistance - 1);
    if (candidate.length > longestWord || Math.abs(word.length - candidate.length) > limit) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    if (distance > limit) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/**
 * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost 1 each. Where it is more than
 * `limit`, so is what is returned, and no more is worked out.
 */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, beforeLast[column - 2]! + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    // A swap reaches back by two rows, of which the one between can be greater by one at most.
    if (least > limit + 1) return least;
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}
