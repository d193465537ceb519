import { lstatSync, readdirSync } from 'node:fs';
import { basename, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SwarmError } from '../errors.js';
import { nearest } from '../nearest.js';
import { isWithin } from '../within.js';
import type { EmbeddedMode } from './plan.js';

/** The scenarios that ship: beside `src/` in the repository, beside `dist/` in the package. */
const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** The names of the bundled scenarios, without their ending. */
export function bundledScenarios(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => extname(file) === '.yaml')
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** The packet definitions that the bundled server of this mode speaks. */
export function bundledPackets(mode: EmbeddedMode): string {
  return shortest(join(folder, 'packets', `${mode}.pdl.xml`));
}

/**
 * The path of a scenario: of the file with this path where there is one, else of the bundled scenario with this name, with or
 * without `.yaml`.
 * @throws SwarmError `scenario-not-found`, with the names there are.
 */
export function findScenario(nameOrPath: string): string {
  if (isThere(nameOrPath)) return nameOrPath;
  const names = bundledScenarios();
  const name = nameOrPath.replace(/\.ya?ml$/, '');
  if (names.includes(name)) return shortest(join(folder, `${name}.yaml`));
  const close = nearest(name, names);
  throw new SwarmError(
    'scenario-not-found',
    `There is no file \`${nameOrPath}\`, and no bundled scenario of that name.`,
    {
      hint: `${close === undefined ? '' : `Did you mean \`${close}\`? `}The bundled scenarios are ${names.join(', ')}.`,
    },
  );
}

/** Whether there is something of that name, if only a link that leads nowhere: what is wrong with it shows when it is read. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** Within the current folder, the path from there: that is how problems show it. */
function shortest(path: string): string {
  return isWithin('', path) ? relative('', path) : path;
}
