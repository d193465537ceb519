import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startCommand } from '../../src/targets/command.js';
import { probe } from '../../src/targets/probe.js';
import { isAlive } from '../support/processes.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swarm-command-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(command: string, { readyWithinMs = 30_000, signal = new AbortController().signal } = {}) {
  return startCommand(command, { logFile: join(folder, 'server.log'), readyWithinMs, signal });
}

/** A server in JavaScript for the shell, which prints its pid; what `then` says it does once it listens. */
function server(port: string, then = ''): string {
  const code = `require('net').createServer().listen(${port}, '127.0.0.1', () => { console.log(process.pid); ${then} })`;
  return `${JSON.stringify(process.execPath)} -e ${JSON.stringify(code)}`;
}

function printed(): string {
  return readFileSync(join(folder, 'server.log'), 'utf8');
}

describe('a command that starts a server', () => {
  test.each([
    { name: 'as {port}', command: server('{port}') },
    { name: 'as PORT', command: server('process.env.PORT') },
  ])('is given its port $name, and waited for until that answers', async ({ command }) => {
    const started = await start(command);
    expect(await probe(started.endPoint)).toBeNull();
    await started.stop();
    expect(await probe(started.endPoint)).toBe('ECONNREFUSED');
    expect(isAlive(Number(printed()))).toBe(false);
  });

  test('ends with all that the shell started, though it leaves its children behind', async () => {
    const deaf = `${JSON.stringify(process.execPath)} -e "process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)"`;
    const started = await start(
      `${deaf} & until [ -s ${folder}/server.log ]; do sleep 0.1; done; exec ${server('{port}')}`,
    );
    await started.stop();
    await started.stop();
    const pids = printed().trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    // Killed, but not yet waited for by whoever adopted them: not alive either.
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });

  test('is not started where nothing can keep what it prints', async () => {
    mkdirSync(join(folder, 'server.log'));
    await expect(start('exit 0')).rejects.toThrow(/^what it prints cannot be kept: EISDIR/);
  });

  test('that ends at once is an error with its last words', async () => {
    await expect(start('echo no such map >&2; exit 3')).rejects.toThrow(
      'the command ended with code 3 before its port answered; it printed:\n  no such map',
    );
    await expect(start('exit 0')).rejects.toThrow('ended with code 0 before its port answered; it printed nothing');
    await expect(start(`rm ${folder}/server.log`)).rejects.toThrow('its port answered; what it printed is gone');
  });

  test('that never answers is an error, and ended', async () => {
    const never = start(`echo $$; exec sleep 1000`, { readyWithinMs: 300 });
    await expect(never).rejects.toThrow(/does not answer on port \d+, which it was given as \{port\} and as PORT/);
    expect(isAlive(Number(printed()))).toBe(false);
  });

  test('is ended while it is waited for, where the user stops', async () => {
    const stop = new AbortController();
    const waiting = start('echo $$; exec sleep 1000', { signal: stop.signal });
    const refused = expect(waiting).rejects.toThrow('stopped before the server answered');
    await expect.poll(() => printed()).toMatch(/\d/);
    stop.abort();
    await refused;
    expect(isAlive(Number(printed()))).toBe(false);
  });
});
