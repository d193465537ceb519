import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { childrenOf, isAlive } from '../support/processes.js';
import { ReportFolder, type RunReport, SwarmProcess } from './swarm.js';

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const bin = pathOf('../../bin/swarm.js');
const echo = ['run', 'echo', '--clients', '10', '--workers', '1'];

/** A scenario whose three clients are driven by one of the files in bots/. */
function botScenario(folder: ReportFolder, bot: string): string {
  copyFileSync(pathOf(`bots/${bot}`), join(folder.path, 'my-bot.ts'));
  copyFileSync(pathOf('../../scenarios/packets/move.pdl.xml'), join(folder.path, 'move.pdl.xml'));
  const file = join(folder.path, 'scenario.yaml');
  writeFileSync(
    file,
    `target: embedded:move
protocol: { packets: move.pdl.xml }
load: { clients: 3, duration: 60s }
clients: { mine: { bot: ./my-bot.ts } }
`,
  );
  return file;
}

/** Its workers, its server and their watchdogs, once there are so many. */
async function processesOf(run: SwarmProcess, count: number): Promise<number[]> {
  await expect.poll(() => childrenOf(run.pid).length, { timeout: 30_000 }).toBe(count);
  return childrenOf(run.pid).map(({ pid }) => pid);
}

const unwrapped = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('processes that are lost, stopped or told to end', () => {
  it('a killed coordinator takes a worker along whose event loop is stuck', async () => {
    using folder = new ReportFolder();
    const run = new SwarmProcess(['run', botScenario(folder, 'stuck.ts'), '--workers', '2', '--out', folder.path]);
    // The other worker reports by now, of the same start.
    await run.until(/ running {2}1 client /);
    const processes = await processesOf(run, 6);
    run.kill('SIGKILL');
    await run.exited;
    await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });

  it('a worker whose memory is full is lost with its clients, and the run says what helps: 122', async () => {
    using folder = new ReportFolder();
    const args = ['run', botScenario(folder, 'hoarder.ts'), '--workers', '1', '--out', join(folder.path, 'reports')];
    const run = new SwarmProcess(args, { env: { NODE_OPTIONS: '--max-old-space-size=60' } });
    expect((await run.exited).code, run.stderr).toBe(122);
    expect(unwrapped(run.stdout)).toMatch(
      /with its 3 clients; it was ended by SIGABRT, as where its heap is full: use/,
    );
  });

  it('SIGTERM while clients connect ends the run with a report: 105, and no process is left', async () => {
    using folder = new ReportFolder();
    const run = new SwarmProcess([...echo, '--connect-rate', '1/s', '--out', folder.path]);
    await run.until(/ connecting /);
    const processes = await processesOf(run, 4);
    run.kill('SIGTERM');
    expect((await run.exited).code).toBe(105);
    expect(folder.read().outcome.name).toBe('stopped');
    expect(processes.filter(isAlive)).toEqual([]);
  });
});

/** Debian has a folder for each architecture, others one for the width of a word, or one for all. */
const folderOfArch = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch as string] ?? process.arch;
const fakeTime = [`/usr/lib/${folderOfArch}`, '/usr/lib64', '/usr/lib']
  .map((folder) => `${folder}/faketime/libfaketimeMT.so.1`)
  .find(existsSync);
if (fakeTime === undefined) console.warn('SKIPPED: the test that needs libfaketime, which is not installed');

/** What lets the wall clock jump, and leaves the monotonic one alone. */
function jumpyClock(file: string): NodeJS.ProcessEnv {
  writeFileSync(file, '+0');
  return {
    LD_PRELOAD: fakeTime,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

const hourMs = 3_600_000;

/** What a process with this environment takes for the time. */
function wallClockMs(env: NodeJS.ProcessEnv): number {
  const { stdout } = spawnSync(process.execPath, ['-p', 'Date.now()'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return Number(stdout);
}

describe('a machine that sleeps', () => {
  it.skipIf(fakeTime === undefined)(
    'and wakes with another wall clock: the report says what was not measured, and its times are those of the run',
    async () => {
      using folder = new ReportFolder();
      const clock = join(folder.path, 'clock');
      const reports = join(folder.path, 'reports');
      const env = jumpyClock(clock);
      const run = new SwarmProcess([...echo, '--duration', '5s', '--out', reports], { env });
      await run.until(/ running /);
      const processes = [run.pid, ...childrenOf(run.pid).map(({ pid }) => pid)];
      for (const pid of processes) process.kill(pid, 'SIGSTOP');
      writeFileSync(clock, '-2h');
      expect(wallClockMs(env) - Date.now()).toBeLessThan(-1.9 * hourMs);
      await sleep(2000);
      for (const pid of processes) process.kill(pid, 'SIGCONT');
      await run.exited;
      const [name] = readdirSync(reports);
      const report = JSON.parse(readFileSync(join(reports, name!, 'report.json'), 'utf8')) as Timed;
      expect(report.generator.verdict).toBe('saturated');
      expect(unwrapped(run.stdout)).toMatch(/· [2-9](\.\d)?s were not measured, from second \d on: the machine slept/);
      expect(report.durations.wholeRunMs).toBeGreaterThan(2000);
      expect(report.durations.wholeRunMs).toBeLessThan(60_000);
    },
  );
});

interface Timed {
  readonly durations: { readonly wholeRunMs: number };
  readonly generator: { readonly verdict: string };
}

describe('outputs that fail', () => {
  it('a folder that vanished and a reader that went away: the report is elsewhere, and the exit code is the run’s own', async () => {
    using folder = new ReportFolder();
    const [reports, elsewhere] = [join(folder.path, 'reports'), join(folder.path, 'elsewhere')];
    mkdirSync(elsewhere);
    const run = new SwarmProcess([...echo, '--duration', '1s', '--set', 'load.warmup=0s', '--out', reports], {
      env: { TMPDIR: elsewhere },
    });
    await run.until(/ connecting /);
    rmSync(reports, { recursive: true });
    run.child.stdout?.destroy();
    const { code } = await run.exited;
    const [name] = readdirSync(elsewhere);
    const report = JSON.parse(readFileSync(join(elsewhere, name!, 'report.json'), 'utf8')) as RunReport;
    expect(code).toBe(report.outcome.exitCode);
    expect(run.stderr).toMatch(
      /^warning: .*reports\/.* cannot be written: there is no folder .*; the report is in .*elsewhere\/echo-.* instead\n$/,
    );
  });

  it('no place for a report at all: the summary is printed, and the run cannot pass', async () => {
    using folder = new ReportFolder();
    const reports = join(folder.path, 'reports');
    const env = { TMPDIR: join(folder.path, 'missing') };
    const run = new SwarmProcess(
      [...echo, '--duration', '1s', '--set', 'load.warmup=0s', '--set', 'thresholds={}', '--out', reports],
      { env },
    );
    await run.until(/ connecting /);
    rmSync(reports, { recursive: true });
    expect((await run.exited).code).toBe(109);
    expect(run.stdout).toMatch(/^ result +✓ /m);
    expect(run.stdout).not.toMatch(/^ report /m);
    expect(run.stderr).toContain('; nor is there a report in ');
  });
});

describe.skipIf(process.platform === 'win32')('too few files that may be open', () => {
  const swarmWith = (files: number, args: readonly string[]) =>
    spawnSync('/bin/sh', ['-c', `ulimit -n ${files}; exec "$0" "$@"`, process.execPath, bin, ...args], {
      encoding: 'utf8',
    });

  it('to begin with: a sentence with the cure, 104', () => {
    const { stderr, status } = swarmWith(40, echo);
    expect(stderr).toMatch(/^swarm: too many open files: .*\n {2}Raise the limit .*: ulimit -n 4096\.\n$/);
    expect(status).toBe(104);
  });

  it('in a worker: it lives on, and the connects that it cannot make are counted, as its own', () => {
    using folder = new ReportFolder();
    const options = ['--workers', '1', '--clients', '20', '--duration', '1s', '--out', join(folder.path, 'reports')];
    const args = ['run', botScenario(folder, 'grabber.ts'), ...options, '--strict', '--quiet'];
    const { stdout, stderr, status } = swarmWith(150, args);
    expect(stdout, stderr).toMatch(/✗ connect EMFILE +\d+\n/);
    expect(unwrapped(stdout)).toMatch(/\d+ connects? failed on this machine, before the server heard of them: EMFILE/);
    expect(unwrapped(stdout)).not.toContain('lost worker');
    expect(status).toBe(123);
  });
});
