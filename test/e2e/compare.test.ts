import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/compare/comparison.js';
import { named } from '../compare/reports.js';
import { freePort } from '../interop/real-server.js';
import { isAlive } from '../support/processes.js';
import { ReportFolder, SwarmProcess, swarm } from './swarm.js';

const bin = fileURLToPath(new URL('../../bin/swarm.js', import.meta.url));
const node = JSON.stringify(process.execPath);
const echo = `${node} ${JSON.stringify(bin)} serve --mode echo --port {port}`;
/** As long as a machine that is busy with everything else may take for eight rounds. */
const patience = { timeout: 240_000 };

/** An echo server that answers 20 ms later; it prints its pid. */
const slowEcho = [
  "require('node:net')",
  ".createServer((socket) => socket.on('error', () => {}).on('data', (data) => setTimeout(() => socket.write(data), 20)))",
  '.listen(process.env.PORT, () => console.log(process.pid))',
].join('');

/** The files of a test in its own folder. */
class Desk extends ReportFolder {
  readonly reports = join(this.path, 'reports');
  /** Ten clients with ten requests a second each, for a second. */
  readonly scenario = this.#write(
    'pings.yaml',
    `name: Pings
target: embedded:echo
protocol:
  packets: pings.xml
load: { clients: 10, duration: 1s }
clients:
  pinger:
    every:
      - interval: 100ms
        send: Ping
        with: { number: 1 }
        expect: Ping
`,
  );
  readonly slowEcho = `exec ${node} ${JSON.stringify(this.#write('slow.cjs', slowEcho))}`;
  readonly packets = this.#write('pings.xml', '<PDL><packet name="Ping"><int name="number"/></packet></PDL>');

  #write(name: string, text: string): string {
    const file = join(this.path, name);
    writeFileSync(file, text);
    return file;
  }

  /** A copy of the scenario in a folder of its own, which names the packets where they are. */
  copyBelow(folder: string): string {
    mkdirSync(join(this.path, folder));
    return this.#write(
      join(folder, 'pings.yaml'),
      readFileSync(this.scenario, 'utf8').replace('pings.xml', '../pings.xml'),
    );
  }

  report(name: string, measured: Parameters<typeof named>[1]): string {
    return this.#write(`${name}.json`, JSON.stringify(named(name, measured).report));
  }

  /** The one sitting that was played here. */
  get sitting(): string {
    return join(this.reports, readdirSync(this.reports)[0]!);
  }
}

describe('swarm ab', () => {
  it('finds a server that is 20 ms slower worse, and leaves every round’s report', patience, async () => {
    using desk = new Desk();
    const { code, stdout, stderr } = await swarm([
      ...['ab', desk.scenario, '--a', echo, '--b', desk.slowEcho, '--rounds', '4', '--out', desk.reports],
      ...['--fail-on', 'response_time med +10%', '--format', 'json'],
    ]);
    expect(code, stderr).toBe(119);
    const comparison = JSON.parse(stdout) as Comparison;
    expect(comparison).toMatchObject({ kind: 'rounds', worse: true });
    expect(comparison.rows[0]).toMatchObject({ name: 'response_time p(50)', verdict: 'worse' });
    expect(comparison.rows[0]!.current.value).toBeGreaterThanOrEqual(20);
    const rounds = ['01-a', '02-b', '03-b', '04-a', '05-a', '06-b', '07-b', '08-a'];
    expect(readdirSync(desk.sitting).sort()).toEqual([...rounds, 'comparison.json']);
    for (const [i, round] of rounds.entries()) {
      const report = JSON.parse(readFileSync(join(desk.sitting, round, 'report.json'), 'utf8')) as { seed: number };
      expect(report.seed).toBe(1 + Math.floor(i / 2));
      expect(stderr).toMatch(new RegExp(`^round ${i + 1}, ${round.endsWith('a') ? 'A' : 'B'}: response_time p50`, 'm'));
    }
  });

  it('does not find a server worse than itself, where the scenario needs --root', patience, async () => {
    using desk = new Desk();
    const ab = ['ab', desk.copyBelow('load'), '--a', echo, '--b', echo, '--rounds', '2', '--out', desk.reports];
    const options = ['--quiet', '--fail-on', 'response_time med +300%'];
    expect((await swarm([...ab, ...options])).stderr).toContain('`../pings.xml` leads to ');
    const { code, stdout, stderr } = await swarm([...ab, ...options, '--root', desk.path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('2 pairs of rounds in one sitting');
  });

  it('ends the server that it started when it is killed', async () => {
    using desk = new Desk();
    const endless = ['ab', desk.scenario, '--a', desk.slowEcho, '--b', desk.slowEcho, '--duration', '10m'];
    const sitting = new SwarmProcess([...endless, '--out', desk.reports]);
    await sitting.until(/ running /);
    const server = Number(readFileSync(join(desk.sitting, '01-a', 'server.log'), 'utf8'));
    expect(isAlive(server)).toBe(true);
    sitting.kill('SIGKILL');
    await expect.poll(() => isAlive(server), { timeout: 30_000 }).toBe(false);
  });

  it('stops on Ctrl-C, and the server with it: 105', async () => {
    using desk = new Desk();
    const endless = ['ab', desk.scenario, '--a', desk.slowEcho, '--b', desk.slowEcho, '--duration', '10m'];
    const sitting = new SwarmProcess([...endless, '--out', desk.reports]);
    await sitting.until(/ running /);
    sitting.kill('SIGINT');
    expect((await sitting.exited).code).toBe(105);
    expect(sitting.stderr).toContain('stopped before there were two pairs of rounds to compare');
    expect(isAlive(Number(readFileSync(join(desk.sitting, '01-a', 'server.log'), 'utf8')))).toBe(false);
  });

  it.each([
    { args: ['--rounds', '5'], said: '--rounds 5: not an even number of pairs from 2 to 100' },
    { args: ['--until-decided'], said: '--until-decided has nothing to decide' },
    { args: ['--fail-on', 'respons_time med +5%'], said: 'did you mean `response_time`?' },
    { args: ['--format', 'junt'], said: 'Did you mean `junit`?' },
    { args: ['--b', 'udp://x:1'], said: 'targets with udp: are not supported' },
  ])('refuses $args before anything is started: 104', async ({ args, said }) => {
    using desk = new Desk();
    const { code, stderr } = await swarm([
      'ab',
      desk.scenario,
      '--a',
      echo,
      '--b',
      echo,
      ...args,
      '--out',
      desk.reports,
    ]);
    expect({ code, stderr }).toEqual({ code: 104, stderr: expect.stringContaining(said) });
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(readdirSync(desk.path)).not.toContain('reports');
  });

  it('says before the first round that nothing listens where a server is to run: 120', async () => {
    using desk = new Desk();
    const target = `127.0.0.1:${await freePort()}`;
    const { code, stderr } = await swarm(['ab', desk.scenario, '--a', echo, '--b', target, '--out', desk.reports]);
    expect({ code, stderr }).toEqual({
      code: 120,
      stderr: expect.stringContaining(`swarm: --b ${target}: connect ECONNREFUSED (nothing listens there`),
    });
    expect(readdirSync(desk.path)).not.toContain('reports');
  });

  it('says why a server did not start: 120', async () => {
    using desk = new Desk();
    const args = ['ab', desk.scenario, '--a', 'echo no map; exit 3', '--b', echo, '--out', desk.reports];
    const { code, stderr } = await swarm(args);
    expect(code).toBe(120);
    expect(stderr).toContain('the command ended with code 3 before its port answered; it printed:\n  no map');
  });
});

describe('swarm compare', () => {
  const failOn = ['--fail-on', 'response_time p(95) +10%'];

  it('exits with 119 where a run is worse, and writes the step summary of a GitHub job', async () => {
    using desk = new Desk();
    const summary = join(desk.path, 'summary.md');
    const files = [desk.report('old', {}), desk.report('new', { factor: 1.5 })];
    const env = { GITHUB_STEP_SUMMARY: summary };
    const { code, stdout } = await swarm(['compare', ...files, ...failOn], { env });
    expect(code, stdout).toBe(119);
    expect(stdout).toContain('✗ Worse: response_time p(95).');
    expect(readFileSync(summary, 'utf8')).toContain('## ✗ Chat room: base → current');
  });

  it('takes several base runs, and exits with 0 where nothing is worse', async () => {
    using desk = new Desk();
    const base = [0.97, 1, 1.02].map((factor, i) => desk.report(`base-${i}`, { factor, seconds: 12 }));
    const current = desk.report('new', { factor: 1.01, seconds: 12 });
    const args = ['compare', '--base', ...base, '--current', current, ...failOn, '--format', 'junit'];
    const { code, stdout } = await swarm(args);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('<testcase classname="Chat room" name="response_time p(95), fails on +10%">');
  });

  it('refuses what is no report, and what cannot be compared: 104', async () => {
    using desk = new Desk();
    const old = desk.report('old', {});
    const other = desk.report('other', { parts: { scenario: { name: 'Move', file: 'move.yaml', text: null } } });
    const refused = async (...args: string[]) => {
      const { code, stderr } = await swarm(['compare', ...args]);
      expect(code).toBe(104);
      return stderr;
    };
    expect(await refused(old)).toContain('there is no current report to compare');
    expect(await refused(old, desk.scenario)).toContain('is not a report.json');
    expect(await refused(old, other)).toContain('is of the scenario Chat room, and');
    expect(await refused(old, old)).toContain('stands on both sides');
    expect(await refused(old, other, '--run-noise', 'much')).toContain('--run-noise much: not a share in per cent');
  });
});
