import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { renderServerTotals, serve } from '../../src/commands/serve.js';
import { makeCertificates } from '../support/certificates.js';
import { SocketFolder } from '../support/sockets.js';

const folder = new SocketFolder();
afterAll(() => folder[Symbol.dispose]());

const { authority, server, client } = makeCertificates();
const pems = { ca: authority.cert, cert: server.cert, key: server.key, other: client.key, rubbish: 'no PEM' };
for (const [name, pem] of Object.entries(pems)) writeFileSync(folder.path(name), pem);
const [ca, cert, key] = [folder.path('ca'), folder.path('cert'), folder.path('key')];
const [other, rubbish] = [folder.path('other'), folder.path('rubbish')];

test('the totals are exact numbers, with a line for each packet', () => {
  const text = renderServerTotals({
    mode: 'chat',
    sessions: { accepted: 1_000, current: 0, peak: 990 },
    received: { packets: 2_000, bytes: 20_000, byId: [{ id: 1, name: 'C_Chat', packets: 2_000 }] },
    sent: { packets: 2_000_000, bytes: 28_000_000, byId: [{ id: 2, name: 'S_Chat', packets: 2_000_000 }] },
    refusedPackets: 3,
    disconnects: { remote: 999, protocol: 1 },
    protocolErrors: { truncated: 1 },
    acceptErrors: {},
  });
  expect(text.split('\n')).toEqual([
    'sessions         1,000 accepted, at most 990 at once',
    'received         2,000 packets, 20,000 bytes',
    '  C_Chat         2,000',
    'sent             2,000,000 packets, 28,000,000 bytes',
    '  S_Chat         2,000,000',
    'refused          3 packets',
    'disconnects      999 remote, 1 protocol',
    'protocol errors  1 truncated',
  ]);
});

test('packets without a name go by their id', () => {
  const none = { packets: 0, bytes: 0, byId: [] };
  const text = renderServerTotals({
    mode: 'echo',
    sessions: { accepted: 1, current: 0, peak: 1 },
    received: {
      packets: 2,
      bytes: 30,
      byId: [
        { id: -1, name: null, packets: 1 },
        { id: 7, name: null, packets: 1 },
      ],
    },
    sent: none,
    refusedPackets: 0,
    disconnects: {},
    protocolErrors: {},
    acceptErrors: {},
  });
  expect(text.split('\n').slice(1)).toEqual([
    'received         2 packets, 30 bytes',
    '  without an id  1',
    '  id 7           1',
    'sent             0 packets, 0 bytes',
  ]);
});

test.each([
  [
    { port: '65536' },
    'port-invalid',
    'A port is a whole number from 1 to 65535; with 0 the system chooses a free one.',
  ],
  [{ port: '77a' }, 'port-invalid', 'A port is a whole number from 1 to 65535; with 0 the system chooses a free one.'],
  [{ flush: '0ms' }, 'flush-invalid', 'Write 1ms or more.'],
  [{ flush: '250' }, 'quantity-invalid', 'Write 250ms, 250s, 250m or 250h.'],
])('%j is refused with a cure, before anything listens', async (options, code, hint) => {
  await expect(serve({ mode: 'chat', host: '127.0.0.1', port: '0', flush: '250ms', ...options })).rejects.toMatchObject(
    { name: 'SwarmError', code, hint },
  );
});

test.each([
  [{ unix: '' }, '--unix names no socket.'],
  [{ tlsCert: cert }, '--tls-key is missing.'],
  [{ tlsKey: key }, '--tls-cert is missing.'],
  [{ tlsCa: ca }, '--tls-cert is missing.'],
  [{ tlsCert: '/no/such.pem', tlsKey: key }, '--tls-cert: /no/such.pem does not exist'],
  [{ tlsCert: key, tlsKey: key }, `--tls-cert: ${key} is no certificate in PEM`],
  [{ tlsCert: cert, tlsKey: rubbish }, `--tls-key: ${rubbish} is no private key in PEM`],
  [{ tlsCert: cert, tlsKey: other }, `--tls-key: ${other} is not the key of the certificate in ${cert}.`],
  [{ tlsCert: cert, tlsKey: key, tlsCa: rubbish }, `--tls-ca: ${rubbish} is no certificate in PEM`],
])('%j is refused in a sentence', async (options, message) => {
  await expect(serve({ mode: 'echo', host: '127.0.0.1', port: '0', flush: '250ms', ...options })).rejects.toMatchObject(
    { name: 'SwarmError', exitCode: 104, message },
  );
});
