import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConnectOptions,
  Connector,
  createTransportPair,
  type EndPoint,
  Listener,
  type ListenOptions,
  type Session,
} from '../../src/core/index.js';
import { makeCertificates } from '../support/certificates.js';

/** A kind of network between two sessions. */
export interface Link {
  readonly name: string;
  /** Joins two sessions; resolves once both have started. */
  join<S extends Session>(server: S, client: S): Promise<void>;
}

async function joinThrough<S extends Session>(
  at: EndPoint,
  server: S,
  client: S,
  { listen = {}, connect = {} }: { readonly listen?: ListenOptions; readonly connect?: ConnectOptions } = {},
): Promise<void> {
  const listener = new Listener();
  let reportAccept: () => void;
  const accepted = new Promise<void>((resolve) => {
    reportAccept = resolve;
  });
  const factory = (): S => {
    reportAccept();
    return server;
  };
  const endPoint = await listener.listen(at, factory, listen);
  await Promise.all([accepted, new Connector().connect(endPoint, () => client, connect)]);
  await listener.close();
}

async function joinOverUnix<S extends Session>(server: S, client: S): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-link-'));
  try {
    await joinThrough({ path: join(folder, 'socket') }, server, client);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { authority, server: identity } = makeCertificates();
const secure = { listen: { tls: identity }, connect: { tls: { ca: authority.cert } } };

async function joinInMemory<S extends Session>(server: S, client: S): Promise<void> {
  const [near, far] = createTransportPair();
  server.start(near);
  client.start(far);
}

export const links: readonly Link[] = [
  { name: 'TCP over IPv4', join: (server, client) => joinThrough({ host: '127.0.0.1', port: 0 }, server, client) },
  { name: 'TCP over IPv6', join: (server, client) => joinThrough({ host: '::1', port: 0 }, server, client) },
  { name: 'TLS', join: (server, client) => joinThrough({ host: '127.0.0.1', port: 0 }, server, client, secure) },
  { name: 'a Unix socket', join: joinOverUnix },
  { name: 'memory', join: joinInMemory },
];
