import { connect, type Socket } from 'node:net';
import { connect as secured } from 'node:tls';
import { expect, it } from 'vitest';
import { Connector, type CoreError, type EndPoint, Listener } from '../../src/core/index.js';
import { makeCertificates } from '../support/certificates.js';
import { fromHex } from './hex.js';
import { RecordingSession } from './recording-session.js';

const { authority, server: identity } = makeCertificates();
const loopback = { host: '127.0.0.1', port: 0 };
const secure = { tls: { ca: authority.cert } };

function echo(session: RecordingSession, packet: string): void {
  session.send(fromHex(packet));
}

/** After it both sides know that they have shaken hands. */
async function roundTrip(client: RecordingSession): Promise<void> {
  const before = client.packets.length;
  client.send(fromHex('0400 0100'));
  await client.until(() => client.packets.length > before);
}

it('a handshake may take for ever', async () => {
  const listener = new Listener();
  const tls = { ...identity, handshakeTimeoutMs: Number.POSITIVE_INFINITY };
  const endPoint = await listener.listen(loopback, () => new RecordingSession({ onPacket: echo }), { tls });
  const client = await new Connector().connect(endPoint, () => new RecordingSession(), secure);
  await roundTrip(client);
  await listener.close();
  client.end();
  expect(await client.disconnected()).toMatchObject({ cause: 'local' });
});

it('who still shakes hands when the listener closes is turned away, nobody hears of it, and sessions live on', async () => {
  const errors: CoreError[] = [];
  const accepted: RecordingSession[] = [];
  const listener = new Listener();
  const accept = (): RecordingSession => {
    const session = new RecordingSession({ onPacket: echo });
    accepted.push(session);
    return session;
  };
  const tls = { ...identity, handshakeTimeoutMs: Number.POSITIVE_INFINITY };
  const endPoint = await listener.listen(loopback, accept, { tls, onAcceptError: (error) => errors.push(error) });
  const [mute, late] = [await tcpTo(endPoint), await tcpTo(endPoint)];
  // They are accepted in the order in which they came.
  const client = await new Connector().connect(endPoint, () => new RecordingSession(), secure);
  await roundTrip(client);
  await listener.close();
  const shaking = secured({ socket: late, rejectUnauthorized: false }).on('error', () => {}); // it is cut off
  await Promise.all([mute, shaking].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  await roundTrip(client);
  client.disconnect();
  await accepted[0]!.disconnected();
  expect(accepted).toHaveLength(1);
  expect(errors).toEqual([]);
});

function tcpTo({ host, port }: EndPoint): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host: host!, port: port! }, () => resolve(socket));
    // The cut, seen from here.
    socket.on('error', () => {}).resume();
  });
}
