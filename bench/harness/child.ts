import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a program of the benchmark ended with. */
export interface Finished {
  /** Every line of its standard output that is JSON, parsed. */
  readonly lines: readonly unknown[];
  readonly elapsedMs: number;
}

/** No program of the benchmark takes longer. */
const limitMs = 120_000;

/**
 * Runs a program to its end and reads the JSON lines that it prints.
 * @throws Error where it fails or takes longer than two minutes; it is killed then.
 */
export function runToEnd(command: string, args: readonly string[]): Promise<Finished> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const startedMs = performance.now();
  const lines: unknown[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) lines.push(JSON.parse(line));
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      if (code === 0) resolve({ lines, elapsedMs: performance.now() - startedMs });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}`));
    });
  });
}

/** A server in a process of its own, which ends when its standard input does. */
export interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a server that prints `{"port":…}` once it listens. */
export async function startServer(command: string, args: readonly string[]): Promise<RunningServer> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await portOf(child);
  return {
    port,
    async stop() {
      child.stdin?.end();
      const limit = setTimeout(() => child.kill('SIGKILL'), 2_000);
      await exited;
      clearTimeout(limit);
    },
  };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the server ended before it listened')));
    child.stdout?.once('data', (chunk: Buffer) => {
      const { port } = JSON.parse(chunk.toString()) as { port: number };
      resolve(port);
    });
  });
}
