import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childrenOf } from '../support/processes.js';
import { ReportFolder, SwarmProcess } from './swarm.js';

/** Open loop, and no threshold that could fail first. */
const scenario = `target: embedded:echo
load: { clients: 20, duration: 9s }
clients:
  bot:
    every:
      - { interval: 50ms, send: Echo, with: { sequence: '\${send.index}', payload: x }, expect: Echo }
`;

describe('swarm run --strict', () => {
  it('exits with 123 where a worker was kept from running for seconds, and says so', async () => {
    using folder = new ReportFolder();
    using reports = new ReportFolder();
    const file = join(folder.path, 'strict.yaml');
    writeFileSync(file, scenario);
    const run = new SwarmProcess(['run', file, '--strict', '--workers', '2', '--out', reports.path]);
    await run.until(/ running /);
    const worker = childrenOf(run.pid).find(({ command }) => command.includes('worker/main.js'))?.pid as number;
    process.kill(worker, 'SIGSTOP');
    // The other worker goes on: lines of progress come every three seconds.
    await run.until(/ running .*\n.* running /);
    process.kill(worker, 'SIGCONT');
    const { code } = await run.exited;
    expect(code, run.stdout).toBe(123);
    expect(run.stdout).toContain('✗ saturated');
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toMatch(/s were not measured,.* or a worker’s process was stopped/);
    expect(reports.read()).toMatchObject({
      outcome: { name: 'saturated', exitCode: 123 },
      generator: { verdict: 'saturated' },
    });
  });
});
