import { mostProblems, type Problem } from '../errors.js';
import { flagProblem } from './document.js';
import type { Override } from './overrides.js';

/**
 * Problems with a place in the file that the file by itself does not have, handed to the override that brought them about: with those
 * before it all is well there, and with it no longer. Those of options come first. `attempt` tells the problems of the scenario with some of the overrides.
 */
export function blameOverrides(
  problems: readonly Problem[],
  overrides: readonly Override[],
  attempt: (some: readonly Override[]) => readonly Problem[],
): readonly Problem[] {
  if (overrides.length === 0 || problems.every(({ place }) => place === undefined)) return problems;
  // Of so many, those of the file by itself need not be the same.
  if (problems.length >= mostProblems) return problems;
  const known = overrides.map((_, count) => new Set(attempt(overrides.slice(0, count)).map(placeOf)));
  const blamed = problems.map((problem) => {
    if (problem.place === undefined) return problem;
    const culprit = overrides[known.findLastIndex((places) => !places.has(placeOf(problem)))];
    const isOwn = known[0]?.has(placeOf(problem));
    return isOwn || culprit === undefined ? problem : flagProblem(culprit.option, problem.message, problem.hint);
  });
  return blamed.toSorted((a, b) => Number(a.place !== undefined) - Number(b.place !== undefined));
}

function placeOf({ place }: Problem): string {
  return place === undefined ? '' : `${place.file}:${place.line}:${place.column}`;
}
