import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { SwarmError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { makeFolder } from '../make-folder.js';
import { toolVersion } from '../version.js';
import { calledAs } from './called-as.js';

/** The options of `swarm init`, as the command line gives them. */
export interface InitOptions {
  /** Overwrites what is there. */
  readonly force?: boolean;
}

/** Beside `src/` in the repository, beside `dist/` in the package. */
const templates = new URL('../../templates/', import.meta.url);

const workflow = '.github/workflows/load.yml';

/** What is written, from which template, and what it is. */
const files = [
  { path: 'scenario.yaml', template: 'scenario.yaml', sentence: 'what is played: target, load, clients, thresholds' },
  { path: 'packets.pdl.xml', template: 'packets.pdl.xml', sentence: 'the packets that it speaks' },
  { path: 'player.ts', template: 'player.ts', sentence: 'a client in TypeScript' },
  { path: workflow, template: 'load.yml', sentence: 'plays it for every pull request on GitHub' },
] as const;

/**
 * Writes a first load test into `folder`, which is made where it is missing, and says what to do next.
 * @throws SwarmError `init-conflict` where a file is there already, with each of them: then nothing is written; `init-unwritable`, `folder-unwritable`.
 */
export async function init(folder: string, { force = false }: InitOptions): Promise<number> {
  if (!force) refuseConflicts(folder);
  const repository = repositoryAround(resolve(folder)) ?? resolve(folder);
  const within = relative(repository, resolve(folder)).replaceAll('\\', '/') || '.';
  for (const { path, template } of files) await write(join(folder, path), read(template, within), force);
  console.log(nextSteps(folder));
  if (within !== '.') console.log(`GitHub reads workflows at the root of a repository: move .github to ${repository}.`);
  return exitCodes.ok.code;
}

function refuseConflicts(folder: string): void {
  const problems = files
    .map(({ path }) => join(folder, path))
    .filter(isThere)
    .map((path) => ({ message: `${path} is there already` }));
  if (problems.length === 0) return;
  throw new SwarmError('init-conflict', 'Nothing was written, because that would overwrite what is there.', {
    hint: 'Name another folder, or overwrite with --force.',
    problems,
  });
}

/** A link that leads nowhere is somebody's too. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** `within`: the folder, as seen from the root of its repository; the workflow has it in single quotes. */
function read(template: string, within: string): string {
  return readFileSync(new URL(template, templates), 'utf8')
    .replaceAll('VERSION', toolVersion)
    .replaceAll('FOLDER', () => within.replaceAll("'", "''"));
}

async function write(path: string, text: string, force: boolean): Promise<void> {
  await makeFolder(dirname(path));
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new SwarmError('init-unwritable', `${path} cannot be written: ${error.code}.`, { cause: error });
  }
}

function nextSteps(folder: string): string {
  const isHere = resolve(folder) === process.cwd();
  const swarm = calledAs(process.argv[1] ?? '', process.env);
  return [
    `Written to ${isHere ? 'this folder' : folder}:`,
    ...inColumns(files.map(({ path, sentence }) => [path, sentence])),
    '',
    'Next:',
    ...(isHere ? [] : [`  cd ${folder}`]),
    ...inColumns([
      [`${swarm} run scenario.yaml`, 'it works at once, against the chat server that comes with swarm'],
      [`${swarm} validate scenario.yaml`, 'after each change; lines marked with » are those for your own server'],
    ]),
    '',
    `The workflow installs swarm from tcp-swarm-${toolVersion}.tgz where that lies beside scenario.yaml, else from your registry.`,
  ].join('\n');
}

function inColumns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`);
}

/** The root of the repository that `folder`, an absolute path, lies in; undefined where it lies in none. */
function repositoryAround(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryAround(parent);
}
