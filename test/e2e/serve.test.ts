import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../support/certificates.js';
import { leaveSocketAt, SocketFolder } from '../support/sockets.js';
import { ReportFolder, serve, swarm } from './swarm.js';

const folder = new SocketFolder();
afterAll(() => folder[Symbol.dispose]());

const { authority, server, client } = makeCertificates();
const pems = {
  'ca.pem': authority.cert,
  'server.pem': server.cert,
  'server.key': server.key,
  'client.pem': client.cert,
  'client.key': client.key,
};
for (const [name, pem] of Object.entries(pems)) writeFileSync(folder.path(name), pem);

const tls = ['--port', '0', '--tls-cert', folder.path('server.pem'), '--tls-key', folder.path('server.key')];
const identified = [...tls, '--tls-ca', folder.path('ca.pem')];
const trusting = ['--set', `tls.ca=${folder.path('ca.pem')}`];
const identity = ['--set', `tls.cert=${folder.path('client.pem')}`, '--set', `tls.key=${folder.path('client.key')}`];

/** Ten clients of a bundled scenario, against what the server printed as its target. */
async function play(scenario: string, target: string, options: readonly string[]) {
  using reports = new ReportFolder();
  const short = ['--clients', '10', '--duration', '1s', '--set', 'load.warmup=0s'];
  const { code, stdout, stderr } = await swarm([
    ...['run', scenario, '--target', target, '--no-tui', '--out', reports.path],
    ...short,
    ...options,
  ]);
  return { code, output: stdout + stderr, report: reports.read() };
}

describe('swarm run plays against what swarm serve prints as its target, and both count the same:', () => {
  it.each<[string, string, readonly string[], readonly string[], RegExp]>([
    ['echo on a Unix socket', 'echo', ['--unix', folder.path('s')], [], /^unix:\/.*\/s$/],
    ['a chat room on a Unix socket', 'chat', ['--unix', folder.path('c')], [], /^unix:/],
    ['echo over TLS', 'echo', tls, trusting, /^tls:\/\/127\.0\.0\.1:\d+$/],
    ['a move room over TLS, that asks who its clients are', 'move', identified, [...trusting, ...identity], /^tls:/],
    ['echo over IPv6', 'echo', ['--port', '0', '--host', '::1'], [], /^\[::1\]:\d+$/],
    ['echo over IPv6 and TLS', 'echo', [...tls, '--host', '::1'], ['--set', 'tls.insecure=true'], /^tls:\/\/\[::1\]:/],
  ])('%s', async (_name, mode, where, options, target) => {
    await using server = await serve(mode, where);
    expect(server.target).toMatch(target);
    const { code, output, report } = await play(mode, server.target, options);
    expect(code, output).toBe(0);
    const heard = await server.close();
    const { counters } = report.totals.wholeRun;
    expect(heard.sessions.accepted).toBe(10);
    expect(heard.received.packets).toBeGreaterThan(0);
    expect(heard.received.packets).toBe(counters.packets_sent?.total);
    expect(heard.received.bytes).toBe(counters.data_sent?.total);
    expect(heard.sent.bytes).toBe(counters.data_received?.total);
    expect(heard.acceptErrors).toEqual({});
  });
});

it('clients without a certificate are refused by a server that asks for one, which counts them', async () => {
  await using server = await serve('echo', identified);
  const { code, report } = await play('echo', server.target, trusting);
  // The server's answer comes after the handshake is done for the client, or with its last bytes.
  expect([120, 121]).toContain(code);
  expect(JSON.stringify(report)).toContain('tls.cert');
  expect(await server.close()).toMatchObject({
    sessions: { accepted: 0 },
    acceptErrors: { ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 10 },
  });
});

describe('a Unix socket', () => {
  it('of a killed server is taken over, and taken away at the end', async () => {
    const path = folder.path('stale');
    await leaveSocketAt(path);
    await using server = await serve('echo', ['--unix', path]);
    await server.close();
    expect(existsSync(path)).toBe(false);
  });

  it('is named from where the command runs, and printed so that it can be pasted anywhere', async () => {
    await using server = await serve('sink', ['--unix', `${folder.path('.')}/./relative`]);
    expect(server.target).toBe(`unix:${folder.path('relative')}`);
  });

  it('in use is a sentence and an exit code', async () => {
    const path = folder.path('alive');
    await using _server = await serve('echo', ['--unix', path]);
    expect(await swarm(['serve', '--unix', path])).toEqual({
      code: 104,
      stdout: '',
      stderr: `swarm: The socket ${path} is in use: a server answers there.\n  Stop that server, or choose another path.\n`,
    });
  });
});
