import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Problem } from '../errors.js';
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
}

/** What will not fit, and what may not. */
export interface PreflightFindings {
  /** With these the run cannot do what its plan says. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Memory of a worker, and what each client adds: some 10 KiB in the process when idle, and its buffers in the kernel. */
const workerBytes = 100 * 1024 * 1024;
const clientBytes = 16 * 1024;
/** How long the side that closes first holds on to a port (TIME_WAIT). */
const portHeldSeconds = 60;
/** Other programs use ports too: above this share some connects may find none. */
const crowdedShare = 0.9;

/** Looks at this process and its machine; workers and the embedded server inherit its limits. */
export function collectFacts(workers: number): PreflightFacts {
  return {
    workers,
    cores: availableParallelism(),
    descriptorLimit: descriptorLimit(),
    ephemeralPorts: ephemeralPorts(),
    availableMemoryBytes: process.availableMemory(),
  };
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

/** Tells, before anything is started, what of a plan does not fit, and which setting cures it. */
export function preflight(plan: Plan, facts: PreflightFacts): PreflightFindings {
  const problems: Problem[] = [];
  const warnings: string[] = [];
  checkDescriptors(plan, facts, problems);
  checkPorts(plan, facts, problems, warnings);
  const { workers, cores, availableMemoryBytes } = facts;
  if (workers > cores) {
    warnings.push(`${workers} workers share ${cores} cores and will wait for each other: --workers ${cores} is enough`);
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

function checkPorts(plan: Plan, { ephemeralPorts }: PreflightFacts, problems: Problem[], warnings: string[]): void {
  if (ephemeralPorts === null || plan.target.kind === 'unix') return;
  const { maxClients, localAddresses } = plan.load;
  const addresses = Math.max(1, localAddresses.length);
  const ports = ephemeralPorts * addresses;
  const local = isLocal(plan);
  const example = local ? ' (as 127.0.0.1, 127.0.0.2)' : '';
  const cure = `load.localAddresses${example}: each address has ${ephemeralPorts} ports`;
  if (maxClients > ports) {
    const from = addresses === 1 ? 'one local address' : `${addresses} local addresses`;
    problems.push({
      message: `${maxClients} clients cannot connect to one address and port from ${from}: there are ${ports} ports to connect from`,
      hint: `name ${Math.ceil(maxClients / ephemeralPorts)} addresses of this machine in ${cure}; or widen net.ipv4.ip_local_port_range, or use fewer clients`,
    });
    return;
  }
  // Linux uses a port of the loopback again at once; over a network each that was closed is held.
  const held = local ? 0 : Math.round(leavesPerSecond(plan) * portHeldSeconds);
  if (maxClients + held <= ports * crowdedShare) return;
  const also = held > 0 ? ` and some ${held} that were closed in the last minute` : '';
  warnings.push(
    `${maxClients} connections${also} leave few of the ${ports} ports to connect from, and some connects may find none: name more addresses in ${cure}`,
  );
}

function isLocal({ target }: Plan): boolean {
  if (target.kind === 'embedded' || target.kind === 'unix') return true;
  return target.host === 'localhost' || /^(127\.|::1$)/.test(target.host);
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
