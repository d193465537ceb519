import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { UserProject } from '../support/user-project.js';
import { ReportFolder, swarm } from './swarm.js';

const written = ['scenario.yaml', 'packets.pdl.xml', 'player.ts', '.github/workflows/load.yml'];

describe('swarm init', () => {
  it('writes a load test that is valid and runs as it is', async () => {
    using folder = new ReportFolder();
    const cwd = folder.path;
    const made = await swarm(['init', 'load-test'], { cwd, env: { npm_command: 'exec' } });
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    for (const path of written) expect(made.stdout).toContain(path);
    expect(made.stdout).toContain('npx swarm run scenario.yaml ');
    const test = { cwd: join(cwd, 'load-test') };
    expect(await swarm(['validate', 'scenario.yaml'], test)).toMatchObject({ code: 0, stderr: '' });
    const short = ['--clients', '20', '--duration', '2s', '--set', 'load.warmup=0s'];
    const { code, stdout } = await swarm(['run', 'scenario.yaml', ...short], test);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('every threshold held');
    expect(stdout).toMatch(/bots counted +\d+ lines \(player\)/);
  });

  it('writes a client that type-checks with the types of the package', async () => {
    using project = new UserProject();
    expect(await swarm(['init'], { cwd: project.path })).toMatchObject({ code: 0 });
    expect(project.compile()).toBe('');
  });

  it('writes a workflow that installs this version and works in the folder, wherever it lies in its repository', async () => {
    using folder = new ReportFolder();
    mkdirSync(join(folder.path, '.git'));
    const { stdout } = await swarm(['init', "tests/it's a: load"], { cwd: folder.path });
    expect(stdout).toContain('move .github to ');
    const text = readFileSync(join(folder.path, "tests/it's a: load/.github/workflows/load.yml"), 'utf8');
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    const { load } = parse(text).jobs;
    expect(load.defaults.run['working-directory']).toBe("tests/it's a: load");
    const runs = load.steps.flatMap((step: { run?: string }) => step.run ?? []);
    expect(runs[0]).toContain(`package=./tcp-swarm-${version}.tgz\n`);
    expect(runs[0]).toContain(`|| package=tcp-swarm@${version}\n`);
    expect(stdout).toContain(`tcp-swarm-${version}.tgz`);
    expect(runs.at(-1)).toBe('node_modules/.bin/swarm run scenario.yaml --out reports');
    expect(load.steps.at(-1).with.path).toBe("tests/it's a: load/reports");
  });

  it('overwrites nothing, and names all that is in its way; with --force it does', async () => {
    using folder = new ReportFolder();
    const cwd = folder.path;
    writeFileSync(join(cwd, 'player.ts'), 'mine');
    writeFileSync(join(cwd, 'scenario.yaml'), 'mine too');
    const refused = await swarm(['init'], { cwd });
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 104, stdout: '' });
    expect(refused.stderr).toBe(`scenario.yaml is there already
player.ts is there already
swarm: Nothing was written, because that would overwrite what is there.
  Name another folder, or overwrite with --force.
`);
    expect(readFileSync(join(cwd, 'player.ts'), 'utf8')).toBe('mine');
    expect(existsSync(join(cwd, 'packets.pdl.xml'))).toBe(false);
    expect(await swarm(['init', '--force'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(cwd, 'player.ts'), 'utf8')).toContain('extends Bot');
  });

  it('says why a folder cannot be made, also where the system would let it try for ever', async () => {
    using folder = new ReportFolder();
    writeFileSync(join(folder.path, 'file'), '');
    const { code, stderr } = await swarm(['init', 'file/within'], { cwd: folder.path });
    expect({ code, stderr }).toEqual({
      code: 104,
      stderr: 'swarm: file is a file, and a folder is needed.\n  Name another folder, or move the file away.\n',
    });
    const refused = await swarm(['init', '/proc/nope']);
    expect(refused.code).toBe(104);
    // Elsewhere than on Linux /proc itself cannot be made.
    expect(refused.stderr).toMatch(/The folder \/proc(\/nope)? cannot be made/);
  });

  it('says which file cannot be written, and why', async () => {
    using folder = new ReportFolder();
    mkdirSync(join(folder.path, 'player.ts'));
    const { code, stderr } = await swarm(['init', '--force'], { cwd: folder.path });
    expect({ code, stderr }).toEqual({ code: 104, stderr: 'swarm: player.ts cannot be written: EISDIR.\n' });
  });
});
