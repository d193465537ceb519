import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Connector, type EndPoint, type TlsOptions } from '../../src/core/index.js';
import { makeFaultyCertificates } from '../support/certificates.js';
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
