import { lookup } from 'node:dns/promises';
import { familyOf, formatEndPoint } from '../core/index.js';
import { probe } from './probe.js';
import { TargetError } from './running-target.js';

/**
 * The addresses of a host that clients can use. Where a name has several, each is connected to once (over TCP, without a word), and
 * those that refuse are left out with a warning, as a browser would pass over them; where none answers all are kept, for the run to
 * tell how connects fail. An address of a family that no local address has is left out too.
 * @throws TargetError where the name does not resolve, or no address is left.
 */
export async function reachableAddresses(
  { host, port }: { readonly host: string; readonly port: number },
  localAddresses: readonly string[],
): Promise<{ readonly hosts: readonly string[]; readonly warnings: readonly string[] }> {
  const found = await resolve(host);
  const hosts = found.filter((address) => canBeReachedFrom(localAddresses, address));
  if (hosts.length === 0) {
    throw new TargetError(`${host} is ${found.join(', ')}, and no address of load.localAddresses is of that family`);
  }
  if (hosts.length === 1) return { hosts, warnings: [] };
  const failures = await Promise.all(hosts.map((address) => probe({ host: address, port })));
  const answering = hosts.filter((_, i) => failures[i] === null);
  if (answering.length === 0) return { hosts, warnings: [] };
  const warnings = hosts.flatMap((address, i) =>
    failures[i] == null
      ? []
      : [
          `${host} is also ${address}, which is not used: ${formatEndPoint({ host: address, port })} answers ${failures[i]}`,
        ],
  );
  return { hosts: answering, warnings };
}

async function resolve(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host, { all: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const cure = cures[code];
    const why = cure === undefined ? code : `${code}: ${cure}`;
    throw new TargetError(`the host name ${host} does not resolve (${why})`, { cause });
  }
}

/** What helps, by the code of the system. */
const cures: Readonly<Record<string, string>> = {
  ENOTFOUND: 'is it spelt right? Else add it to /etc/hosts, or give the address in its place',
  EAI_AGAIN: 'no name server answers: is this machine connected? Else give the address in its place',
};

function canBeReachedFrom(localAddresses: readonly string[], address: string): boolean {
  return localAddresses.length === 0 || localAddresses.some((local) => familyOf(local) === familyOf(address));
}
