import { createSocket } from 'node:dgram';
import { familyOf } from './transport.js';

/**
 * The code of the failure (`EADDRNOTAVAIL`, …) that a connection from `address` would meet; null where that is an address of this machine.
 * The system is asked: no list of its addresses has all of 127.0.0.0/8, which is Linux's own, and only Linux's. A socket for
 * datagrams does for that, and is one that nobody can connect to meanwhile.
 */
export function localAddressFailure(address: string): Promise<string | null> {
  const socket = createSocket(familyOf(address) === 'IPv6' ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      socket.close();
      resolve(code ?? 'UNKNOWN');
    });
    socket.bind({ address, port: 0, exclusive: true }, () => socket.close(() => resolve(null)));
  });
}
