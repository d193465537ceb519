import { type EndPoint, familyOf } from '../core/index.js';

/** How one client connects: where to, and from which address of this machine where that is not the system's choice. */
export interface Route {
  readonly endPoint: EndPoint;
  readonly localAddress?: string;
}

/**
 * Deals the target's addresses to the clients in turn, and to those of each address the local addresses of its family in turn. The
 * system chooses the port. Measured on Linux with 100 ephemeral ports: from two local addresses 200 connects succeed, so that n addresses have
 * n whole ranges. To name a local address costs ports where the target is more than one address and port: it is bound before it is known where to, and each of its ports
 * serves once (100 connects), where an address of the system's choice serves once for each address of the target (150 of 150).
 */
export function routesOf(
  endPoints: readonly EndPoint[],
  localAddresses: readonly string[],
): (clientIndex: number) => Route {
  const ways = endPoints.map((endPoint) => ({
    endPoint,
    locals: localAddresses.filter(
      (local) => endPoint.path === undefined && familyOf(endPoint.host) === familyOf(local),
    ),
  }));
  return (clientIndex) => {
    const { endPoint, locals } = ways[clientIndex % ways.length]!;
    const localAddress = locals[Math.floor(clientIndex / ways.length) % locals.length];
    return localAddress === undefined ? { endPoint } : { endPoint, localAddress };
  };
}
