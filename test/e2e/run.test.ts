import { describe, expect, it } from 'vitest';
import { childrenOf, isAlive } from '../support/processes.js';
import { ReportFolder, type RunReport, SwarmProcess, serve, swarm } from './swarm.js';

function counted(report: RunReport, metric: string): number {
  return report.totals.wholeRun.counters[metric]?.total ?? 0;
}

describe('swarm run', () => {
  it('plays the quickstart against the embedded server, prints a summary and leaves a report', async () => {
    using reports = new ReportFolder();
    const { code, stdout, stderr } = await swarm(['run', 'quickstart', '--duration', '3s', '--out', reports.path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('every threshold held');
    expect(stdout).toContain(reports.path);
    const report = reports.read();
    expect(report.outcome).toMatchObject({ name: 'ok', exitCode: 0 });
    expect(counted(report, 'connects')).toBe(100);
  });

  it('with --json prints the report and nothing else', async () => {
    using reports = new ReportFolder();
    const args = ['run', 'echo', '--target', 'embedded:echo', '--clients', '20', '--duration', '2s', '--json'];
    const { code, stdout, stderr } = await swarm([...args, '--out', reports.path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(reports.read());
  });

  it('finds a scenario of the user’s own before a bundled one, and everything it names beside it', async () => {
    const { code, stderr } = await swarm(['run', 'no-such-scenario']);
    expect(code).toBe(104);
    expect(stderr).toContain('no-such-scenario');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('a threshold that asks for it', () => {
  it('ends the run as soon as it fails, with exit code 99, and the report says why', async () => {
    using reports = new ReportFolder();
    const threshold = 'thresholds.packets_sent=[{ threshold: count<10, abortOnFail: true }]';
    const args = ['run', 'echo', '--clients', '20', '--duration', '10m', '--set', 'load.warmup=0s', '--set', threshold];
    const { code, stdout } = await swarm([...args, '--out', reports.path]);
    expect(code, stdout).toBe(99);
    const { kind, message } = reports.read().events[0] ?? {};
    expect({ kind, message }).toEqual({
      kind: 'thresholdAbort',
      message: 'the threshold packets_sent count<10 failed, and asks to stop then',
    });
  });
});

describe('counts balance with the server’s own', () => {
  it('in a chat room everyone hears everything: sent × clients = received', async () => {
    using reports = new ReportFolder();
    await using server = await serve('chat');
    const clients = 100;
    const target = ['--target', `127.0.0.1:${server.port}`, '--clients', String(clients), '--duration', '3s'];
    const { code, stdout } = await swarm(['run', 'chat', ...target, '--workers', '2', '--out', reports.path]);
    const totals = await server.close();
    expect(code, stdout).toBe(0);
    const report = reports.read();
    const sent = counted(report, 'packets_sent');
    expect(sent).toBe(clients * 2 * 3);
    expect(counted(report, 'packets_received')).toBe(sent * clients);
    expect(totals.received.packets).toBe(sent);
    expect(totals.sent.packets).toBe(sent * clients);
    expect(totals.received.bytes).toBe(counted(report, 'data_sent'));
    expect(totals.sent.bytes).toBe(counted(report, 'data_received'));
  });

  it('an echo server hears what was sent, and what it sent was heard', async () => {
    using reports = new ReportFolder();
    const args = ['run', 'echo', '--target', 'embedded:echo', '--clients', '500', '--duration', '2s', '--workers', '2'];
    const { code, stdout } = await swarm([...args, '--out', reports.path]);
    expect(code, stdout).toBe(0);
    const report = reports.read();
    expect(report.generator.workers.map(({ clients }) => clients)).toEqual([250, 250]);
    expect(report.server?.sessions.accepted).toBe(500);
    expect(report.server?.received.packets).toBe(counted(report, 'packets_sent'));
    expect(report.server?.sent.packets).toBe(counted(report, 'packets_received'));
    expect(counted(report, 'packets_sent')).toBe(counted(report, 'packets_received'));
    expect(counted(report, 'packet_data_sent')).toBe(counted(report, 'data_sent'));
    expect(counted(report, 'packet_data_received')).toBe(counted(report, 'data_received'));
  });
});

describe('when things go wrong, the report says what happened', () => {
  it('the server dies in the middle: 121', async () => {
    using reports = new ReportFolder();
    await using server = await serve('echo');
    const target = ['--target', `127.0.0.1:${server.port}`, '--clients', '50', '--duration', '60s'];
    const run = new SwarmProcess(['run', 'echo', ...target, '--out', reports.path]);
    await run.until(/ running /);
    server.process.kill('SIGKILL');
    expect((await run.exited).code).toBe(121);
    expect(run.stderr).toBe('');
    const report = reports.read();
    expect(report.events.map(({ kind }) => kind)).toContain('targetLost');
    expect(counted(report, 'disconnects')).toBe(50);
  });

  it('nothing listens: 120', async () => {
    using reports = new ReportFolder();
    await using server = await serve('echo');
    await server.close();
    const target = ['--target', `127.0.0.1:${server.port}`, '--clients', '5', '--duration', '60s'];
    const { code, stdout, stderr } = await swarm(['run', 'echo', ...target, '--out', reports.path]);
    expect({ code, stderr }).toEqual({ code: 120, stderr: '' });
    expect(stdout).toContain('ECONNREFUSED');
    expect(counted(reports.read(), 'connect_failures')).toBe(5);
  });

  it('the host name does not resolve: 120', async () => {
    using reports = new ReportFolder();
    const { code, stdout } = await swarm(['run', 'echo', '--target', 'no-such-host.invalid:1', '--out', reports.path]);
    expect(code).toBe(120);
    expect(stdout).toContain('no-such-host.invalid does not resolve');
    expect(reports.read().events[0]?.kind).toBe('targetUnreachable');
  });

  it('a worker is killed: the others go on, the run is marked degraded, 122', async () => {
    using reports = new ReportFolder();
    const args = ['run', 'echo', '--target', 'embedded:echo', '--clients', '40', '--duration', '4s', '--workers', '2'];
    const run = new SwarmProcess([...args, '--out', reports.path]);
    await run.until(/ running /);
    const worker = childrenOf(run.pid).find(({ command }) => command.includes('worker/main.js'));
    process.kill(worker?.pid as number, 'SIGKILL');
    expect((await run.exited).code).toBe(122);
    const report = reports.read();
    expect(report.outcome).toMatchObject({ name: 'workerLost', degraded: true, workersLost: 1 });
    expect(report.generator.workers.filter(({ lost }) => lost)).toHaveLength(1);
    expect(report.events.map(({ message }) => message).join()).toContain(
      'SIGKILL, as by the system where memory runs out',
    );
    expect(run.stdout).toMatch(/✗ lost worker +20 +worker \d was lost with its clients/);
    expect(counted(report, 'packets_sent')).toBeGreaterThan(0);
  });

  it('a worker is killed before it has said a word: its share of the clients is lost all the same', async () => {
    using reports = new ReportFolder();
    const args = ['run', 'echo', '--target', 'embedded:echo', '--clients', '5', '--duration', '1s', '--workers', '2'];
    const run = new SwarmProcess([...args, '--set', 'load.warmup=0s', '--out', reports.path]);
    const workersOf = () => childrenOf(run.pid).filter(({ command }) => command.includes('worker/main.js'));
    await expect.poll(() => workersOf().length, { timeout: 30_000, interval: 10 }).toBeGreaterThan(0);
    process.kill(workersOf()[0]?.pid as number, 'SIGKILL');
    expect((await run.exited).code).toBe(122);
    expect(run.stdout).toMatch(/worker 0 \(pid \d+\) was lost with its 3 clients/);
    expect(run.stdout).toMatch(/✗ lost worker +3 /);
    expect(run.stdout).toMatch(/connects +2 made, 0 failed, 3 lost/);
  });

  it('Ctrl-C stops gracefully: 105, with a report, and no process is left', async () => {
    using reports = new ReportFolder();
    const args = ['run', 'echo', '--target', 'embedded:echo', '--clients', '10', '--duration', '60s', '--workers', '2'];
    const run = new SwarmProcess([...args, '--out', reports.path]);
    await run.until(/ running /);
    const children = childrenOf(run.pid);
    // Two workers and the server, with a watchdog for each.
    expect(children).toHaveLength(6);
    run.kill('SIGINT');
    expect((await run.exited).code).toBe(105);
    expect(reports.read().events[0]?.kind).toBe('stopped');
    expect(children.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });

  it('a second Ctrl-C ends it at once, still with a report', async () => {
    using reports = new ReportFolder();
    const args = ['run', 'echo', '--target', 'embedded:echo', '--clients', '10', '--duration', '60s'];
    const run = new SwarmProcess([...args, '--set', 'load.gracefulStop=60s', '--out', reports.path]);
    await run.until(/ running /);
    run.kill('SIGINT');
    await run.until(/ stopping /);
    run.kill('SIGINT');
    expect((await run.exited).code).toBe(105);
    expect(reports.read().events.map(({ kind }) => kind)).toEqual(['stopped', 'aborted']);
  });

  it('a coordinator that is killed takes its workers and its server along', async () => {
    const args = ['run', 'echo', '--target', 'embedded:echo', '--clients', '10', '--duration', '60s'];
    const run = new SwarmProcess(args);
    await run.until(/ running /);
    const children = childrenOf(run.pid);
    run.kill('SIGKILL');
    await run.exited;
    await expect.poll(() => children.filter(({ pid }) => isAlive(pid)), { timeout: 30_000 }).toEqual([]);
  });
});

describe('a user’s mistake is a sentence, never a stack trace', () => {
  it.each([
    [['run']],
    [['run', 'quickstart', '--workers', 'many']],
    [['run', 'quickstart', '--duration', '10']],
    [['run', 'quickstart', '--no-such-option']],
    [['runn', 'quickstart']],
    [['serve', '--mode', 'chatt']],
    [['serve', '--port', '70000']],
    [['validate', 'no-such-file.yaml']],
  ])('swarm %j', async (args) => {
    const { code, stdout, stderr } = await swarm(args);
    expect(code).toBe(104);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('help and version are no mistakes', async () => {
    for (const args of [
      ['--help'],
      ['run', '--help'],
      ['serve', '--help'],
      ['validate', '--help'],
      ['schema', '--help'],
    ]) {
      const { code, stdout } = await swarm(args);
      expect(code).toBe(0);
      expect(stdout).toContain('Examples:');
    }
    expect((await swarm(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
