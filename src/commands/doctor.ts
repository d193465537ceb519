import { availableParallelism, cpus, networkInterfaces } from 'node:os';
import { capacityOf, collectFacts } from '../coordinator/preflight.js';
import { systemClock } from '../core/index.js';
import { checkMachine } from '../doctor/checks.js';
import type { MachineFacts } from '../doctor/facts.js';
import { measureLoopback, measureTimers } from '../doctor/measure.js';
import { renderChecks } from '../doctor/text.js';
import { exitCodes } from '../exit-codes.js';
import { leastNodeVersion, optionalPackages, toolVersion, usedPackages } from '../version.js';
import { hasColor, hasUnicode, inGlyphsOfLocale, takesDashboard } from './terminal.js';

/** The options of `swarm doctor`, as the command line gives them. */
export interface DoctorOptions {
  readonly json?: boolean;
}

/** More clients than these get no more out of one worker. */
const mostClients = 200;

/** Looks at this machine, measures what it does on the loopback, and prints what it can carry. Takes some four seconds. */
export async function doctor({ json = false }: DoctorOptions): Promise<number> {
  const platform = `${process.platform} ${process.arch}`;
  const checks = checkMachine(await examine());
  if (json) {
    const listed = checks.map(({ id, finding, cure, values }) => ({ id, ok: cure === null, finding, cure, values }));
    console.log(JSON.stringify({ swarm: toolVersion, platform, checks: listed }, null, 2));
  } else {
    const { stdout } = process;
    const title = `swarm ${toolVersion} · ${platform}`;
    stdout.write(
      inGlyphsOfLocale(renderChecks(checks, { color: hasColor(stdout), columns: stdout.columns ?? 100, title })),
    );
  }
  return exitCodes.ok.code;
}

async function examine(): Promise<MachineFacts> {
  const { stdout } = process;
  const limits = await collectFacts(availableParallelism(), []);
  // One after the other: each is to have the machine to itself.
  const timers = await measureTimers(systemClock);
  const loopback = await measureLoopback(Math.min(mostClients, capacityOf(limits).perProcess));
  return {
    nodeVersion: process.versions.node,
    leastNodeVersion,
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    networkAddresses: Object.values(networkInterfaces())
      .flat()
      .filter((address) => address?.family === 'IPv4' && !address.internal).length,
    limits,
    timers,
    loopback,
    missingPackages: usedPackages.filter((name) => !isInstalled(name)),
    missingOptionalPackages: optionalPackages.filter((name) => !isInstalled(name)),
    terminal: {
      dashboard: takesDashboard(stdout),
      columns: stdout.columns ?? null,
      rows: stdout.rows ?? null,
      color: hasColor(stdout),
      unicode: hasUnicode(),
    },
  };
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
