import { familyOf } from '../core/index.js';
import { SwarmError } from '../errors.js';
import type { TargetPlan } from './plan.js';
import type { ProblemList } from './problem-list.js';

/** More than this is a slip of the pen: 256 addresses have some seven million ports. */
const mostAddresses = 256;

const hint = 'write 127.0.0.1, 127.0.0.1-127.0.0.20 or 127.0.1.0/28';

/**
 * The addresses that a text stands for: one (IPv4 or IPv6), a range with both its ends, or a network (CIDR) without the address of
 * the network and the one of its broadcasts, which nothing may connect from.
 * @throws SwarmError `addresses-invalid`, with a hint.
 */
export function parseAddresses(text: string): readonly string[] {
  const range = /^([\d.]+)\s*-\s*([\d.]+)$/.exec(text);
  if (range !== null) return between(text, toNumber(range[1]!), toNumber(range[2]!));
  const network = /^([\d.]+)\/(\d{1,2})$/.exec(text);
  if (network === null) {
    if (toNumber(text) === undefined && !isIpv6(text)) throw invalid(`\`${text}\` is not an IP address`);
    return [text];
  }
  const address = toNumber(network[1]!);
  const bits = Number(network[2]);
  if (address === undefined || bits > 32) throw invalid(`\`${text}\` is not a network`);
  const size = 2 ** (32 - bits);
  const first = address - (address % size);
  return bits > 30 ? between(text, first, first + size - 1) : between(text, first + 1, first + size - 2);
}

/** Whether a target's host is an address, and no name. */
export function isAddress(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host);
}

/** Reports local addresses none of which can reach the target. A name is looked up by the run, which says so too. */
export function checkLocalAddresses(
  localAddresses: readonly string[],
  target: TargetPlan,
  problems: ProblemList,
): void {
  if (localAddresses.length === 0 || target.kind === 'unix') return;
  const host = target.kind === 'embedded' ? '127.0.0.1' : target.host;
  if (!isAddress(host) || localAddresses.some((local) => familyOf(local) === familyOf(host))) return;
  problems.report(['load', 'localAddresses'], `no address is of the target's family: ${host} is ${familyOf(host)}`, {
    hint: `name an ${familyOf(host)} address of this machine`,
  });
}

function between(text: string, first: number | undefined, last: number | undefined): readonly string[] {
  if (first === undefined || last === undefined) throw invalid(`\`${text}\` is not a range of IPv4 addresses`);
  if (last < first) throw invalid(`the range \`${text}\` ends before it begins`);
  const count = last - first + 1;
  if (count > mostAddresses) throw invalid(`\`${text}\` has ${count} addresses; ${mostAddresses} are the most`);
  return Array.from({ length: count }, (_, i) => toText(first + i));
}

/** An IPv4 address as a number; undefined for what is none. */
function toNumber(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((number, part) => number * 256 + Number(part), 0);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

function isIpv6(text: string): boolean {
  return text.includes(':') && URL.canParse(`http://[${text}]`);
}

function invalid(message: string): SwarmError {
  return new SwarmError('addresses-invalid', message, { hint });
}
