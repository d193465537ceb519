import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly defaults?: { readonly run?: { readonly 'working-directory'?: string } };
  readonly steps: readonly Step[];
}

/** What became of a job. */
export interface Played {
  readonly conclusion: 'success' | 'failure';
  /** What its steps printed, stdout and stderr together as they came. */
  readonly log: string;
  /** The summaries of its steps. */
  readonly summary: string;
}

/**
 * Plays the one job of a workflow as a runner of GitHub does: each `run` by `bash -e` in the working directory, with files for the summary, the
 * environment and outputs; after a failure only what is to run `always()`. Actions are played by stand-ins. What it does not know it refuses, so that
 * a workflow cannot pass by what was not played.
 */
export class GitHubRunner {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #runs = 0;

  /** `folder`: an empty one, where workspaces and artifacts go. */
  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#env = env;
  }

  /** Where the artifacts of all runs are, as `<run>/<name>/…`; runs count from 1. */
  get artifacts(): string {
    return join(this.#folder, 'artifacts');
  }

  /** Plays the workflow `text` on a copy of `repository`. */
  async play(text: string, repository: string): Promise<Played> {
    const jobs = Object.values((parse(text) as { jobs: Record<string, Job> }).jobs);
    if (jobs.length !== 1) throw new Error(`${jobs.length} jobs, and one is played`);
    const { defaults, steps } = jobs[0]!;
    const run = new JobRun(join(this.#folder, `run-${++this.#runs}`), this.#env, defaults?.run?.['working-directory']);
    const artifacts = join(this.artifacts, String(this.#runs));
    let conclusion: Played['conclusion'] = 'success';
    try {
      for (const step of steps) {
        if (conclusion === 'failure' && !isAlways(step)) continue;
        const ok = step.run === undefined ? run.act(step, repository, artifacts) : await run.shell(step.run, step.env);
        if (!ok) conclusion = 'failure';
      }
    } finally {
      run.end();
    }
    return { conclusion, log: run.read('log'), summary: run.read('summary') };
  }
}

function isAlways(step: Step): boolean {
  if (step.if === undefined || step.if === 'always()') return step.if !== undefined;
  throw new Error(`the condition ${step.if} is not played`);
}

/** One run of a job, in a folder of its own. */
class JobRun {
  readonly #folder: string;
  readonly #workspace: string;
  readonly #workingDirectory: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #groups: number[] = [];

  constructor(folder: string, env: NodeJS.ProcessEnv, workingDirectory = '.') {
    this.#folder = folder;
    this.#workspace = join(folder, 'workspace');
    this.#workingDirectory = join(this.#workspace, workingDirectory);
    mkdirSync(this.#workspace, { recursive: true });
    for (const name of ['log', 'summary', 'env', 'output']) writeFileSync(join(folder, name), '');
    this.#env = {
      ...env,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: this.#workspace,
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      GITHUB_ENV: join(folder, 'env'),
      GITHUB_OUTPUT: join(folder, 'output'),
    };
  }

  read(name: 'log' | 'summary' | 'env' | 'output'): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }

  /** Whether the script ended well. What it started in the background lives until the job is over. */
  async shell(script: string, env: Step['env'] = {}): Promise<boolean> {
    const file = join(this.#folder, 'step.sh');
    writeFileSync(file, script);
    const log = openSync(join(this.#folder, 'log'), 'a');
    const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, evaluated(value)]));
    const shell = spawn('bash', ['-e', file], {
      cwd: this.#workingDirectory,
      env: { ...this.#env, ...own },
      stdio: ['ignore', log, log],
      // A group of its own, by which all that it started can be ended.
      detached: true,
    });
    this.#groups.push(shell.pid!);
    const [code] = (await once(shell, 'exit')) as [number | null];
    closeSync(log);
    if (this.read('env') + this.read('output') !== '') throw new Error('variables and outputs of steps are not played');
    return code === 0;
  }

  /** Plays an action by its stand-in; whether it went well. */
  act({ uses = '', with: options = {} }: Step, repository: string, artifacts: string): boolean {
    switch (uses.split('@')[0]) {
      case 'actions/checkout':
        cpSync(repository, this.#workspace, { recursive: true });
        return true;
      case 'actions/setup-node':
        return true;
      case 'actions/upload-artifact': {
        const { name = 'artifact', path = '' } = options;
        const from = join(this.#workspace, path);
        const found = statSync(from, { throwIfNoEntry: false });
        // Where there is nothing GitHub says so, and goes on.
        if (found === undefined) return true;
        const to = join(artifacts, name);
        cpSync(from, found.isDirectory() ? to : join(to, basename(path)), { recursive: true });
        return true;
      }
      default:
        throw new Error(`the action ${uses} is not played`);
    }
  }

  /** Ends what steps left running. */
  end(): void {
    for (const group of this.#groups) {
      try {
        process.kill(-group, 'SIGKILL');
      } catch {
        // Nothing was left.
      }
    }
  }
}

function evaluated(value: string): string {
  if (value === '${{ github.token }}') return 'a token';
  if (value.includes('${{')) throw new Error(`the expression ${value} is not played`);
  return value;
}
