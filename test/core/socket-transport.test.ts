import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endPointOf, SocketTransport, toCoreError } from '../../src/core/socket-transport.js';
import { SocketFolder } from '../support/sockets.js';
import { open } from './told.js';

let server: Server;
/** The two ends of a connection; ours is wrapped by the test. */
let near: Socket;
let far: Socket;

async function join(at: { readonly port: number; readonly host: string } | { readonly path: string }): Promise<void> {
  server = createServer({ allowHalfOpen: true }).listen(at);
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const { port } = server.address() as AddressInfo;
  near = connect({ ...('path' in at ? at : { port, host: at.host }), allowHalfOpen: true });
  [[far]] = await Promise.all([accepted, once(near, 'connect')]);
  for (const socket of [near, far]) socket.on('error', () => {});
}

beforeEach(() => join({ port: 0, host: '127.0.0.1' }));
afterEach(async () => {
  near.destroy();
  far.destroy();
  server.close();
  await once(server, 'close');
});

/** Opens a transport; what it tells, in order, and a wait for the next that is told. */
function openAndWait(transport: SocketTransport) {
  let wake = (): void => {};
  const told = open(transport, () => wake());
  const until = async (isMet: () => boolean): Promise<void> => {
    while (!isMet()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { told, until };
}

describe('a socket that is opened late', () => {
  it('tells of the end that came before', async () => {
    const transport = new SocketTransport(near);
    far.end();
    await once(near.resume(), 'end');
    const { told, until } = openAndWait(transport);
    expect(told).toEqual([]);
    await until(() => told.length > 0);
    expect(told).toEqual(['end']);
  });

  it('tells that it was closed before', async () => {
    const transport = new SocketTransport(near);
    near.destroy();
    const { told, until } = openAndWait(transport);
    await until(() => told.length > 0);
    expect(told).toEqual(['end']);
  });

  it('tells how it had broken before', async () => {
    const transport = new SocketTransport(near);
    far.resetAndDestroy();
    await new Promise((resolve) => near.resume().once('close', resolve));
    const { told, until } = openAndWait(transport);
    await until(() => told.length > 0);
    expect(told).toEqual(['ECONNRESET']);
  });
});

describe('a socket', () => {
  it.each([
    ['many small pieces', Array.from({ length: 300 }, (_, i) => new Uint8Array(20).fill(i))],
    ['few large pieces', Array.from({ length: 5 }, (_, i) => new Uint8Array(50_000).fill(i))],
    ['one piece', [new Uint8Array(1000).fill(7)]],
  ])('brings %s whole and in order, and says when they are taken over', async (_, pieces) => {
    const heard: Buffer[] = [];
    let bytes = 0;
    const size = pieces.reduce((sum, { length }) => sum + length, 0);
    const arrived = new Promise<void>((resolve) => {
      far.on('data', (chunk) => {
        heard.push(chunk);
        bytes += chunk.length;
        if (bytes === size) resolve();
      });
    });
    const transport = new SocketTransport(near);
    const { told, until } = openAndWait(transport);
    transport.write(pieces);
    await Promise.all([arrived, until(() => told.length > 0)]);
    expect(Buffer.concat(heard).equals(Buffer.concat(pieces))).toBe(true);
    expect(told).toEqual(['drained']);
  });

  it('tells of the failure of a write by its error alone', async () => {
    const transport = new SocketTransport(near);
    near.on('error', (error) => transport.fail(toCoreError(error, 'socket')));
    const { told, until } = openAndWait(transport);
    far.resetAndDestroy();
    await once(far, 'close');
    // The first writes may go out before the reset has come.
    for (let i = 0; !told.some((what) => what.startsWith('E')) && i < 1000; i++) {
      const before = told.length;
      transport.write([new Uint8Array(10)]);
      await until(() => told.length > before);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(told.at(-1)).toMatch(/^(EPIPE|ECONNRESET)$/);
    expect(near.destroyed).toBe(true);
  });

  it('tells nothing once it is destroyed', () => {
    const transport = new SocketTransport(near);
    const { told } = openAndWait(transport);
    transport.destroy();
    transport.receive(new Uint8Array(1), 1);
    transport.fail(toCoreError(new Error('broken'), 'socket'));
    expect(told).toEqual([]);
  });

  it('is reset where that is asked for, and else closed', async () => {
    new SocketTransport(near).destroy(true);
    const [error] = await once(far.resume(), 'error').catch((thrown: unknown) => [thrown]);
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });

  it('of Unix is closed where a reset is asked for, which it has not', async () => {
    using folder = new SocketFolder();
    near.destroy();
    far.destroy();
    server.close();
    await once(server, 'close');
    const path = folder.path('s');
    await join({ path });
    const ends = { localEndPoint: { path: '' }, remoteEndPoint: { path } };
    new SocketTransport(near, ends).destroy(true);
    await once(far.resume(), 'end');
    expect(near.destroyed).toBe(true);
  });

  it('knows its ends after both have left', () => {
    const { localPort, remotePort } = near;
    const transport = new SocketTransport(near);
    near.destroy();
    expect(transport.localEndPoint).toEqual({ host: '127.0.0.1', port: localPort });
    expect(transport.remoteEndPoint).toEqual({ host: '127.0.0.1', port: remotePort });
  });
});

describe('an end point', () => {
  it('is unknown where a part of it is', () => {
    const unknown = { host: '', port: 0 };
    expect([endPointOf(undefined, 7), endPointOf('::1', undefined), endPointOf('::1', 7)]).toEqual([
      unknown,
      unknown,
      { host: '::1', port: 7 },
    ]);
  });
});

describe('an error of a socket', () => {
  it.each([
    ['Node’s words', { code: 'EPIPE', message: 'write EPIPE' }, 'EPIPE', 'write EPIPE'],
    [
      'what was tried, where Node has none',
      { code: 'ECONNREFUSED', message: '' },
      'ECONNREFUSED',
      'connect ECONNREFUSED',
    ],
    ['something, where there is nothing', { message: '' }, 'UNKNOWN', 'connect UNKNOWN'],
    ['OpenSSL’s reason', { code: 'ERR_SSL_X', reason: 'bad', message: '4057:error:x.c:42' }, 'ERR_SSL_X', 'TLS: bad'],
    ['OpenSSL’s words, where it has none', { code: 'ERR_SSL_X', message: 'oh' }, 'ERR_SSL_X', 'oh'],
    ['the reason of nobody else', { code: 'EX', reason: 'bad', message: 'oh' }, 'EX', 'oh'],
  ])('has %s', (_, { message, ...known }, code, words) => {
    const cause = Object.assign(new Error(message), known);
    expect(toCoreError(cause, 'connect')).toMatchObject({ code, message: words, cause });
  });
});
