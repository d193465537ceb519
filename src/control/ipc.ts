import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import type { Carrier } from './carrier.js';
import { setWatchdog } from './watchdog.js';

/** How a process ended: its exit code, or the signal that ended it; neither where it could not be started. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process, and the channel to it. */
export interface Child<Outgoing, Incoming> {
  readonly pid: number;
  readonly carrier: Carrier<Outgoing, Incoming>;
  /** Settles once the process is gone. */
  readonly exited: Promise<ExitStatus>;
  kill(): void;
}

/**
 * Forks `module` (a file URL) with a channel that carries byte arrays and bigints: what the child has to say goes over that. Its stdout
 * belongs to the command and its stderr is handed on. It gets no terminal itself: a Node process that ends sets its terminal as it found it,
 * which under a dashboard is without echo and without lines.
 * It ends when the channel closes, and where it cannot see that any more it is killed: it never outlives this process.
 */
export function forkChild<Outgoing extends object, Incoming>(
  module: URL,
  execArgv: readonly string[] = [],
): Child<Outgoing, Incoming> {
  const child = fork(module, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [...process.execArgv, ...execArgv],
  });
  child.stderr?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  const ended = new Promise<ExitStatus>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const watchdog = child.pid === undefined ? undefined : setWatchdog(child.pid);
  const exited = ended.then(async (status) => {
    await watchdog?.release();
    return status;
  });
  return {
    pid: child.pid ?? -1,
    carrier: carrierOf<Outgoing, Incoming>(child),
    exited,
    kill: () => void child.kill('SIGKILL'),
  };
}

/** The channel of this process to the one that forked it. */
export function parentCarrier<Outgoing extends object, Incoming>(): Carrier<Outgoing, Incoming> {
  return carrierOf<Outgoing, Incoming>(process);
}

/** What a terminal sends to every process of a group: by Ctrl-C, when it is closed, by Ctrl-Z, and to a group in its background that uses it. */
const terminalSignals = ['SIGINT', 'SIGHUP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const;

/**
 * Those that obey messages must not die of signals that are meant for the process which sends them. Nor stop of them: what they measured
 * afterwards would be the time that they stood still.
 */
export function ignoreSignals(): void {
  for (const signal of [...terminalSignals, 'SIGTERM'] as const) process.on(signal, () => {});
}

function carrierOf<Outgoing extends object, Incoming>(end: ChildProcess | NodeJS.Process): Carrier<Outgoing, Incoming> {
  return {
    send(message) {
      // A channel that closed meanwhile is reported by onClose; the callback keeps Node from throwing.
      if (end.connected) end.send?.(message as Serializable, undefined, undefined, () => {});
    },
    onMessage: (handler) => void end.on('message', (message) => handler(message as Incoming)),
    onClose: (handler) => void end.once('disconnect', handler),
    close() {
      if (end.connected) end.disconnect?.();
    },
  };
}
