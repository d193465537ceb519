import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/core/index.js';
import type { Report } from '../../src/report/report.js';
import type { ScriptName, ServerRecord } from './server.js';

/** From here, compiled, to the package. */
const root = new URL('../../../../', import.meta.url);
const path = (relative: string): string => fileURLToPath(new URL(relative, root));

/** A run that takes longer hangs. */
const runTimeoutMs = 60_000;

export interface RunOutcome {
  readonly report: Report;
  /** What the scripted server recorded. */
  readonly server: ServerRecord;
}

/** What happens to the machine, or to the workers, while a run goes on; returns how to end it. */
export type Disturbance = (swarmPid: number) => () => void;

/** Runs a scenario of `bench/proof/scenarios` with the built command line against a scripted server in a process of its own. */
export async function run(scenario: string, script: ScriptName, disturb?: Disturbance): Promise<RunOutcome> {
  const server = spawn(process.execPath, [fileURLToPath(new URL('server.js', import.meta.url)), script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const lines = readLines(server);
    const { port } = JSON.parse(await lines.next()) as { port: number };
    const report = await swarm(`bench/proof/scenarios/${scenario}.yaml`, port, disturb);
    server.stdin.end();
    return { report, server: JSON.parse(await lines.next()) as ServerRecord };
  } finally {
    server.kill();
  }
}

async function swarm(scenario: string, port: number, disturb: Disturbance | undefined): Promise<Report> {
  const out = await mkdtemp(join(tmpdir(), 'swarm-proof-'));
  const options = ['--target', `127.0.0.1:${port}`, '--workers', '1', '--out', out, '--quiet'];
  const child = spawn(process.execPath, [path('bin/swarm.js'), 'run', path(scenario), ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const hangs = systemClock.setTimer(runTimeoutMs, () => child.kill('SIGKILL'));
  const calm = disturb?.(child.pid as number);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    const [folder] = await readdir(out);
    if (code !== 0 || folder === undefined) throw new Error(`swarm run ${scenario} ended with ${code}`);
    return JSON.parse(await readFile(join(out, folder, 'report.json'), 'utf8')) as Report;
  } finally {
    calm?.();
    hangs.cancel();
    await rm(out, { recursive: true, force: true });
  }
}

/** The lines that a process prints, one after the other. */
function readLines(child: ChildProcess): { next(): Promise<string> } {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return {
    async next() {
      while (!text.includes('\n')) {
        const [ended] = await Promise.race([
          once(child.stdout!, 'data').then(() => [false]),
          once(child, 'exit').then(() => [true]),
        ]);
        if (ended && !text.includes('\n')) throw new Error('the scripted server ended before its time');
      }
      const end = text.indexOf('\n');
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      return line;
    },
  };
}
