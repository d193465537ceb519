import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { Connector, type EndPoint, Listener } from '../../src/core/index.js';
import { leaveSocketAt, SocketFolder } from '../support/sockets.js';
import { RecordingSession } from './recording-session.js';

const folder = new SocketFolder();
afterAll(() => folder[Symbol.dispose]());

async function listenAt(path: string): Promise<{ listener: Listener; endPoint: EndPoint }> {
  const listener = new Listener();
  return { listener, endPoint: await listener.listen({ path }, () => new RecordingSession()) };
}

/** Fills the backlog of the server at `path`, which accepts nobody. */
async function fillBacklog(path: string): Promise<readonly Socket[]> {
  const waiting: Socket[] = [];
  for (;;) {
    const socket = connect(path);
    const [failed] = await Promise.race([once(socket, 'connect'), once(socket, 'error')]).catch((error) => [error]);
    if (failed !== undefined) return waiting;
    waiting.push(socket);
  }
}

describe('a Listener at the path of a Unix socket', () => {
  it('takes over what a dead server has left', async () => {
    const path = folder.path('stale');
    await leaveSocketAt(path);
    const { listener, endPoint } = await listenAt(path);
    expect(endPoint).toEqual({ path });
    const client = await new Connector().connect(endPoint, () => new RecordingSession());
    client.disconnect();
    await listener.close();
    expect(existsSync(path)).toBe(false);
  });

  it('leaves a server alone that answers', async () => {
    const path = folder.path('alive');
    const { listener, endPoint } = await listenAt(path);
    await expect(listenAt(path)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const client = await new Connector().connect(endPoint, () => new RecordingSession());
    client.disconnect();
    await listener.close();
  });

  it.skipIf(process.platform !== 'linux')('leaves a server alone that is too busy to answer', async () => {
    const path = folder.path('busy');
    const program = `require('node:net').createServer().listen({ path: ${JSON.stringify(path)}, backlog: 1 }, () => console.log('listening'))`;
    const server = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(server, 'close');
    await once(server.stdout, 'data');
    server.kill('SIGSTOP');
    const waiting = await fillBacklog(path);
    try {
      expect(waiting.length).toBeGreaterThan(0);
      await expect(listenAt(path)).rejects.toMatchObject({ code: 'EADDRINUSE' });
      expect(existsSync(path)).toBe(true);
    } finally {
      for (const socket of waiting) socket.on('error', () => {}).destroy();
      server.kill('SIGKILL');
      await closed;
    }
  });

  it('leaves alone what is no socket', async () => {
    const path = folder.path('notes');
    writeFileSync(path, 'precious');
    await expect(listenAt(path)).rejects.toMatchObject({ code: 'not-a-socket' });
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it('says what else the system has against it', async () => {
    await expect(listenAt(folder.path('no/such/folder'))).rejects.toMatchObject({ code: 'EACCES' });
  });

  it.skipIf(process.platform !== 'linux')('takes a path of 107 bytes, and not of one more', async () => {
    const start = folder.path('');
    const longest = start.padEnd(107, 'x');
    const { listener } = await listenAt(longest);
    expect(existsSync(longest)).toBe(true);
    await listener.close();
    await expect(listenAt(`${longest}x`)).rejects.toMatchObject({ code: 'path-too-long' });
    // Bytes, not characters.
    await expect(listenAt(start.padEnd(107, 'é'))).rejects.toMatchObject({ code: 'path-too-long' });
  });
});
