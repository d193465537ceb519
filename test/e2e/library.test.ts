import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UserProject } from '../support/user-project.js';
import { ReportFolder } from './swarm.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = join(root, 'examples');

function run(command: string, args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('the examples', () => {
  it('compile in a user’s project, and the dummy client plays ten rounds with the echo server', async () => {
    using project = new UserProject(['node']);
    for (const name of readdirSync(examples)) project.write(name, readFileSync(join(examples, name), 'utf8'));
    expect(project.compile()).toBe('');

    const server = spawn(process.execPath, [project.compiled('echo-server.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
      const port = /^listening on (\d+)$/.exec(line)?.[1] as string;
      const rounds = Array.from({ length: 10 }, (_, i) => `round ${i + 1} came back\n`).join('');
      const client = run(process.execPath, [project.compiled('dummy-client.ts'), port]);
      expect(client).toEqual({ status: 0, output: `${rounds}disconnected: local\n` });
    } finally {
      server.kill();
    }

    const played = run(process.execPath, [project.compiled('run-a-plan.ts'), 'quickstart', '2s']);
    expect(played.output).toContain('Everything ran and every threshold held.');
    expect(played.output).toMatch(/^connects: 100$/m);
    expect(played.output).toMatch(/^broadcast time p99: [\d.]+ ms$/m);
    expect(played.status).toBe(0);
  });

  it('are short', () => {
    for (const name of ['echo-server.ts', 'dummy-client.ts']) {
      expect(readFileSync(join(examples, name), 'utf8').trimEnd().split('\n').length).toBeLessThan(40);
    }
  });
});

describe('the packed package', () => {
  it('has what its package.json promises, with types that resolve', () => {
    using folder = new ReportFolder();
    // The build stands already; its script would build again, under the feet of other tests.
    const packed = run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder.path]);
    expect(packed.status).toBe(0);
    const [name = ''] = readdirSync(folder.path);
    const tarball = join(folder.path, name);
    const tool = (file: string, ...args: string[]) =>
      run(process.execPath, [join(root, 'node_modules', file), ...args]);
    expect(tool('publint/src/cli.js', 'run', tarball, '--strict')).toMatchObject({ status: 0 });
    // Without asking the registry for @types/tcp-swarm.
    const attw = [
      '@arethetypeswrong/cli/dist/index.js',
      tarball,
      '--profile',
      'esm-only',
      '--no-definitely-typed',
    ] as const;
    const { status, output } = tool(...attw);
    expect(output).toContain('"tcp-swarm/packets"');
    expect(status).toBe(0);
  });
});
