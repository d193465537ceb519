import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { childrenOf, isAlive, isStopped, processesOfPs } from './processes.js';

const hasPs = spawnSync('ps', ['-A']).status === 0;

it('knows the children of a process, and which of them are alive or stopped', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("there")', 'a word']);
  const pid = child.pid!;
  await once(child.stdout, 'data');
  expect(childrenOf(process.pid).find((one) => one.pid === pid)?.command).toContain('a word');
  expect([isAlive(pid), isStopped(pid)]).toEqual([true, false]);
  child.kill('SIGSTOP');
  await expect.poll(() => isStopped(pid)).toBe(true);
  if (hasPs) {
    const { parent, state, command } = processesOfPs().get(pid)!;
    expect({ parent, state }).toEqual({ parent: process.pid, state: 'T' });
    expect(command).toContain('a word');
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect([isAlive(pid), isStopped(pid)]).toEqual([false, false]);
});
