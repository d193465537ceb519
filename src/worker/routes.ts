import type { EndPoint } from '../core/index.js';

/** How one client connects: where to, and from which address of this machine where that is not the system's choice. */
export interface Route {
  readonly endPoint: EndPoint;
  readonly localAddress?: string;
}

/**
 * Deals the target's addresses to the clients in turn, and to those of each address the local addresses of its family in turn. The
 * system chooses the port: Linux, which binds before it knows where to, gives each port of a local address once, so that
 * n addresses have n whole ephemeral ranges.
 */
export function routesOf(
  endPoints: readonly EndPoint[],
  localAddresses: readonly string[],
): (clientIndex: number) => Route {
  const ways = endPoints.map((endPoint) => ({
    endPoint,
    locals: localAddresses.filter((local) => endPoint.host?.includes(':') === local.includes(':')),
  }));
  return (clientIndex) => {
    const { endPoint, locals } = ways[clientIndex % ways.length]!;
    const localAddress = locals[Math.floor(clientIndex / ways.length) % locals.length];
    return localAddress === undefined ? { endPoint } : { endPoint, localAddress };
  };
}
