import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ReportFolder, swarm } from '../e2e/swarm.js';

const available = spawnSync('redis-server', ['--version']).status === 0;
if (!available && process.env.SWARM_INTEROP === 'required')
  throw new Error('redis-server is required and not installed');
if (!available) console.warn('SKIPPED: the tests against Redis, because redis-server is not installed');

/** A Redis on a port of its own, that keeps nothing on disk. */
async function startRedis(): Promise<{ port: number; stop(): Promise<void> }> {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const redis: ChildProcess = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => redis.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    redis.stdout?.setEncoding('utf8').on('data', (text: string) => text.includes('Ready to accept') && resolve());
    void exited.then(() => reject(new Error('redis-server ended before it was ready')));
  });
  return {
    port,
    stop: async () => {
      redis.kill();
      await exited;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

describe.runIf(available)('a real Redis', () => {
  it('answers 500 clients’ pings, and counts as many commands as were sent', async () => {
    using reports = new ReportFolder();
    const redis = await startRedis();
    const args = ['run', 'redis-ping', '--target', `127.0.0.1:${redis.port}`, '--duration', '2s'];
    const { code, stdout } = await swarm([...args, '--out', reports.path]);
    await redis.stop();
    expect(code, stdout).toBe(0);
    const { counters } = reports.read().totals.wholeRun;
    expect(counters.connects?.total).toBe(500);
    expect(counters.packets_received?.total).toBe(counters.packets_sent?.total);
    expect(counters.timeouts).toBeUndefined();
  });
});
