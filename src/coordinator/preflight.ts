import { readFileSync } from 'node:fs';
import { availableParallelism, networkInterfaces } from 'node:os';
import { type EndPoint, familyOf, localAddressFailure } from '../core/index.js';
import { type Problem, SwarmError } from '../errors.js';
import { counted } from '../metrics/format.js';
import type { Plan } from '../scenario/plan.js';
import { descriptorLimit, reservedDescriptors } from './workers.js';

/** What a run has to fit into. */
export interface PreflightFacts {
  readonly workers: number;
  readonly cores: number;
  /** How many files one process may have open; infinite where the system does not say. */
  readonly descriptorLimit: number;
  /** How many ports a connection may leave from, on each local address; null where the system does not say. */
  readonly ephemeralPorts: number | null;
  readonly availableMemoryBytes: number;
  /** The addresses that the network interfaces of this machine have. */
  readonly ownAddresses: readonly string[];
  /** Those of the plan's local addresses that no connection can leave from, and why not (`EADDRNOTAVAIL`, …). */
  readonly unusableAddresses: readonly { readonly address: string; readonly code: string }[];
}

/** What will not fit, and what may not. */
export interface PreflightFindings {
  /** With these the run cannot do what its plan says. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** @throws SwarmError `preflight-failed` with the problems, where there are any. */
export function requireFit({ problems }: PreflightFindings): void {
  if (problems.length === 0) return;
  throw new SwarmError('preflight-failed', 'The plan does not fit this machine; no client was started.', { problems });
}

/** Memory of a worker, and what each client adds: some 10 KiB in the process when idle, and its buffers in the kernel. */
const workerBytes = 100 * 1024 * 1024;
const clientBytes = 16 * 1024;
/** How long the side that closes first holds on to a port (TIME_WAIT). */
const portHeldSeconds = 60;
/** Other programs use ports too: above this share some connects may find none. */
const crowdedShare = 0.9;

/** Looks at this process and its machine, and tries the plan's local addresses; workers and the embedded server inherit the limits. */
export async function collectFacts(workers: number, localAddresses: readonly string[]): Promise<PreflightFacts> {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return {
    workers,
    cores: availableParallelism(),
    descriptorLimit: descriptorLimit(),
    ephemeralPorts: ephemeralPorts(),
    availableMemoryBytes: process.availableMemory(),
    ownAddresses: interfaces.map(({ address }) => address),
    unusableAddresses: await unusableAddresses(localAddresses),
  };
}

/** One after the other: there may be more of them than files that this process may open. */
async function unusableAddresses(localAddresses: readonly string[]): Promise<PreflightFacts['unusableAddresses']> {
  const unusable: { address: string; code: string }[] = [];
  for (const address of localAddresses) {
    const code = await localAddressFailure(address);
    if (code !== null) unusable.push({ address, code });
  }
  return unusable;
}

/** Linux says which ports it gives to connections that ask for none; other systems are not asked. */
function ephemeralPorts(): number | null {
  try {
    const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number);
    return first === undefined || last === undefined || !(last >= first) ? null : last - first + 1;
  } catch {
    return null;
  }
}

/** How many connections a machine can hold at once. */
export interface Capacity {
  /** In one process: a worker, or the embedded server. */
  readonly perProcess: number;
  /** From one local address to one address and port; null where the system does not say. */
  readonly perLocalAddress: number | null;
  /** In the memory that is free, beside the workers themselves. */
  readonly inMemory: number;
}

/** What each limit of a machine allows by itself. */
export function capacityOf({
  workers,
  descriptorLimit,
  ephemeralPorts,
  availableMemoryBytes,
}: PreflightFacts): Capacity {
  return {
    perProcess: Math.max(1, descriptorLimit - reservedDescriptors),
    perLocalAddress: ephemeralPorts,
    inMemory: Math.max(0, Math.floor((availableMemoryBytes - workers * workerBytes) / clientBytes)),
  };
}

/** Tells, before anything is started, what of a plan does not fit, and which setting cures it. For ports see `preflightPorts`. */
export function preflight(plan: Plan, facts: PreflightFacts): PreflightFindings {
  const problems: Problem[] = [];
  const warnings: string[] = [];
  checkDescriptors(plan, facts, problems);
  if (plan.target.kind !== 'unix') checkLocalAddresses(facts, problems);
  const { workers, cores, availableMemoryBytes } = facts;
  if (workers > cores) {
    warnings.push(
      `${counted(workers, 'worker')} share ${counted(cores, 'core')} and will wait for each other: --workers ${cores} is enough`,
    );
  }
  if (plan.load.maxClients > capacityOf(facts).inMemory) {
    const needBytes = workers * workerBytes + plan.load.maxClients * clientBytes;
    warnings.push(
      `${plan.load.maxClients} clients need about ${megabytes(needBytes)} of memory and ${megabytes(availableMemoryBytes)} are free: use fewer clients`,
    );
  }
  return { problems, warnings };
}

function checkDescriptors({ target, load }: Plan, facts: PreflightFacts, problems: Problem[]): void {
  const { workers, descriptorLimit } = facts;
  const { perProcess: fitting } = capacityOf(facts);
  const most = Math.ceil(load.maxClients / workers);
  if (most > fitting) {
    problems.push({
      message: `each worker would hold ${most} connections, and a process may have ${descriptorLimit} files open (${reservedDescriptors} of them for itself)`,
      hint: `use --workers ${Math.ceil(load.maxClients / fitting)} or more, or raise the limit: ulimit -n ${most + reservedDescriptors}`,
    });
  }
  if (target.kind === 'embedded' && load.maxClients > fitting) {
    problems.push({
      message: `the embedded server would hold ${load.maxClients} connections, and a process may have ${descriptorLimit} files open`,
      hint: `raise the limit: ulimit -n ${load.maxClients + reservedDescriptors}, or use at most ${fitting} clients`,
    });
  }
}

function checkLocalAddresses({ unusableAddresses, ownAddresses }: PreflightFacts, problems: Problem[]): void {
  const [first, ...others] = unusableAddresses;
  if (first === undefined) return;
  const { address, code } = first;
  const owned = ownAddresses.filter((own) => familyOf(own) === familyOf(address));
  const more = others.length === 0 ? '' : `, and ${others.length} more of them cannot either`;
  problems.push({
    message: `load.localAddresses: no connection can leave from ${address}, which is not an address of this machine (${code})${more}`,
    // Linux has all of the loopback's network; others must be told.
    hint: address.startsWith('127.')
      ? `add it to the loopback first, as root: ifconfig lo0 alias ${address}`
      : `this machine has ${owned.join(', ') || `no ${familyOf(address)} address`}`,
  });
}

/**
 * Tells, once it is known which addresses a target has, whether there are ports enough to connect to them from. As `routesOf` deals
 * them and the system chooses ports: each local address that the plan names has all ports once, whatever they lead to; an address of the
 * system's choice has them once for each address of the target.
 */
export function preflightPorts(
  plan: Plan,
  endPoints: readonly EndPoint[],
  { ephemeralPorts }: Pick<PreflightFacts, 'ephemeralPorts'>,
): PreflightFindings {
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const hosts = endPoints.flatMap(({ host }) => host ?? []);
  if (ephemeralPorts === null) return { problems, warnings };
  for (const family of ['IPv4', 'IPv6'] as const) {
    const isOfFamily = (address: string): boolean => familyOf(address) === family;
    const targets = hosts.filter(isOfFamily);
    if (targets.length === 0) continue;
    const crowd = {
      targets,
      locals: plan.load.localAddresses.filter(isOfFamily),
      share: targets.length / hosts.length,
      ephemeralPorts,
    };
    checkPorts(plan, crowd, problems, warnings);
  }
  return { problems, warnings };
}

/** The clients that connect to addresses of one family. */
interface Crowd {
  readonly targets: readonly string[];
  /** The local addresses of that family which the plan names. */
  readonly locals: readonly string[];
  /** Their share of all clients. */
  readonly share: number;
  readonly ephemeralPorts: number;
}

function checkPorts(
  plan: Plan,
  { targets, locals, share, ephemeralPorts }: Crowd,
  problems: Problem[],
  warnings: string[],
): void {
  const clients = Math.ceil(plan.load.maxClients * share);
  const ports = ephemeralPorts * (locals.length === 0 ? targets.length : locals.length);
  const local = targets.every(isLoopback);
  const example = local && familyOf(targets[0]!) === 'IPv4' ? ' (as 127.0.0.1, 127.0.0.2)' : '';
  const cure = `load.localAddresses${example}: each address has ${ephemeralPorts} ports`;
  if (clients > ports) {
    const to = targets.length === 1 ? 'one address and port' : `${targets.length} addresses`;
    const from = locals.length <= 1 ? 'one local address' : `${locals.length} local addresses`;
    problems.push({
      message: `${clients} clients cannot connect to ${to} from ${from}: there are ${ports} ports to connect from`,
      hint: `name ${Math.ceil(clients / ephemeralPorts)} addresses of this machine in ${cure}; or widen net.ipv4.ip_local_port_range, or use fewer clients`,
    });
    return;
  }
  // Linux uses a port of the loopback again at once; over a network each that was closed is held.
  const held = local ? 0 : Math.round(leavesPerSecond(plan) * share * portHeldSeconds);
  if (clients + held <= ports * crowdedShare) return;
  const also = held > 0 ? ` and some ${held} that were closed in the last minute` : '';
  warnings.push(
    `${clients} connections${also} leave few of the ${ports} ports to connect from, and some connects may find none: name more addresses in ${cure}`,
  );
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** How many clients end their lifetime in a second, with everyone connected. */
function leavesPerSecond({ kinds, load }: Plan): number {
  const weights = kinds.reduce((sum, { weight }) => sum + weight, 0);
  return kinds.reduce((sum, { weight, lifetimeMs }) => {
    if (lifetimeMs === null) return sum;
    const meanSeconds = (lifetimeMs.min + lifetimeMs.max) / 2 / 1000;
    return sum + (load.maxClients * weight) / weights / meanSeconds;
  }, 0);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}
