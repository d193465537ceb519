import { symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReportFolder, swarm } from './swarm.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bad = join(root, 'test/scenario/bad');

/** One of each sort: YAML that is none, that would never end, numbers, expressions, patterns, files, packets. */
const scenarios = [
  'yaml-tags',
  'yaml-alias-bomb',
  'yaml-cycle-steps',
  'numbers-huge',
  'expressions-endless',
  'patterns-long',
  'devices-bytes',
  'pdl-bomb',
  'outside',
  'proto-outside',
];

/** Where every connection is a mistake: nothing may be started. */
let connections = 0;
const server = createServer((socket) => {
  connections++;
  socket.destroy();
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** `swarm run` of a scenario against that server, in an environment in which Node tells of each process that it starts. */
async function run(file: string, folder: ReportFolder) {
  const { port } = server.address() as { port: number };
  const args = ['run', file, '--target', `127.0.0.1:${port}`, '--out', join(folder.path, 'run')];
  const { code, stdout, stderr } = await swarm(args, { cwd: root, env: { NODE_DEBUG: 'child_process' } });
  return { code, stdout, stderr, startedProcesses: /^CHILD_PROCESS \d+: spawn/m.test(stderr) };
}

describe('a scenario with a mistake ends with 104, a message, and nothing started:', () => {
  it.each(scenarios)('%s', async (name) => {
    using folder = new ReportFolder();
    const { code, stdout, stderr, startedProcesses } = await run(relative(root, join(bad, `${name}.yaml`)), folder);
    expect([code, stdout, startedProcesses, connections]).toEqual([104, '', false, 0]);
    expect(stderr).toContain('nothing was started');
    expect(stderr).not.toMatch(/^\s+at |node:internal|inside swarm itself/m);
    expect(folder.empty).toBe(true);
  });

  it.each([
    ['is 10 MB', (path: string) => writeFileSync(path, 'x'.repeat(10_000_000))],
    ['is a program', (path: string) => writeFileSync(path, Buffer.from('7f454c4602010100', 'hex'))],
    ['is a device', (path: string) => symlinkSync('/dev/zero', path)],
  ])('one that %s', async (_, make) => {
    using folder = new ReportFolder();
    const file = join(folder.path, 'scenario.yaml');
    make(file);
    const { code, stdout, stderr } = await swarm(['run', file, '--out', join(folder.path, 'run')]);
    expect([code, stdout]).toEqual([104, '']);
    expect(stderr).toMatch(/^swarm: The scenario .*scenario\.yaml (has|is) .*\.\n( {2}.*\n)?$/);
  });
});

describe('a scenario without one', () => {
  it('would be seen to start something', async () => {
    using folder = new ReportFolder();
    const file = join(folder.path, 'scenario.yaml');
    const load = 'load: { clients: 1, duration: 100ms, gracefulStop: 0s }';
    writeFileSync(
      file,
      `target: 127.0.0.1:1\nprotocol: { framing: line, packets: text }\n${load}\nclients: { one: { loop: [] } }\n`,
    );
    const { startedProcesses } = await run(file, folder);
    expect(startedProcesses).toBe(true);
    expect(connections).toBeGreaterThan(0);
  });
});

describe('what a terminal would obey', () => {
  it('does not reach it from a scenario', async () => {
    const file = relative(root, join(bad, 'target-control.yaml'));
    const { code, stderr } = await swarm(['validate', file], { cwd: root });
    expect(code).toBe(104);
    expect(stderr).toContain('·[31mone');
    expect(stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});
