/**
 * Holm's correction: the level at which each of several questions is answered so that all answers together are wrong with at most the
 * probability `alpha`. The surest question is held to α ÷ n, the next to α ÷ (n − 1), and so on; from the first that fails on, all are held to its level,
 * so that an interval of that level never contradicts the correction.
 */
export function holmLevels(pValues: readonly number[], alpha: number): number[] {
  const levels = pValues.map(() => alpha);
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  let failed: number | undefined;
  order.forEach((question, rank) => {
    const level = failed ?? alpha / (pValues.length - rank);
    levels[question] = level;
    if (pValues[question]! > level) failed = level;
  });
  return levels;
}
