import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndPoint, Listener, type ListenOptions } from '../../src/core/index.js';
import { fromHex } from '../core/hex.js';
import { RecordingSession } from '../core/recording-session.js';
import { makeCertificates } from '../support/certificates.js';
import { ReportFolder, type RunReport, swarm } from './swarm.js';

const { authority, server, client } = makeCertificates();
const stranger = makeCertificates().authority;

const files = new ReportFolder();
const path = (name: string) => join(files.path, name);

beforeAll(() => {
  const { cert: clientCert, key: clientKey } = client;
  const pems = { ca: authority.cert, stranger: stranger.cert, client: clientCert, clientKey };
  for (const [name, pem] of Object.entries(pems)) writeFileSync(path(`${name}.pem`), pem);
  writeFileSync(path('packets.xml'), '<PDL><packet name="Echo"><int name="n"></int></packet></PDL>');
});
afterAll(() => files[Symbol.dispose]());

interface Played {
  readonly code: number | null;
  readonly stdout: string;
  readonly report: RunReport;
  /** Bytes that the server received. */
  readonly heard: number;
}

/** Ten clients ask an echo server of the test's own, each twice. */
async function play(at: EndPoint, target: (port: number) => string, listen: ListenOptions, tls = ''): Promise<Played> {
  using reports = new ReportFolder();
  const sessions: RecordingSession[] = [];
  const listener = new Listener();
  const echo = { onPacket: (session: RecordingSession, packet: string) => void session.send(fromHex(packet)) };
  const makeSession = (): RecordingSession => {
    const session = new RecordingSession(echo);
    sessions.push(session);
    return session;
  };
  const endPoint = await listener.listen(at, makeSession, listen);
  writeFileSync(
    path('scenario.yaml'),
    `target: ${target(endPoint.port ?? 0)}
${tls}
protocol: { packets: packets.xml }
load: { clients: 10, duration: 1s, gracefulStop: 100ms, tcp: { noDelay: true, keepAlive: 30s } }
clients:
  bot: { start: [ { send: Echo, with: { n: 1 }, expect: Echo }, { send: Echo, with: { n: 2 }, expect: Echo } ] }
`,
  );
  const { code, stdout } = await swarm(['run', path('scenario.yaml'), '--no-tui', '--out', reports.path]);
  await listener.close();
  for (const session of sessions) session.disconnect();
  const heard = sessions.flatMap(({ packets }) => packets).reduce((sum, hex) => sum + hex.length / 2, 0);
  return { code, stdout, report: reports.read(), heard };
}

function total({ report }: Played, metric: string): number {
  return report.totals.wholeRun.counters[metric]?.total ?? 0;
}

const loopback = { host: '127.0.0.1', port: 0 };
const secure = { tls: server };
const tlsTarget = (port: number): string => `tls://127.0.0.1:${port}`;

describe('a run plays to its end, and both ends count the same bytes', () => {
  it.each<[string, EndPoint, (port: number) => string, ListenOptions, string]>([
    ['over IPv6', { host: '::1', port: 0 }, (port) => `'[::1]:${port}'`, {}, ''],
    ['over a Unix socket, named from the scenario', { path: path('s') }, () => 'unix:./s', {}, ''],
    ['to localhost, of which one address answers', loopback, (port) => `tcp://localhost:${port}`, {}, ''],
    ['over TLS, with an authority of its own', loopback, tlsTarget, secure, 'tls: { ca: ca.pem }'],
    ['over TLS by name', loopback, (port) => `tls://localhost:${port}`, secure, 'tls: { ca: ca.pem }'],
    ['by another name (SNI)', loopback, tlsTarget, secure, 'tls: { ca: ca.pem, serverName: game.example }'],
    ['insecurely', loopback, tlsTarget, secure, 'tls: { insecure: true, serverName: no.such.name }'],
    [
      'with a certificate of its own',
      loopback,
      tlsTarget,
      { tls: { ...server, clientCa: authority.cert } },
      'tls: { ca: ca.pem, cert: client.pem, key: clientKey.pem }',
    ],
  ])('%s', async (_name, at, target, listen, tls) => {
    const played = await play(at, target, listen, tls);
    expect(played.code, played.stdout).toBe(0);
    expect(total(played, 'connects')).toBe(10);
    expect(total(played, 'data_sent')).toBe(10 * 2 * 8);
    expect(played.heard).toBe(total(played, 'data_sent'));
    expect(total(played, 'data_received')).toBe(played.heard);
    expect(JSON.stringify(played.report).includes('tls_handshake_time')).toBe(listen.tls !== undefined);
    expect(JSON.stringify(played.report)).not.toContain('PRIVATE KEY');
  });
});

it('an address of another machine to connect from is an error before anything is sent', async () => {
  using reports = new ReportFolder();
  const set = ['--set', 'load.localAddresses=[127.0.0.1, 203.0.113.9]'];
  const { code, stderr } = await swarm(['run', 'echo', '--no-tui', '--out', reports.path, ...set]);
  expect({ code, reports: reports.empty }, stderr).toEqual({ code: 104, reports: true });
  expect(stderr).toContain(
    'load.localAddresses: no connection can leave from 203.0.113.9, which is not an address of this machine',
  );
});

describe('a handshake that fails names its code and a cure', () => {
  it.each<[string, ListenOptions, string, string, string]>([
    [
      'an authority that did not sign',
      secure,
      'tls: { ca: stranger.pem }',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'tls.ca',
    ],
    [
      'another name',
      secure,
      'tls: { ca: ca.pem, serverName: other.example }',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'tls.serverName',
    ],
    ['a server without TLS', {}, 'tls: { ca: ca.pem }', 'connect_failures', ''],
  ])('%s', async (_name, listen, tls, code, cure) => {
    const played = await play(loopback, tlsTarget, listen, tls);
    expect(played.code).toBe(120);
    expect(JSON.stringify(played.report)).toContain(code);
    expect(JSON.stringify(played.report)).toContain(cure);
    expect(total(played, 'connect_failures')).toBe(10);
  });

  it('no certificate where the server wants one: the connection is lost, with the cure', async () => {
    const played = await play(
      loopback,
      tlsTarget,
      { tls: { ...server, clientCa: authority.cert } },
      'tls: { ca: ca.pem }',
    );
    expect(played.code).not.toBe(0);
    expect(JSON.stringify(played.report)).toContain('tls.cert');
  });
});
