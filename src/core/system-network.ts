import type { Network } from './network.js';
import { listenOn } from './socket-server.js';
import { connectTcp } from './tcp.js';
import { connectTls } from './tls.js';

/** The machine's own network: TCP, TLS and Unix sockets. */
export const systemNetwork: Network = {
  connect(endPoint, options, handler) {
    const { tls } = options;
    return tls === undefined
      ? connectTcp(endPoint, options, handler)
      : connectTls(endPoint, { ...options, tls }, handler);
  },
  listen: listenOn,
};
