import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';

/** Debian keeps each version of PostgreSQL in a folder of its own. */
const postgresql = '/usr/lib/postgresql';
const postgresqlFolders = existsSync(postgresql)
  ? readdirSync(postgresql).map((version) => join(postgresql, version, 'bin'))
  : [];
/** Where programs are; also those that are not on everybody's path. */
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', ...postgresqlFolders];

/**
 * Where `program` is; undefined where it is not installed, which is said aloud.
 * @throws Error instead, where SWARM_INTEROP=required.
 */
export function findProgram(program: string): string | undefined {
  const found = folders.map((folder) => join(folder, program)).find(isExecutable);
  if (found !== undefined) return found;
  if (process.env.SWARM_INTEROP === 'required') throw new Error(`${program} is required and not installed`);
  console.warn(`SKIPPED: the tests that need ${program}, which is not installed`);
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface RealServerOptions {
  readonly program: string;
  readonly args: (port: number) => readonly string[];
  /** What the server prints once it can be connected to. */
  readonly ready: string;
  /** What ends it at once, with clients connected or not. */
  readonly signal?: NodeJS.Signals;
  /** Another user to run it as. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/** How often a port that was free a moment ago may have been taken since. */
const attempts = 5;

/** A server that nobody here wrote, on a port of its own; ended when the test is over, however that ends. */
export class RealServer implements AsyncDisposable {
  readonly port: number;
  /** All that it printed. */
  log = '';
  readonly #process: ChildProcess;
  readonly #signal: NodeJS.Signals;
  readonly #exited: Promise<void>;

  private constructor(port: number, { program, args, signal = 'SIGTERM', user }: RealServerOptions) {
    this.port = port;
    this.#signal = signal;
    this.#process = spawn(program, args(port), { stdio: ['ignore', 'pipe', 'pipe'], ...user });
    this.#exited = new Promise((resolve) => this.#process.once('close', () => resolve()));
  }

  /** Such servers cannot be told to let the system choose their port: one that ends before it is ready may have lost it. */
  static async start(options: RealServerOptions): Promise<RealServer> {
    let log = '';
    for (let attempt = 0; attempt < attempts; attempt++) {
      const server = new RealServer(await freePort(), options);
      if (await server.#printed(options.ready)) return server;
      log = server.log;
    }
    throw new Error(`${options.program} ended before it was ready, ${attempts} times; the last time it said:\n${log}`);
  }

  /** False where it ended without. */
  #printed(text: string): Promise<boolean> {
    return new Promise((resolve) => {
      let printed = false;
      for (const stream of [this.#process.stdout, this.#process.stderr]) {
        stream?.setEncoding('utf8').on('data', (data: string) => {
          this.log += data;
          printed ||= this.log.includes(text);
          if (printed) resolve(true);
        });
      }
      void this.#exited.then(() => resolve(false));
    });
  }

  /** Sends a line, and one more that makes the server hang up; what it answered to both. */
  ask(line: string, goodbye: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(this.port, '127.0.0.1', () => socket.write(`${line}\r\n${goodbye}\r\n`));
      socket.setEncoding('utf8').on('data', (text: string) => {
        answer += text;
      });
      socket.once('error', reject).once('close', () => resolve(answer));
    });
  }

  /** How many lines of what it printed match. Complete once it was stopped. */
  count(pattern: RegExp): number {
    return this.log.split('\n').filter((line) => pattern.test(line)).length;
  }

  async stop(): Promise<void> {
    this.#process.kill(this.#signal);
    await this.#exited;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
