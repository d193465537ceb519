import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { makeCertificates } from '../support/certificates.js';
import { packetsXml, problemsOf, writeFiles } from './scenario-files.js';

const { authority, server, client } = makeCertificates();
const locked = generateKeyPairSync('ec', {
  namedCurve: 'prime256v1',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
}).privateKey;

const pems = {
  'ca.pem': authority.cert,
  'client.pem': client.cert,
  'client.key': client.key,
  'server.key': server.key,
  'locked.key': locked,
};

function load(target: string, tls: string) {
  const scenario = `target: ${target}
tls: ${tls}
protocol: { packets: packets.xml }
load: { clients: 1, duration: 1s }
clients: { bot: { loop: [] } }
`;
  const file = writeFiles({ 'scenario.yaml': scenario, 'packets.xml': packetsXml, ...pems });
  return loadScenario(file, { env: {} }).plan.target;
}

it('the plan has the content of the files, and the name to ask for', () => {
  expect(load('tls://game.example:7777', '{ ca: ca.pem, cert: client.pem, key: client.key }')).toMatchObject({
    kind: 'tls',
    tls: { serverName: 'game.example', ca: authority.cert, ...client, rejectUnauthorized: true },
  });
  expect(load('tls://127.0.0.1:7777', '{ insecure: true }')).toMatchObject({ tls: { rejectUnauthorized: false } });
  expect(load('tls://127.0.0.1:7777', '{ serverName: game.example }')).toMatchObject({
    tls: { serverName: 'game.example' },
  });
});

it.each([
  [
    '{ cert: client.pem, key: server.key }',
    'the key does not belong to the certificate of `cert`',
    'name the key that the certificate was made with',
  ],
  [
    '{ cert: client.pem, key: locked.key }',
    /^the key .*locked\.key needs a passphrase$/,
    'take it away with openssl pkey -in key.pem -out plain.pem',
  ],
  [
    '{ cert: client.key, key: client.key }',
    /^the certificate .*client\.key is no certificate in PEM$/,
    'it begins with -----BEGIN CERTIFICATE-----',
  ],
  ['{ cert: client.pem }', '`key` is missing', 'cert and key go together'],
  ['{ key: client.key }', '`cert` is missing', 'key and cert go together'],
])('%s is one mistake', (tls, message, hint) => {
  const problems = problemsOf(() => load('tls://game.example:7777', tls));
  expect(problems).toMatchObject([{ message: expect.stringMatching(message), place: { line: 2 } }]);
  expect(problems[0]?.hint).toBe(hint);
});
