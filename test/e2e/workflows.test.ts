import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findProgram, freePort } from '../interop/real-server.js';
import { CiProject } from './ci-project.js';
import { GitHubRunner } from './github-runner.js';
import { swarm } from './swarm.js';

/** Each plays a whole job, or a sitting of twelve rounds. */
const patience = { timeout: 300_000 };
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const hasTools = ['git', 'make', 'npm'].map(findProgram).every((path) => path !== undefined);

/** The block of the README that has `mark` in it. */
function block(language: string, mark: string): string {
  const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, text = '']) => text,
  );
  const [found, ...others] = blocks.filter((text) => text.includes(mark));
  if (found === undefined || others.length > 0) throw new Error(`not one block of the README has ${mark}`);
  return found;
}

describe.runIf(hasTools)('the workflow that swarm init writes', () => {
  /** A repository with a project of Node’s at its root, in which the load test lies in a folder of its own. */
  async function projectWith(change: (scenario: string) => string) {
    const project = new CiProject();
    mkdirSync(join(project.repository, '.git'), { recursive: true });
    project.write('repository/package.json', { private: true, dependencies: {} });
    const { code, stderr } = await swarm(['init', 'tests/load'], { cwd: project.repository });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const folder = join(project.repository, 'tests/load');
    renameSync(join(folder, '.github'), join(project.repository, '.github'));
    const scenario = readFileSync(join(folder, 'scenario.yaml'), 'utf8');
    project.write('repository/tests/load/scenario.yaml', change(scenario));
    // A test has no registry: the package lies beside the scenario, as npm pack names it.
    copyFileSync(project.tarball, join(folder, `tcp-swarm-${version}.tgz`));
    return { project, workflow: readFileSync(join(project.repository, '.github/workflows/load.yml'), 'utf8') };
  }

  const short = (scenario: string) =>
    scenario
      .replace('duration: 10s', 'duration: 2s')
      .replace('warmup: 2s', 'warmup: 0s')
      .replace('clients: 50', 'clients: 10');

  it('passes as it is, and keeps the report', patience, async () => {
    const { project, workflow } = await projectWith(short);
    using _ = project;
    const runner = new GitHubRunner(join(project.path, 'github'), project.env);
    const { conclusion, log, summary } = await runner.play(workflow, project.repository);
    expect(conclusion, log).toBe('success');
    expect(summary).toMatch(/^## ✓ First load test/);
    const reports = join(runner.artifacts, '1/load-report');
    const [name = ''] = readdirSync(reports);
    expect(readdirSync(join(reports, name)).sort()).toEqual(['report.html', 'report.json']);
  });

  it('fails where a threshold does, and keeps the report all the same', patience, async () => {
    const { project, workflow } = await projectWith((text) => short(text).replace('rate<0.01', 'rate>0.5'));
    using _ = project;
    const runner = new GitHubRunner(join(project.path, 'github'), project.env);
    // The doctor has looked at this machine above.
    const { conclusion, log, summary } = await runner.play(
      workflow.replace(/^.*swarm doctor\n/m, ''),
      project.repository,
    );
    expect(conclusion, log).toBe('failure');
    expect(summary).toMatch(/^## ✗ First load test/);
    expect(readdirSync(join(runner.artifacts, '1/load-report'))).toHaveLength(1);
  });
});

/** GitHub’s own command line, as far as the README’s workflow needs it: it knows the artifacts of the runs before. */
const ghScript = (artifacts: string) => `#!/usr/bin/env bash
set -e
: "\${GH_TOKEN:?gh wants a token}"
case "$*" in
  'run list --workflow load.yml --branch main --status success --limit 5 --json databaseId --jq .[].databaseId')
    ls ${artifacts} 2> /dev/null || true ;;
  'run download '*' --name report --dir '*)
    mkdir -p "$7" && cp -r "${artifacts}/$3/$5/." "$7" ;;
  *) echo "gh: $* is not known here" >&2; exit 2 ;;
esac
`;

describe.runIf(hasTools)('what the README shows', () => {
  it('for GitHub passes without a baseline, and with the one that the first run leaves', patience, async () => {
    using project = new CiProject();
    const port = await freePort();
    const workflow = block('yaml', '# .github/workflows/load.yml').replaceAll('7777', `${port}`);
    project.writeChat(20);
    project.write('repository/package.json', {
      private: true,
      scripts: { build: 'cp server.js server' },
      dependencies: { 'tcp-swarm': `file:${project.tarball}` },
    });
    project.run('npm', ['install', '--package-lock-only']);
    const runner = new GitHubRunner(join(project.path, 'github'), project.env);
    project.write('bin/gh', ghScript(runner.artifacts));

    const first = await runner.play(workflow, project.repository);
    expect(first.conclusion, first.log).toBe('success');
    expect(first.summary).toMatch(/^## ✓ Chat room → /);
    expect(first.summary).not.toContain('base → current');
    expect(existsSync(join(runner.artifacts, '1/report/report.json'))).toBe(true);

    const second = await runner.play(workflow, project.repository);
    expect(second.conclusion, second.log).toBe('success');
    expect(second.summary).toContain('Chat room: base → current');
    expect(second.log).toContain('base/1/report.json');
    expect(readdirSync(runner.artifacts)).toEqual(['1', '2']);
  });

  it('for GitHub keeps the report also of a run that fails: then it is looked for', () => {
    const { jobs } = parse(block('yaml', '# .github/workflows/load.yml'));
    expect(jobs.load.steps.at(-1)).toMatchObject({ uses: 'actions/upload-artifact@v4', if: 'always()' });
  });

  it('for a shell finds a server that is slower worse, and ends once that is decided', patience, async () => {
    using project = new CiProject();
    const script = block('sh', 'git worktree add').replace('--duration 20s', '--duration 500ms');
    const git = (...args: string[]) => project.run('git', args);
    project.writeChat(1);
    project.write('repository/Makefile', 'server: server.js\n\tcp server.js server\n');
    git('init', '--quiet', '--initial-branch', 'main');
    git('add', '.');
    git('commit', '--quiet', '--message', 'the server');
    git('switch', '--quiet', '--create', 'slower');
    project.writeChat(150);
    project.write('repository/package.json', { private: true });
    project.run('npm', ['install', project.tarball]);
    const { code, stdout, stderr } = await project.play(script);
    expect(code, stderr).toBe(119);
    expect(stdout).toContain('✗ Worse: broadcast_time p(50).');
    expect(stdout).toContain('6 pairs of rounds in one sitting');
    expect(stderr.match(/^round \d+, [AB]: broadcast_time p50 /gm)).toHaveLength(12);
    const [sitting = ''] = readdirSync(join(project.repository, 'reports'));
    expect(readdirSync(join(project.repository, 'reports', sitting))).toHaveLength(13);
    expect(stderr).toContain('\ndecided after 6 pairs\n');
  });
});
