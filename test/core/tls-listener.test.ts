import { expect, it } from 'vitest';
import { Connector, Listener } from '../../src/core/index.js';
import { makeCertificates } from '../support/certificates.js';
import { RecordingSession } from './recording-session.js';

const { authority, server: identity } = makeCertificates();
const loopback = { host: '127.0.0.1', port: 0 };
const secure = { tls: { ca: authority.cert } };

it('a handshake may take for ever', async () => {
  const listener = new Listener();
  const tls = { ...identity, handshakeTimeoutMs: Number.POSITIVE_INFINITY };
  const endPoint = await listener.listen(loopback, () => new RecordingSession(), { tls });
  const client = await new Connector().connect(endPoint, () => new RecordingSession(), secure);
  await listener.close();
  client.end();
  expect(await client.disconnected()).toMatchObject({ cause: 'local' });
});
