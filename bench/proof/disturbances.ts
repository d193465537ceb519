import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { systemClock, type TimerHandle } from '../../src/core/index.js';

/** Disturbs a run whose coordinator has this process id; returns how to end that. */
export type Disturbance = (coordinator: number) => () => void;

/** No disturbance outlives this, whatever becomes of who began it. */
const longestMs = 20_000;

/** Many processes that do nothing but take the cores: whoever else wants one gets a fraction of it. */
export const takeTheCores: Disturbance = () => {
  const spin = `const end = process.hrtime.bigint() + ${longestMs}n * 1000000n; while (process.hrtime.bigint() < end);`;
  const spinners = Array.from({ length: 6 * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', spin], { stdio: 'ignore' }),
  );
  return () => {
    for (const spinner of spinners) spinner.kill('SIGKILL');
  };
};

/** Stops the workers for 100 ms every two seconds. */
export const stallTheWorkers: Disturbance = (coordinator) => {
  let timer: TimerHandle;
  const wait = (): void => {
    timer = systemClock.setTimer(1900, () => {
      const workers = childrenOf(coordinator);
      signal(workers, 'SIGSTOP');
      timer = systemClock.setTimer(100, () => {
        signal(workers, 'SIGCONT');
        wait();
      });
    });
  };
  wait();
  return () => {
    timer.cancel();
    signal(childrenOf(coordinator), 'SIGCONT');
  };
};

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended: the run is over.
    }
  }
}

/** The processes whose parent is `pid`, by Linux's /proc. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && parentOf(entry) === pid)
    .map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    // "pid (name) state parent …": the name may hold anything, so the fields are counted from its closing bracket.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return undefined;
  }
}
