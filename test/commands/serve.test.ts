import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { serveCommand } from '../../src/command-line/serve.js';
import { LimitNotices } from '../../src/commands/limit-notices.js';
import { renderServerTotals, type ServeOptions, serve } from '../../src/commands/serve.js';
import { parseLimits } from '../../src/commands/serve-limits.js';
import { defaultLimits } from '../../src/server/limits.js';
import { makeCertificates } from '../support/certificates.js';
import { SocketFolder } from '../support/sockets.js';

const folder = new SocketFolder();
afterAll(() => folder[Symbol.dispose]());

const { authority, server, client } = makeCertificates();
const pems = { ca: authority.cert, cert: server.cert, key: server.key, other: client.key, rubbish: 'no PEM' };
for (const [name, pem] of Object.entries(pems)) writeFileSync(folder.path(name), pem);
const [ca, cert, key] = [folder.path('ca'), folder.path('cert'), folder.path('key')];
const [other, rubbish] = [folder.path('other'), folder.path('rubbish')];

/** What the command line gives where nothing is said, but for the port. */
const given: ServeOptions = { ...serveCommand(async () => {}).opts<ServeOptions>(), port: '0' };

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
    limits: { 'idle-timeout': 1_200, 'max-packet': 1 },
    faults: { drop: 20_000 },
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
    'limits           1,200 idle-timeout, 1 max-packet',
    'faults           20,000 drop',
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
    limits: {},
    faults: {},
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
  [{ seed: 'x' }, 'seed-invalid', 'A seed is a whole number from 0 on.'],
  [{ fault: ['drop 1%', 'dely 5ms'] }, 'fault-invalid', 'Did you mean `delay`?'],
])('%j is refused with a cure, before anything listens', async (options, code, hint) => {
  await expect(serve({ ...given, ...options })).rejects.toMatchObject({ name: 'SwarmError', code, hint });
});

test.each<[Partial<ServeOptions>, string]>([
  [{ unix: '' }, '--unix names no socket.'],
  [{ tlsCert: cert }, '--tls-key is missing.'],
  [{ tlsKey: key }, '--tls-cert is missing.'],
  [{ tlsCa: ca }, '--tls-cert is missing.'],
  [{ tlsCert: '/no/such.pem', tlsKey: key }, '--tls-cert: /no/such.pem does not exist'],
  [{ tlsCert: key, tlsKey: key }, `--tls-cert: ${key} is no certificate in PEM`],
  [{ tlsCert: cert, tlsKey: rubbish }, `--tls-key: ${rubbish} is no private key in PEM`],
  [{ tlsCert: cert, tlsKey: other }, `--tls-key: ${other} is not the key of the certificate in ${cert}.`],
  [{ tlsCert: cert, tlsKey: key, tlsCa: rubbish }, `--tls-ca: ${rubbish} is no certificate in PEM`],
  [{ flush: '250' }, '--flush 250: the duration 250 has no unit'],
  [{ fault: ['drop 1'] }, "--fault 'drop 1': `1` is not a share"],
  [{ mode: 'sink', fault: ['drop 1%'] }, "--fault 'drop 1%': --mode sink sends no replies that this could strike."],
  [{ mode: 'hello', fault: ['bad-size 1%'] }, "--fault 'bad-size 1%': what --mode hello sends has no size."],
  [{ maxConnections: '0' }, '--max-connections 0: not a number of connections'],
  [{ maxPacket: '3' }, '--max-packet 3: no packet has this size'],
  [{ maxPacket: '0' }, '--max-packet 0: no packet has this size'],
  [{ maxPacket: '64KiB' }, '--max-packet 64KiB: no packet has this size'],
  [{ maxQueued: '0' }, '--max-queued 0: nothing could be sent to anybody'],
  [{ maxQueued: '16M' }, '--max-queued 16M: `16M` is not a size'],
  [{ idleTimeout: '0ms' }, '--idle-timeout 0ms: too short to keep to'],
  [{ handshakeTimeout: 'never' }, '--handshake-timeout never: `never` is not a duration'],
  [{ maxPacketRate: '100' }, '--max-packet-rate 100: `100` is not a rate'],
])('%j is refused in a sentence', async (options, message) => {
  await expect(serve({ ...given, ...options })).rejects.toMatchObject({ name: 'SwarmError', exitCode: 104, message });
});

test('the limits that the command line offers are those of the server', () => {
  expect(parseLimits(given)).toEqual(defaultLimits);
});

test('each limit may be none', () => {
  const options = Object.keys(parseLimits(given));
  const none = { maxConnections: 'none', maxPacket: 'none', maxQueued: 'none', idleTimeout: 'none' };
  const unlimited = parseLimits({ ...none, handshakeTimeout: 'none', maxPacketRate: 'none' });
  expect(unlimited).toEqual(Object.fromEntries(options.map((name) => [name, Number.POSITIVE_INFINITY])));
});

test('the first who meets a limit is told of at once, those who follow in one line', () => {
  const lines: string[] = [];
  const notices = new LimitNotices((line) => lines.push(line));
  notices.add('idle-timeout');
  expect(lines).toEqual(['dropped at a limit: 1 idle-timeout']);
  for (let i = 0; i < 2000; i++) notices.add('max-queued');
  notices.add('idle-timeout');
  expect(lines).toHaveLength(1);
  notices.close();
  expect(lines.slice(1)).toEqual(['dropped at a limit: 2,000 max-queued, 1 idle-timeout']);
});
