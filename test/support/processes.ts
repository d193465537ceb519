import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessInfo {
  readonly state: string;
  readonly parent: number;
  readonly command: string;
}

interface Child {
  readonly pid: number;
  readonly command: string;
}

const hasProc = process.platform === 'linux';

/** What the system tells of a process; undefined where it is gone. */
function processInfo(pid: number): ProcessInfo | undefined {
  return hasProc ? infoOfProc(pid) : processesOfPs().get(pid);
}

function infoOfProc(pid: number): ProcessInfo | undefined {
  try {
    // "pid (name) state parent …": the name may hold anything, so the fields are counted from its closing bracket.
    const [state = '', parent] = statFields(pid);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { state, parent: Number(parent), command };
  } catch {
    return undefined;
  }
}

function statFields(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
}

/** Of all processes, by their ids. Where there is no /proc, there is `ps`; small images of Linux have none. */
export function processesOfPs(): ReadonlyMap<number, ProcessInfo> {
  const { stdout, error } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,state=,command='], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  return new Map(
    stdout.split('\n').flatMap((line) => {
      const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S)\S*\s*(.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [[Number(pid), { parent: Number(parent), state: state!, command: command! }]];
    }),
  );
}

/** The processes whose parent is `pid`. */
export function childrenOf(pid: number): Child[] {
  return [...allProcesses()].flatMap(([child, { parent, command }]) =>
    parent === pid ? [{ pid: child, command }] : [],
  );
}

function allProcesses(): Iterable<[number, ProcessInfo]> {
  if (!hasProc) return processesOfPs();
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return pids.map(Number).flatMap((pid) => {
    const info = infoOfProc(pid);
    return info === undefined ? [] : [[pid, info] satisfies [number, ProcessInfo]];
  });
}

/** False also for a zombie: it has ended, and whoever adopted it has not looked yet. */
export function isAlive(pid: number): boolean {
  const info = processInfo(pid);
  return info !== undefined && info.state !== 'Z';
}

/** True for a process that a signal has stopped. */
export function isStopped(pid: number): boolean {
  return processInfo(pid)?.state === 'T';
}

/** The CPU time that a process has used, in hundredths of a second; 0 where it is gone. Linux alone tells. */
export function cpuTicks(pid: number): number {
  try {
    const [userTicks, systemTicks] = statFields(pid).slice(11).map(Number);
    return userTicks! + systemTicks!;
  } catch {
    return 0;
  }
}

/** The most memory that a process ever had, in megabytes; null where the system does not tell: Linux alone does. */
export function peakMegabytes(pid: number): number | null {
  if (!hasProc) return null;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
