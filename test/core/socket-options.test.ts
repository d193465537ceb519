import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Connector, type SocketOptions } from '../../src/core/index.js';
import { makeCertificates } from '../support/certificates.js';
import { RecordingSession } from './recording-session.js';

const { authority, server: identity } = makeCertificates();

/** Node's handle of a TCP socket: a call of one of these is a setsockopt of the system. */
interface TcpHandle {
  setNoDelay(enable: boolean): number;
  setKeepAlive(enable: boolean, afterSeconds: number): number;
}

/** Servers of Node's own, which set nothing themselves. */
const servers = {
  TCP: () => createServer((socket) => socket.resume()),
  TLS: () => createTlsServer(identity, (socket) => socket.on('error', () => {}).resume()),
};

let server: Server;
afterEach(async () => {
  vi.restoreAllMocks();
  server.close();
  await once(server, 'close');
});

/** What all handles of TCP sockets have in common. */
async function tcpHandles(port: number): Promise<TcpHandle> {
  const socket = new Socket().connect(port, '127.0.0.1') as Socket & { readonly _handle: TcpHandle };
  await once(socket, 'connect');
  const handles = Object.getPrototypeOf(socket._handle) as TcpHandle;
  socket.destroy();
  return handles;
}

/** Connects, and gives what the system was told of the socket. */
async function told(transport: keyof typeof servers, options: SocketOptions) {
  server = servers[transport]().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const handles = await tcpHandles(port);
  const noDelay = vi.spyOn(handles, 'setNoDelay');
  const keepAlive = vi.spyOn(handles, 'setKeepAlive');
  const session = await new Connector().connect({ host: '127.0.0.1', port }, () => new RecordingSession(), {
    ...options,
    ...(transport === 'TLS' && { tls: { ca: authority.cert } }),
  });
  session.disconnect();
  return {
    noDelay: noDelay.mock.calls.filter(([enable]) => enable).length > 0,
    keepAlive: keepAlive.mock.calls.map(([enable, seconds]) => ({ enable, seconds })),
    refused: [...noDelay.mock.results, ...keepAlive.mock.results].filter(({ value }) => value !== 0).length,
  };
}

describe.each(['TCP', 'TLS'] as const)('the system is told over %s', (transport) => {
  it('not to wait for more, and nothing of probes', async () => {
    expect(await told(transport, {})).toEqual({ noDelay: true, keepAlive: [], refused: 0 });
  });

  it('to gather what is sent, where that is asked for', async () => {
    expect(await told(transport, { noDelay: false })).toMatchObject({ noDelay: false, refused: 0 });
  });

  it.each([1, 30, 32_767])('after how many seconds of silence to probe the peer: %d', async (seconds) => {
    expect(await told(transport, { keepAliveMs: seconds * 1000 })).toMatchObject({
      keepAlive: [{ enable: true, seconds }],
      refused: 0,
    });
  });
});
