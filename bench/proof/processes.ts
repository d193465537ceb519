import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/core/index.js';
import type { Report } from '../../src/report/report.js';
import { benchFolder, packageFolder } from '../harness/paths.js';
import type { Disturbance } from './disturbances.js';
import type { ScriptName, ServerRecord } from './server.js';

/** A run that takes longer hangs. */
const runTimeoutMs = 60_000;

export interface RunOutcome {
  readonly report: Report;
  readonly server: ServerRecord;
  /** The same plan, played by the other number of workers, where the proof names two. */
  readonly twin?: RunOutcome;
}

/**
 * Runs a scenario of `bench/proof/scenarios` with the built command line against a scripted server in a process of its own.
 * @throws Error where either of them fails, or the run takes longer than a minute.
 */
export async function run(
  scenario: string,
  script: ScriptName,
  workers: number,
  disturb?: Disturbance,
): Promise<RunOutcome> {
  const server = spawn(process.execPath, [fileURLToPath(new URL('server.js', import.meta.url)), script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the scripted server ended before its time');
    return JSON.parse(value);
  };
  try {
    const { port } = (await nextLine()) as { port: number };
    const report = await swarm(`${benchFolder}proof/scenarios/${scenario}.yaml`, port, workers, disturb);
    server.stdin.end();
    return { report, server: (await nextLine()) as ServerRecord };
  } finally {
    server.kill();
  }
}

async function swarm(
  scenario: string,
  port: number,
  workers: number,
  disturb: Disturbance | undefined,
): Promise<Report> {
  const out = await mkdtemp(join(tmpdir(), 'swarm-proof-'));
  const options = ['--target', `127.0.0.1:${port}`, '--workers', String(workers), '--out', out, '--json'];
  const child = spawn(process.execPath, [`${packageFolder}bin/swarm.js`, 'run', scenario, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const hangs = systemClock.setTimer(runTimeoutMs, () => child.kill('SIGKILL'));
  const calm = disturb?.(child.pid as number);
  try {
    const [report, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
    if (code !== 0) throw new Error(`swarm run ${scenario} ended with ${code}`);
    return JSON.parse(report) as Report;
  } finally {
    calm?.();
    hangs.cancel();
    await rm(out, { recursive: true, force: true });
  }
}
