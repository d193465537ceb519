import { type ChildProcessWithoutNullStreams, execFile, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { childrenOf } from '../support/processes.js';
import { noCodeFromText } from './swarm.js';

const bin = fileURLToPath(new URL('../../bin/swarm.js', import.meta.url));

/** `script` of util-linux lends a terminal to a process; that of BSD is another program. */
export const hasTerminals =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

const frameStart = '\u001b[?2026h\u001b[H';
const frameEnd = '\u001b[?2026l';

/** The built command line in a terminal of 80 × 24: what it draws, and keys for it. */
export class TerminalProcess implements AsyncDisposable {
  /** Settled once the command, and the shell that says how the terminal was left, have ended. */
  readonly exited: Promise<void>;
  output = '';
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: (() => void)[] = [];
  #over = false;

  /** `jobs`: the shell has job control; a run that was suspended is continued by a line from the user. */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}, { jobs = false } = {}) {
    const run = `"$SWARM_NODE" ${noCodeFromText} "$SWARM_BIN" ${args.join(' ')}`;
    const suspended = `${run}; echo "suspended $?"; echo "mode $(stty -g)"; read -r line; fg`;
    // Once in the shell's words and once more after the run, stty says how the terminal is set.
    const command = `${jobs ? 'set -m; ' : ''}stty cols 80 rows 24; echo "at $(tty)"; echo "mode $(stty -g)"; ${jobs ? suspended : run}; echo "code $?"; echo "mode $(stty -g)"`;
    const { CI: _ci, NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...inherited } = process.env;
    this.#child = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
      env: {
        ...inherited,
        SHELL: '/bin/sh',
        TERM: 'xterm',
        LC_ALL: 'C.UTF-8',
        SWARM_NODE: process.execPath,
        SWARM_BIN: bin,
        ...env,
      },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      this.#changed();
    });
    this.exited = new Promise((resolve) => this.#child.once('close', () => resolve()));
    void this.exited.then(() => {
      this.#over = true;
      this.#changed();
    });
  }

  /** The last whole frame, without colours. */
  get frame(): string {
    const end = this.output.lastIndexOf(frameEnd);
    const start = this.output.lastIndexOf(frameStart, end);
    if (start === -1) return '';
    const drawn = this.output.slice(start + frameStart.length, end);
    return stripVTControlCharacters(drawn).replaceAll(/\r+\n/g, '\n').trimEnd();
  }

  /** The last whole frame as it was drawn. */
  get drawn(): string {
    const end = this.output.lastIndexOf(frameEnd);
    return this.output.slice(this.output.lastIndexOf(frameStart, end) + frameStart.length, end);
  }

  /** What stands on the screen after the dashboard was left. */
  get after(): string {
    return this.output.slice(this.output.lastIndexOf('\u001b[?1049l'));
  }

  press(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Resolves once a frame matches; rejects where the process ends first. */
  async untilFrame(pattern: RegExp): Promise<string> {
    await this.#until(() => pattern.test(this.frame), `a frame matched ${pattern}`);
    return this.frame;
  }

  /** Resolves once what was printed matches. */
  async untilPrinted(pattern: RegExp): Promise<RegExpExecArray> {
    await this.#until(() => pattern.test(this.output), `${pattern} was printed`);
    return pattern.exec(this.output)!;
  }

  /** Gives the window another size, as a user who pulls at its corner. */
  async resize(columns: number, rows: number): Promise<void> {
    const [, tty] = await this.untilPrinted(/at (\/dev\/\S+)/);
    await promisify(execFile)('stty', ['-F', tty!, 'cols', `${columns}`, 'rows', `${rows}`]);
  }

  /** The process that draws. */
  get pid(): number {
    const [shell] = childrenOf(this.#child.pid!);
    const run = childrenOf(shell!.pid).find(({ command }) => command.includes('swarm.js'));
    return run!.pid;
  }

  /** Closes the terminal, as a window that is closed or a connection that is lost. */
  hangUp(): void {
    this.#child.kill('SIGKILL');
  }

  /** The run's exit code, and whether the terminal was left with the settings that it had, each time. */
  async outcome(): Promise<{ code: number; restored: boolean }> {
    await this.exited;
    const modes = [...this.output.matchAll(/^mode (\S+)/gm)].map(([, mode]) => mode);
    const restored = modes.length > 1 && modes.every((mode) => mode === modes[0]);
    return { code: Number(/^code (\d+)/m.exec(this.output)?.[1]), restored };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hangUp();
    await this.exited;
  }

  async #until(holds: () => boolean, what: string): Promise<void> {
    while (!holds()) {
      if (this.#over) throw new Error(`ended before ${what}:\n${this.output}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
