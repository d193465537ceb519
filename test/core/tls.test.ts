import { once } from 'node:events';
import { type AddressInfo, connect as connectPlainly, createServer as createPlainServer, type Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  Connector,
  type CoreError,
  type EndPoint,
  Listener,
  type ServerTlsOptions,
  type TlsOptions,
} from '../../src/core/index.js';
import { makeFaultyCertificates } from '../support/certificates.js';
import { ManualClock } from '../support/manual-clock.js';
import { RecordingSession } from './recording-session.js';

const { authority, server: identity, client, expired, selfSigned } = makeFaultyCertificates();
const ca = authority.cert;

/** A server of Node's own, so that nothing of ours says what ours has sent. */
let server: Server;
let endPoint: EndPoint;

beforeEach(async () => {
  server = createServer({ ...identity, ca, requestCert: true, rejectUnauthorized: false });
  // By name, another certificate: SNI decides which.
  server.addContext('expired.example', expired);
  server.addContext('self.example', selfSigned);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endPoint = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
});
afterEach(async () => {
  server.close();
  await once(server, 'close');
});

/** Connects, and gives what the server knows of that connection once both sides have shaken hands. */
async function connect(tls: TlsOptions): Promise<TLSSocket> {
  const accepted = once(server, 'secureConnection');
  const session = await new Connector().connect(endPoint, () => new RecordingSession(), { tls });
  const [socket] = (await accepted) as [TLSSocket];
  socket.on('error', () => {}).resume();
  session.disconnect();
  return socket;
}

/** What Node's types leave out: the name that the client asked for, false where it asked for none. */
function askedFor(socket: TLSSocket): unknown {
  return (socket as TLSSocket & { readonly servername: unknown }).servername;
}

it('a server name is asked for (SNI), and none where the target is an address', async () => {
  expect(askedFor(await connect({ ca, serverName: 'game.example' }))).toBe('game.example');
  expect(askedFor(await connect({ ca }))).toBe(false);
});

it('a certificate of the client’s own is shown, and none where it has none', async () => {
  const known = await connect({ ca, ...client });
  expect(known.authorized).toBe(true);
  expect(known.getPeerCertificate().subject).toEqual({ CN: 'client' });
  const unknown = await connect({ ca });
  expect(unknown.authorized).toBe(false);
  expect(unknown.getPeerCertificate()).toEqual({});
});

it.each<[string, TlsOptions, string]>([
  ['an expired one', { ca, serverName: 'expired.example' }, 'CERT_HAS_EXPIRED'],
  ['one that signed itself', { ca, serverName: 'self.example' }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['one of another name', { ca, serverName: 'other.example' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['one of an authority that is not known', {}, 'SELF_SIGNED_CERT_IN_CHAIN'],
])('without a check any certificate is taken, with it is refused %s', async (_name, tls, code) => {
  await expect(connect(tls)).rejects.toMatchObject({ code });
  expect((await connect({ ...tls, rejectUnauthorized: false })).encrypted).toBe(true);
});

it('a connection that breaks is told of as any other', async () => {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const session = await new Connector().connect(endPoint, () => new RecordingSession(), { tls: { ca } });
  const [connection] = await accepted;
  connection.resetAndDestroy();
  expect(await session.disconnected()).toMatchObject({ cause: 'reset', code: 'ECONNRESET' });
});

it('how long a handshake took is told before there is a session, and of a connection without one not at all', async () => {
  const told: string[] = [];
  const makeSession = (): RecordingSession => {
    told.push('session');
    return new RecordingSession();
  };
  const onSecure = (handshakeUs: number): void => {
    told.push(handshakeUs > 0 && handshakeUs < 60e6 ? 'handshake' : `${handshakeUs} µs`);
  };
  (await new Connector().connect(endPoint, makeSession, { tls: { ca }, onSecure })).disconnect();
  expect(told).toEqual(['handshake', 'session']);
  (await new Connector().connect(endPoint, makeSession, { onSecure })).disconnect();
  expect(told).toEqual(['handshake', 'session', 'session']);
});

it.each([
  { cert: 'no certificate', key: 'no key' },
  { ca: '-----BEGIN CERTIFICATE-----\n', cert: identity.cert, key: 'x' },
])('certificates that are none are refused before a connection is made: %j', async (tls) => {
  const connecting = new Connector().connect(endPoint, () => new RecordingSession(), { tls });
  await expect(connecting).rejects.toMatchObject({
    code: 'bad-tls-options',
    message: expect.stringMatching(/^a certificate or key cannot be used: ./),
    cause: expect.any(Error),
  });
});

describe('a server that takes a hello and says nothing', () => {
  let mute: ReturnType<typeof createPlainServer>;
  let muteEndPoint: EndPoint;
  /** The connection that has said hello. */
  let greeted: Promise<Socket>;

  beforeEach(async () => {
    mute = createPlainServer();
    greeted = once(mute, 'connection').then(async ([socket]: Socket[]) => {
      await once(socket!, 'data');
      return socket!;
    });
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    muteEndPoint = { host: '127.0.0.1', port: (mute.address() as AddressInfo).port };
  });
  afterEach(async () => {
    mute.close();
    await once(mute, 'close');
  });

  it('keeps nobody longer than the time for a connect: another code than where nothing is connected', async () => {
    const clock = new ManualClock();
    const connecting = new Connector().connect(muteEndPoint, () => new RecordingSession(), {
      tls: { ca },
      timeoutMs: 50,
      clock,
    });
    const socket = await greeted;
    clock.advance(50);
    await expect(connecting).rejects.toMatchObject({
      code: 'handshake-timeout',
      message: `no TLS handshake with 127.0.0.1:${muteEndPoint.port} within 50 ms`,
    });
    await once(socket.resume(), 'close');
  });

  it('is left at once where the connect is cancelled', async () => {
    const abort = new AbortController();
    const options = { tls: { ca }, signal: abort.signal };
    const connecting = new Connector().connect(muteEndPoint, () => new RecordingSession(), options);
    const socket = await greeted;
    abort.abort();
    await expect(connecting).rejects.toMatchObject({ code: 'cancelled' });
    await once(socket.resume(), 'close');
  });
});

describe('a Listener that speaks TLS', () => {
  async function listening(tls: ServerTlsOptions, work: (at: EndPoint, errors: CoreError[]) => Promise<void>) {
    const errors: CoreError[] = [];
    const accepted: RecordingSession[] = [];
    const listener = new Listener();
    const makeSession = (): RecordingSession => {
      const session = new RecordingSession({ onConnected: (session) => session.send(Buffer.from('04000100', 'hex')) });
      accepted.push(session);
      return session;
    };
    const at = await listener.listen({ host: '127.0.0.1', port: 0 }, makeSession, {
      tls,
      onAcceptError: (error) => errors.push(error),
    });
    try {
      await work(at, errors);
    } finally {
      await listener.close();
      for (const session of accepted) session.disconnect();
    }
  }

  /** A round of it: whoever is not let in never gets a packet. */
  async function join(at: EndPoint, tls: TlsOptions): Promise<RecordingSession> {
    const session = await new Connector().connect(at, () => new RecordingSession(), { tls });
    await session.until(() => session.packets.length > 0 || !session.connected);
    return session;
  }

  it('lets in nobody whose certificate its authority has not signed, where it asks for one', async () => {
    await listening({ ...identity, clientCa: ca }, async (at, errors) => {
      const known = await join(at, { ca, ...client });
      expect(known.packets).toEqual(['04000100']);
      known.disconnect();
      expect(errors).toEqual([]);
      const stranger = await join(at, { ca });
      expect(stranger.packets).toEqual([]);
      const other = await join(at, { ca, ...selfSigned });
      expect(other.packets).toEqual([]);
      expect(errors).toHaveLength(2);
      expect(errors.map(({ code }) => code)).toEqual([expect.stringMatching(/^ERR_SSL_/), expect.any(String)]);
    });
  });

  it('asks for none otherwise', async () => {
    await listening(identity, async (at) => {
      const session = await join(at, { ca });
      expect(session.packets).toEqual(['04000100']);
      session.disconnect();
    });
  });

  it('says why a handshake failed, closes that connection, and goes on', async () => {
    await listening(identity, async (at, errors) => {
      const plain = connectPlainly(at.port!, '127.0.0.1');
      plain.on('error', () => {}).write('GET / HTTP/1.1\r\n\r\n');
      await once(plain.resume(), 'close');
      expect(errors).toMatchObject([
        { code: expect.stringMatching(/^ERR_SSL_/), message: expect.stringMatching(/^TLS: ./) },
      ]);
      const session = await join(at, { ca });
      session.disconnect();
    });
  });

  it('closes the connection of a handshake that takes too long', async () => {
    await listening({ ...identity, handshakeTimeoutMs: 20 }, async (at, errors) => {
      const silent = connectPlainly(at.port!, '127.0.0.1');
      await once(silent.on('error', () => {}).resume(), 'close');
      expect(errors).toMatchObject([{ code: 'ERR_TLS_HANDSHAKE_TIMEOUT' }]);
    });
  });

  it('does not listen with certificates that are none', async () => {
    await expect(listening({ cert: 'none', key: 'none' }, async () => {})).rejects.toMatchObject({
      code: 'bad-tls-options',
    });
  });
});
