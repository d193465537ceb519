import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions as TlsServerOptions } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { withCure } from '../../src/client/connect-cures.js';
import {
  type ConnectOptions,
  Connector,
  type CoreError,
  type EndPoint,
  type TlsOptions,
} from '../../src/core/index.js';
import { RecordingSession } from '../core/recording-session.js';
import { type Identity, makeCertificates, makeFaultyCertificates } from '../support/certificates.js';
import { ManualClock } from '../support/manual-clock.js';
import { leaveSocketAt, SocketFolder } from '../support/sockets.js';

const { authority, server, client, expired, notYetValid, selfSigned, intermediate, indirect } =
  makeFaultyCertificates();
const stranger = makeCertificates();
const ca = authority.cert;

/** The same, with a signature that is none. */
function forged({ cert, key }: Identity): Identity {
  const [begin, body, end] = cert.split(/(?<=BEGIN CERTIFICATE-----)|(?=-----END)/);
  const bytes = Buffer.from(body!, 'base64');
  bytes[bytes.length - 1]! ^= 1;
  return { cert: `${begin}\n${bytes.toString('base64')}\n${end}`, key };
}

const folder = new SocketFolder();
afterAll(() => folder[Symbol.dispose]());

const running: (() => void)[] = [];
afterEach(() => {
  for (const stop of running.splice(0)) stop();
});

async function listening(server: Server): Promise<EndPoint> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  running.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

function secure(options: TlsServerOptions): Promise<EndPoint> {
  return listening(createTlsServer(options, (socket) => socket.on('error', () => {}).resume()));
}

/** A server without TLS, and what it does with a connection. */
function plain(accept: (socket: Socket) => void): Promise<EndPoint> {
  return listening(createServer((socket) => accept(socket.on('error', () => {}))));
}

function started(command: string, args: readonly string[]): ChildProcess & { readonly stdout: NodeJS.ReadableStream } {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  running.push(() => child.kill('SIGKILL'));
  return child;
}

/** OpenSSL's own server, which tells a client why its certificate is refused: Node's hangs up. */
async function strict(version: '-tls1_2' | '-tls1_3'): Promise<EndPoint> {
  const files = { cert: server.cert, key: server.key, CAfile: ca };
  for (const [name, pem] of Object.entries(files)) writeFileSync(folder.path(name), pem);
  const { stdout } = started('openssl', [
    ...['s_server', '-accept', '127.0.0.1:0', '-Verify', '1', '-verify_return_error', version],
    ...Object.keys(files).flatMap((name) => [`-${name}`, folder.path(name)]),
  ]);
  let output = '';
  for await (const chunk of stdout) {
    output += chunk;
    const port = /^ACCEPT .*:(\d+)$/m.exec(output)?.[1];
    if (port !== undefined) return { host: '127.0.0.1', port: Number(port) };
  }
  throw new Error(`openssl ended: ${output}`);
}

/** What a connect fails with, or what ends the session that it made. */
async function failure(endPoint: EndPoint, options: ConnectOptions): Promise<{ code: string; message: string }> {
  try {
    const session = await new Connector().connect(endPoint, () => new RecordingSession(), options);
    const { code = 'none', error } = await session.disconnected();
    return { code, message: error?.message ?? '' };
  } catch (error) {
    return error as CoreError;
  }
}

describe('a TLS connection that fails says why, and what helps:', () => {
  it.each<[string, () => Promise<EndPoint>, TlsOptions, string, RegExp]>([
    ['a certificate that signed itself', () => secure(selfSigned), { ca }, 'DEPTH_ZERO_SELF_SIGNED_CERT', /tls\.ca/],
    [
      'an authority that the system does not have, sent along',
      () => secure({ ...server, cert: server.cert + ca }),
      {},
      'SELF_SIGNED_CERT_IN_CHAIN',
      /tls\.ca/,
    ],
    [
      'another authority',
      () => secure(server),
      { ca: stranger.authority.cert },
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      /tls\.ca/,
    ],
    [
      'an authority between, which is not sent',
      () => secure(indirect),
      { ca },
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      /between/,
    ],
    [
      'an authority between, which is sent, and a root that is not known',
      () => secure({ ...indirect, cert: indirect.cert + intermediate.cert }),
      {},
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      /tls\.ca/,
    ],
    [
      'a root that tls.ca lacks',
      () => secure(indirect),
      { ca: intermediate.cert },
      'UNABLE_TO_GET_ISSUER_CERT',
      /tls\.ca/,
    ],
    ['a forged certificate', () => secure(forged(server)), { ca }, 'CERT_SIGNATURE_FAILURE', /did not sign/],
    [
      'an expired certificate',
      () => secure(expired),
      { ca },
      'CERT_HAS_EXPIRED',
      /renew the certificate of the server/,
    ],
    ['one that is not valid yet', () => secure(notYetValid), { ca }, 'CERT_NOT_YET_VALID', /clocks/],
    ['a certificate for clients', () => secure(client), { ca }, 'INVALID_PURPOSE', /not for servers/],
    [
      'another name',
      () => secure(server),
      { ca, serverName: 'x.example' },
      'ERR_TLS_CERT_ALTNAME_INVALID',
      /tls\.serverName/,
    ],
    ['no certificate of ours, TLS 1.3', () => strict('-tls1_3'), { ca }, 'ALERT_CERTIFICATE_REQUIRED', /tls\.cert/],
    ['no certificate of ours, TLS 1.2', () => strict('-tls1_2'), { ca }, 'ALERT_HANDSHAKE_FAILURE', /tls\.cert/],
    [
      'a certificate of ours that is not trusted',
      () => strict('-tls1_3'),
      { ca, ...stranger.client },
      'ALERT_UNKNOWN_CA',
      /tls\.cert/,
    ],
    [
      'one of ours that has expired',
      () => strict('-tls1_3'),
      { ca, ...expired },
      'ALERT_CERTIFICATE_EXPIRED',
      /renew .* tls\.cert/,
    ],
    [
      'an old version',
      () => secure({ ...server, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
      { ca },
      'ALERT_PROTOCOL_VERSION',
      /older than 1\.2/,
    ],
    [
      'a server that greets in plain text',
      () => plain((socket) => socket.write('Hello!\r\n')),
      { ca },
      'ERR_SSL_WRONG_VERSION_NUMBER',
      /tcp:/,
    ],
    [
      'a server that echoes',
      () => plain((socket) => socket.pipe(socket)),
      { ca },
      'ERR_SSL_UNEXPECTED_MESSAGE',
      /tcp:/,
    ],
    [
      'bytes that look like TLS, and are none',
      () => plain((socket) => socket.write(Buffer.from('160303ffff', 'hex'))),
      { ca },
      'LENGTH_TOO_LONG',
      /tcp:/,
    ],
    ['a server that hangs up', () => plain((socket) => socket.end()), { ca }, 'ECONNRESET', /may not speak TLS/],
  ])('%s', async (_name, listen, tls, code, cure) => {
    const failed = await failure(await listen(), { tls });
    // What stands before that is not the same in all versions of OpenSSL.
    expect(failed.code).toMatch(new RegExp(`(^|_)${code}$`));
    expect(withCure(failed.code, failed.message)).toMatch(cure);
    expect(failed.message).not.toMatch(/openssl|SSL routines/);
  });

  it('a server that is silent', async () => {
    const clock = new ManualClock();
    // What it hears is the first message of the handshake.
    const silent = await plain((socket) => socket.once('data', () => clock.advance(500)));
    const failed = await failure(silent, { tls: { ca }, timeoutMs: 500, clock });
    expect(failed.code).toBe('handshake-timeout');
    expect(withCure(failed.code, failed.message)).toMatch(/^no TLS handshake with .* within 500 ms .*tcp:/);
  });
});

describe('a connection that fails says why, and what helps:', () => {
  it('an address of another machine', async () => {
    const failed = await failure({ host: '127.0.0.1', port: 9 }, { localAddress: '203.0.113.9' });
    expect(failed.code).toBe('EADDRNOTAVAIL');
    expect(withCure(failed.code, '')).toMatch(/load\.localAddresses/);
  });

  it('a port where nobody listens', async () => {
    const endPoint = await plain(() => {});
    for (const stop of running.splice(0)) stop();
    const failed = await failure(endPoint, {});
    expect(failed.code).toBe('ECONNREFUSED');
    expect(withCure(failed.code, '')).toMatch(/nothing listens there/);
  });

  it('a Unix socket that is not there', async () => {
    const failed = await failure({ path: folder.path('nowhere') }, {});
    expect(failed.code).toBe('ENOENT');
    expect(withCure(failed.code, '')).toMatch(/no socket has this path/);
  });

  it('a Unix socket whose server was killed', async () => {
    const path = folder.path('stale');
    await leaveSocketAt(path);
    const failed = await failure({ path }, {});
    expect(failed.code).toBe('ECONNREFUSED');
    expect(withCure(failed.code, '')).toMatch(/or path/);
  });

  it.runIf(process.platform === 'linux')('a Unix socket whose backlog is full', async () => {
    const path = folder.path('busy');
    const block = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)';
    const listen = `.listen({ path: ${JSON.stringify(path)}, backlog: 1 }, () => { require('fs').writeSync(1, '.'); ${block} })`;
    const { stdout } = started(process.execPath, ['-e', `require('node:net').createServer()${listen}`]);
    await once(stdout, 'data');
    const results = await new Connector().connectMany({ path }, () => new RecordingSession(), 10);
    const codes = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as CoreError).code] : [],
    );
    for (const result of results) if (result.status === 'fulfilled') result.value.disconnect();
    expect(new Set(codes)).toEqual(new Set(['EAGAIN']));
    expect(withCure('EAGAIN', '')).toMatch(/backlog .* full/);
  });
});
