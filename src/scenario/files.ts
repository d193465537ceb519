import { dirname, isAbsolute, join } from 'node:path';

export { FileProblem, readBytesFile, readTextFile } from '../text-file.js';

/** The path of a file that a scenario names: relative paths count from the scenario's own folder. */
export function pathFrom(scenarioFile: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(scenarioFile), path);
}
