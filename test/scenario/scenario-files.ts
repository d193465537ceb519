import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { SwarmError } from '../../src/errors.js';
import { type LoadOptions, loadScenario, type Overrides } from '../../src/scenario/load.js';
import type { ClientKindPlan, Plan } from '../../src/scenario/plan.js';
import { formatProblems } from '../../src/scenario/problems.js';

/** Every type of field, and a list within a list. */
export const packetsXml = readFileSync(new URL('bad/packets.xml', import.meta.url), 'utf8');

/** One for each test file, which is gone when that is done. */
const root = mkdtempSync(join(tmpdir(), 'swarm-scenario-'));
let folders = 0;
afterAll(() => rmSync(root, { recursive: true }));

/** Writes files into a new temporary folder; returns the path of the first. */
export function writeFiles(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(root, String(folders++));
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  });
  return paths[0]!;
}

/** A scenario against packets.xml whose one kind of client, `one`, is the given YAML. */
export function scenarioWith(kind: string): string {
  return `target: 127.0.0.1:7777
protocol: { packets: packets.xml }
load: { clients: 10, duration: 10s }
clients:
  one: ${kind}
`;
}

const users = 'name,level\nArin,3\nBora,7\n';

export function load(scenario: string, overrides: Overrides = {}, env: LoadOptions['env'] = {}): Plan {
  const file = writeFiles({ 'scenario.yaml': scenario, 'packets.xml': packetsXml, 'users.csv': users });
  return loadScenario(file, { overrides, env }).plan;
}

export function loadKind(kind: string, env: LoadOptions['env'] = {}): ClientKindPlan {
  return load(scenarioWith(kind), {}, env).kinds[0]!;
}

/** The problems of a scenario that must have some. */
export function problemsOf(work: () => unknown): SwarmError['problems'] {
  try {
    work();
  } catch (error) {
    if (error instanceof SwarmError && error.problems.length > 0) return error.problems;
    throw error;
  }
  throw new Error('the scenario is valid, though it should not be');
}

/** What is wrong with a kind of client: `message (hint)`, in the order of the file. */
export function kindProblems(kind: string, env: LoadOptions['env'] = {}): readonly string[] {
  return problemsOf(() => loadKind(kind, env)).map(({ message, hint }) =>
    hint === undefined ? message : `${message} (${hint})`,
  );
}

/** The drawn problems of a scenario, or the error itself where it has none. */
export function drawnProblems(file: string, root?: string): string {
  return `${formatProblems(problemsOf(() => loadScenario(file, { env: {}, root })))}\n`;
}
