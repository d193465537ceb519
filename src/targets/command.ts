import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setWatchdog, type Watchdog } from '../control/watchdog.js';
import { Listener, systemClock } from '../core/index.js';
import { Probe, probe } from './probe.js';
import { TargetError } from './running-target.js';

/** A server that a command started. */
export interface StartedCommand {
  readonly endPoint: { readonly host: string; readonly port: number };
  /** Ends the whole process group: asked first, then killed. Twice is once. */
  stop(): Promise<void>;
}

export interface CommandOptions {
  /** Where its output goes. */
  readonly logFile: string;
  /** How long its port may take to answer. */
  readonly readyWithinMs: number;
  /** Aborted: it is ended, also while it is still waited for. */
  readonly signal: AbortSignal;
}

const retryMs = 50;
/** How long the shell may take to end when asked, and what it leaves behind after that. */
const graceMs = 5_000;
const leftoverGraceMs = 1_000;
/** Where a server that was given a port alone may listen. */
const loopbacks = ['127.0.0.1', '::1'];
const shownLogLines = 10;

/**
 * Starts a server with the shell, on a free port: `{port}` in the command stands for it, and the environment has it as PORT. Resolves
 * once the port answers. The command is a process group of its own, which ends with `stop`, and also where this process is killed.
 * @throws TargetError where it ends before, or does not answer in time; it says what the server printed last. Also where its output cannot be kept.
 */
export async function startCommand(command: string, options: CommandOptions): Promise<StartedCommand> {
  const port = await freePort();
  const group = new ProcessGroup(command.replaceAll('{port}', String(port)), port, options.logFile);
  try {
    const host = await answering(port, group, options);
    return { endPoint: { host, port }, stop: () => group.end() };
  } catch (error) {
    await group.end();
    throw error;
  }
}

/** The shell that runs a command, and all that it starts. */
class ProcessGroup {
  readonly #shell: ChildProcess;
  readonly #watchdog: Watchdog | undefined;
  readonly #exited: Promise<void>;
  /** How it ended by itself; undefined while it runs. */
  ended: string | undefined;
  #ending: Promise<void> | undefined;

  constructor(command: string, port: number, logFile: string) {
    const log = openLog(logFile);
    this.#shell = spawn('/bin/sh', ['-c', command], {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, PORT: String(port) },
    });
    closeSync(log);
    this.#exited = new Promise((resolve) => {
      this.#shell.once('error', (error) => {
        this.ended = error.message;
        resolve();
      });
      this.#shell.once('exit', (code, signal) => {
        this.ended = signal === null ? `code ${code}` : signal;
        resolve();
      });
    });
    if (this.#shell.pid !== undefined) this.#watchdog = setWatchdog(-this.#shell.pid);
  }

  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    this.#signal('SIGTERM');
    const limit = systemClock.setTimer(graceMs, () => this.#signal('SIGKILL'));
    await this.#exited;
    limit.cancel();
    // What the shell left behind was asked too.
    if (!(await this.#isGone())) {
      this.#signal('SIGKILL');
      await this.#isGone();
    }
    await this.#watchdog?.release();
  }

  /** Waits for the group to be empty, though not for ever: who was killed stays in it until somebody looks, and there may be nobody. */
  async #isGone(): Promise<boolean> {
    const untilUs = systemClock.nowUs() + leftoverGraceMs * 1000;
    while (this.#signal(0)) {
      if (systemClock.nowUs() > untilUs) return false;
      await sleep(retryMs);
    }
    return true;
  }

  /** False where nobody is left in the group. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    const { pid } = this.#shell;
    if (pid === undefined) return false;
    try {
      return process.kill(-pid, signal);
    } catch {
      return false;
    }
  }
}

/** A port that was free a moment ago; nothing keeps it free until the server takes it. */
async function freePort(): Promise<number> {
  const listener = new Listener();
  const bound = await listener.listen({ host: '127.0.0.1', port: 0 }, () => new Probe());
  await listener.close();
  if ('path' in bound) throw new TargetError('the system gave no port');
  return bound.port;
}

/** The loopback address at which the port answers. */
async function answering(port: number, group: ProcessGroup, options: CommandOptions): Promise<string> {
  const untilUs = systemClock.nowUs() + options.readyWithinMs * 1000;
  for (;;) {
    for (const host of loopbacks) if ((await probe({ host, port })) === null && group.ended === undefined) return host;
    if (options.signal.aborted) throw new TargetError('stopped before the server answered');
    if (group.ended !== undefined) {
      throw new TargetError(`the command ended with ${group.ended} before its port answered${lastWords(options)}`);
    }
    if (systemClock.nowUs() > untilUs) {
      const given = `port ${port}, which it was given as {port} and as PORT in its environment`;
      throw new TargetError(
        `the command does not answer on ${given}, for ${options.readyWithinMs / 1000} seconds now${lastWords(options)}`,
      );
    }
    await sleep(retryMs);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => void systemClock.setTimer(ms, resolve));
}

function openLog(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (cause) {
    throw new TargetError(`what it prints cannot be kept: ${(cause as Error).message}`, { cause });
  }
}

function lastWords({ logFile }: CommandOptions): string {
  let text: string;
  try {
    text = readFileSync(logFile, 'utf8');
  } catch {
    return '; what it printed is gone';
  }
  const lines = text.trimEnd().split('\n').slice(-shownLogLines);
  return lines.join('') === ''
    ? '; it printed nothing'
    : `; it printed:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
