import { spawn } from 'node:child_process';

/** Stands by to kill a process that must not outlive this one. */
export interface Watchdog {
  /** There is nothing to kill any more. Resolves once the watchdog is gone. */
  release(): Promise<void>;
}

/**
 * Kills `pid`, or the process group `-pid`, as soon as this process is gone, however that happens: the kernel then closes the pipe that a
 * small shell reads from. So it reaches also who is busy for ever, or stopped, and cannot see by itself that nobody is there any more.
 * Where there is no shell, nothing stands by.
 */
export function setWatchdog(pid: number): Watchdog {
  const shell = spawn('/bin/sh', ['-c', `read -r _; kill -KILL ${pid}`], {
    // In a session of its own: what ends this process by its terminal must not end the watchdog too.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const gone = new Promise<void>((resolve) => {
    shell.once('exit', () => resolve());
    shell.once('error', () => resolve());
  });
  // There is none where the system had no descriptor left.
  shell.stdin?.on('error', () => {});
  return {
    release() {
      shell.kill('SIGKILL');
      return gone;
    },
  };
}
