import { capacityOf } from '../coordinator/preflight.js';
import { formatBytes, formatCount, formatMs } from '../metrics/format.js';
import type { LoopbackFacts, MachineFacts, TerminalFacts, TimerFacts } from './facts.js';

/** One line of what the doctor says. */
export interface Check {
  /** For scripts; stable. */
  readonly id: string;
  readonly label: string;
  /** What was found, in one sentence. */
  readonly finding: string;
  /** What to do about it; null where all is well. */
  readonly cure: string | null;
  /** What was found, for machines. Units are in the names. */
  readonly values: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

/** Fewer connections than these are soon used up: what the bundled scenarios take, and then some. */
const fewConnections = 10_000;
/** Free memory below which a run of a few workers may swap. */
const littleMemoryBytes = 1024 ** 3;
/** Timers later than that show in what is measured: see the audit. */
const lateTimersMs = 2;
/** What a quiet machine of today exceeds several times over. */
const fewConnectsPerSecond = 1_000;
const fewPacketsPerSecond = 20_000;
/** The smallest terminal that the dashboard is usable in. */
const smallestTerminal = { columns: 60, rows: 15 };

/** What a machine can carry, point by point. */
export function checkMachine(facts: MachineFacts): readonly Check[] {
  const { terminal, timers, loopback, missingPackages, missingOptionalPackages } = facts;
  return [
    checkNode(facts),
    checkCores(facts),
    checkMemory(facts),
    checkDescriptors(facts),
    checkPorts(facts),
    checkTimers(timers),
    ...('failed' in loopback ? [checkFailed(loopback.failed)] : checkLoopback(loopback)),
    checkPackages(missingPackages, missingOptionalPackages),
    checkTerminal(terminal),
  ];
}

function check(id: string, label: string, finding: string, cure: string | null, values: Check['values']): Check {
  return { id, label, finding, cure, values };
}

function checkNode({ nodeVersion, leastNodeVersion }: MachineFacts): Check {
  const isOld = nodeVersion.localeCompare(leastNodeVersion, 'en', { numeric: true }) < 0;
  const cure = isOld ? `install ${leastNodeVersion} or later` : null;
  return check('node', 'Node.js', nodeVersion, cure, { version: nodeVersion });
}

function checkCores({ limits: { cores }, cpuModel }: MachineFacts): Check {
  const cure = cores > 1 ? null : 'swarm and a server on this machine will wait for each other: test over a network';
  return check('cores', 'cores', `${cores} (${cpuModel}): as many workers run side by side`, cure, { cores, cpuModel });
}

function checkMemory({ limits }: MachineFacts): Check {
  const { availableMemoryBytes } = limits;
  const { inMemory } = capacityOf(limits);
  const cure = availableMemoryBytes >= littleMemoryBytes ? null : 'end other programs, or use few clients and workers';
  const finding = `${formatBytes(availableMemoryBytes)} free, for some ${formatCount(inMemory)} clients`;
  return check('memory', 'memory', finding, cure, { availableMemoryBytes, clients: inMemory });
}

function checkDescriptors({ limits }: MachineFacts): Check {
  const { descriptorLimit } = limits;
  const { perProcess } = capacityOf(limits);
  if (!Number.isFinite(descriptorLimit)) {
    return check('descriptors', 'open files', 'no limit that is known', null, { descriptorLimit: null, clients: null });
  }
  const cure =
    perProcess >= fewConnections ? null : 'ulimit -n 65536, in the shell that starts swarm, and for your server';
  const finding = `${formatCount(descriptorLimit)} for a process: ${formatCount(perProcess)} clients for each worker`;
  return check('descriptors', 'open files', finding, cure, { descriptorLimit, clients: perProcess });
}

function checkPorts({ limits, networkAddresses }: MachineFacts): Check {
  const { perLocalAddress } = capacityOf(limits);
  const values = { ephemeralPorts: perLocalAddress, networkAddresses };
  if (perLocalAddress === null) return check('ports', 'ports', 'this system does not say how many', null, values);
  const addresses = networkAddresses === 1 ? '1 network address' : `${networkAddresses} network addresses`;
  const total = formatCount(perLocalAddress * networkAddresses);
  const finding = `${formatCount(perLocalAddress)} to connect from for each local address; with ${addresses}, ${total} connections to one server (load.localAddresses)`;
  const cure =
    perLocalAddress >= fewConnections ? null : "sysctl -w net.ipv4.ip_local_port_range='10240 65535', as root";
  return check('ports', 'ports', finding, cure, values);
}

function checkTimers({ p50Ms, p99Ms, maxMs }: TimerFacts): Check {
  const finding = `late by ${formatMs(p50Ms)} in the middle, ${formatMs(p99Ms)} at p99, ${formatMs(maxMs)} at most`;
  const cure = p99Ms <= lateTimersMs ? null : 'something else uses this machine: times below that say little; end it';
  return check('timers', 'timers', finding, cure, { p50Ms, p99Ms, maxMs });
}

function checkLoopback(measured: LoopbackFacts): readonly Check[] {
  const { connectsPerSecond, packetsPerSecond, roundTripP50Ms, roundTripP99Ms, loopDelayMaxMs } = measured;
  const busy = 'this is slow: end other programs, or use a faster machine';
  return [
    check(
      'connects',
      'connects',
      `${formatCount(Math.round(connectsPerSecond))} a second, on the loopback`,
      connectsPerSecond >= fewConnectsPerSecond ? null : busy,
      { connectsPerSecond },
    ),
    check(
      'packets',
      'packets',
      `${formatCount(Math.round(packetsPerSecond))} a second through one worker, there and back; round trip p50 ${formatMs(roundTripP50Ms)}, p99 ${formatMs(roundTripP99Ms)} at that load`,
      packetsPerSecond >= fewPacketsPerSecond ? null : busy,
      { packetsPerSecond, roundTripP50Ms, roundTripP99Ms },
    ),
    check('loop', 'event loop', `late by ${formatMs(loopDelayMaxMs)} at most, at that load`, null, { loopDelayMaxMs }),
  ];
}

function checkFailed(failed: string): Check {
  return check('loopback', 'loopback', `the built-in run failed: ${failed}`, 'put that right: swarm run echo', {
    failed,
  });
}

/** Live export is for those who want it: what it needs is named, and no fault. */
function checkPackages(missing: readonly string[], missingOptional: readonly string[]): Check {
  const optional =
    missingOptional.length === 0
      ? ''
      : `; --prometheus and --otlp need more, which is not installed: ${missingOptional.join(', ')}`;
  const finding = `${missing.length === 0 ? 'all are there' : `missing: ${missing.join(', ')}`}${optional}`;
  return check('packages', 'packages', finding, missing.length === 0 ? null : `npm install ${missing.join(' ')}`, {
    missing,
    missingOptional,
  });
}

function checkTerminal({ dashboard, columns, rows, color, unicode }: TerminalFacts): Check {
  const values = { dashboard, columns, rows, color, unicode };
  if (!dashboard) return check('terminal', 'terminal', 'none: runs print lines of progress', null, values);
  const finding = `${columns} × ${rows}, ${color ? 'colour' : 'no colour'}, ${unicode ? 'Unicode' : 'ASCII alone'}`;
  return check('terminal', 'terminal', finding, terminalCure(values), values);
}

function terminalCure({ columns, rows, unicode }: Pick<TerminalFacts, 'columns' | 'rows' | 'unicode'>): string | null {
  if ((columns ?? 0) < smallestTerminal.columns || (rows ?? 0) < smallestTerminal.rows) {
    return `the dashboard needs ${smallestTerminal.columns} × ${smallestTerminal.rows}: make the window larger`;
  }
  return unicode ? null : 'export LANG=C.UTF-8, where the terminal can show it';
}
