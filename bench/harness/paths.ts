import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

// This file runs as bench/dist/bench/harness/paths.js.

/** Where the benchmark's own sources are. */
export const benchFolder = fileURLToPath(new URL('../../../', import.meta.url));
/** The repository. */
export const packageFolder = fileURLToPath(new URL('../../../../', import.meta.url));
/** What `tsc -p bench` made: the benchmark, and `src/` beside it. */
export const thisBuild = fileURLToPath(new URL('../../', import.meta.url));

/** The file of one of the benchmark's own scenarios, by its name; a path is one already. */
export function scenarioFile(scenario: string): string {
  return isAbsolute(scenario) ? scenario : `${benchFolder}scenarios/${scenario}.yaml`;
}
