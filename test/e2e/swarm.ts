import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FaultsReport } from '../../src/report/faults.js';

const builtBin = fileURLToPath(new URL('../../bin/swarm.js', import.meta.url));

interface SwarmOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The command of another installation. */
  readonly bin?: string;
}

/** Every process of a run inherits it: whatever scenarios, packet files, servers and reports hold, none of it may be run as code. */
export const noCodeFromText = '--disallow-code-generation-from-strings';

/** The built command line as a user runs it: a process with pipes for its output. */
export class SwarmProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stdout = '';
  stderr = '';
  readonly #waiting: (() => void)[] = [];

  constructor(args: readonly string[], { cwd, env, bin = builtBin }: SwarmOptions = {}) {
    this.child = spawn(process.execPath, [noCodeFromText, bin, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#changed();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#changed();
    });
    this.exited = new Promise((resolve) => this.child.once('close', (code, signal) => resolve({ code, signal })));
    void this.exited.then(() => this.#changed());
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Resolves once what was printed so far matches; rejects where the process ends first. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout + this.stderr);
      if (match !== null) return match;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`ended before ${pattern} was printed:\n${this.stdout}\n${this.stderr}`);
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Runs the command to its end. */
export async function swarm(
  args: readonly string[],
  options: SwarmOptions = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const process = new SwarmProcess(args, options);
  const { code } = await process.exited;
  return { code, stdout: process.stdout, stderr: process.stderr };
}

/** `swarm serve`, on a port that the system chose unless `where` says otherwise; ended when the test is over, however that ends. */
export async function serve(mode: string, where: readonly string[] = ['--port', '0']): Promise<ServerProcess> {
  const process = new SwarmProcess(['serve', '--mode', mode, '--json', ...where]);
  const [line] = await process.until(/^\{.*\}$/m);
  const { port, target } = JSON.parse(line) as { port: number; target: string };
  return new ServerProcess(process, port, target);
}

export class ServerProcess implements AsyncDisposable {
  readonly process: SwarmProcess;
  readonly port: number;
  /** What it printed, to be pasted. */
  readonly target: string;

  constructor(process: SwarmProcess, port: number, target: string) {
    this.process = process;
    this.port = port;
    this.target = target;
  }

  /** Ends the server as Ctrl-C does; what it counted. */
  async close(): Promise<ServerLine> {
    this.process.kill('SIGTERM');
    await this.process.exited;
    return JSON.parse(this.process.stdout.trim().split('\n').at(-1) as string) as ServerLine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL');
    await this.process.exited;
  }
}

/** The totals that `swarm serve --json` prints last; see ServerTotals. */
export interface ServerLine {
  readonly sessions: { readonly accepted: number; readonly current: number };
  readonly received: { readonly packets: number; readonly bytes: number };
  readonly sent: { readonly packets: number; readonly bytes: number };
  readonly acceptErrors: Readonly<Record<string, number>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
}

/** A folder for one test's reports, gone when the test is over. */
export class ReportFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'swarm-test-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  get empty(): boolean {
    return readdirSync(this.path).length === 0;
  }

  /** The one report that a run left here. */
  read(): RunReport {
    const folders = readdirSync(this.path);
    if (folders.length !== 1) throw new Error(`${folders.length} reports where one was expected`);
    return JSON.parse(readFileSync(join(this.path, folders[0] as string, 'report.json'), 'utf8')) as RunReport;
  }
}

/** As much of report.json as the tests read. */
export interface RunReport {
  readonly outcome: { readonly name: string; readonly exitCode: number };
  readonly events: readonly { readonly kind: string; readonly message: string }[];
  readonly generator: { readonly workers: readonly { readonly lost: boolean; readonly clients: number }[] };
  readonly server: ServerLine | null;
  readonly faults?: FaultsReport;
  readonly totals: { readonly wholeRun: WholeRun };
}

interface WholeRun {
  readonly counters: Readonly<Record<string, { readonly total: number; readonly series: readonly TaggedValue[] }>>;
  readonly rates: Readonly<Record<string, { readonly hits: number; readonly total: number }>>;
  readonly trends: Readonly<Record<string, { readonly merged: readonly TrendFigures[] }>>;
}

interface TrendFigures {
  readonly min: number | null;
  readonly max: { readonly value: number };
}

interface TaggedValue {
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}
