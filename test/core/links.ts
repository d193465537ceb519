import { Connector, createTransportPair, Listener, type Session } from '../../src/core/index.js';

/** A kind of network between two sessions. */
export interface Link {
  readonly name: string;
  /** Joins two sessions; resolves once both have started. */
  join<S extends Session>(server: S, client: S): Promise<void>;
}

async function joinOverTcp<S extends Session>(host: string, server: S, client: S): Promise<void> {
  const listener = new Listener();
  let reportAccept: () => void;
  const accepted = new Promise<void>((resolve) => {
    reportAccept = resolve;
  });
  const endPoint = await listener.listen({ host, port: 0 }, () => {
    reportAccept();
    return server;
  });
  await Promise.all([accepted, new Connector().connect(endPoint, () => client)]);
  await listener.close();
}

async function joinInMemory<S extends Session>(server: S, client: S): Promise<void> {
  const [near, far] = createTransportPair();
  server.start(near);
  client.start(far);
}

export const links: readonly Link[] = [
  { name: 'TCP over IPv4', join: (server, client) => joinOverTcp('127.0.0.1', server, client) },
  { name: 'TCP over IPv6', join: (server, client) => joinOverTcp('::1', server, client) },
  { name: 'memory', join: joinInMemory },
];
