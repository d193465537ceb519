import { fileURLToPath } from 'node:url';

// This file runs as bench/dist/bench/harness/paths.js.

/** Where the benchmark's own sources are. */
export const benchFolder = fileURLToPath(new URL('../../../', import.meta.url));
/** The repository. */
export const packageFolder = fileURLToPath(new URL('../../../../', import.meta.url));
/** What `tsc -p bench` made: the benchmark, and `src/` beside it. */
export const thisBuild = fileURLToPath(new URL('../../', import.meta.url));

export function scenarioFile(name: string): string {
  return `${benchFolder}scenarios/${name}.yaml`;
}
