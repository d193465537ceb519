import { describe, expect, it } from 'vitest';
import { checkMachine } from '../../src/doctor/checks.js';
import type { LoopbackFacts, MachineFacts } from '../../src/doctor/facts.js';
import { renderChecks } from '../../src/doctor/text.js';

const loopback: LoopbackFacts = {
  connectsPerSecond: 8000,
  packetsPerSecond: 180_000,
  roundTripP50Ms: 1,
  roundTripP99Ms: 3,
  loopDelayMaxMs: 4,
};

const healthy: MachineFacts = {
  nodeVersion: '22.9.0',
  leastNodeVersion: '20.19.0',
  cpuModel: 'Test 9000',
  networkAddresses: 2,
  limits: {
    workers: 4,
    cores: 4,
    descriptorLimit: 65_536,
    ephemeralPorts: 28_232,
    availableMemoryBytes: 16 * 1024 ** 3,
    ownAddresses: [],
    unusableAddresses: [],
  },
  timers: { p50Ms: 0.1, p99Ms: 0.6, maxMs: 1.2 },
  loopback,
  missingPackages: [],
  missingOptionalPackages: [],
  terminal: { dashboard: true, columns: 120, rows: 40, color: true, unicode: true },
};

/** The cures of the checks that are not well, by their ids. */
function cures(changes: Partial<MachineFacts>): Readonly<Record<string, string>> {
  const checks = checkMachine({ ...healthy, ...changes });
  return Object.fromEntries(checks.flatMap(({ id, cure }) => (cure === null ? [] : [[id, cure]])));
}

const limits = (changes: Partial<MachineFacts['limits']>) => ({ limits: { ...healthy.limits, ...changes } });

describe('the doctor', () => {
  it('finds nothing to cure in a healthy machine, and says what it can carry', () => {
    expect(cures({})).toEqual({});
    expect(renderChecks(checkMachine(healthy), { color: false, columns: 100, title: 'swarm' })).toBe(` swarm

 Node.js       ✓ 22.9.0
 cores         ✓ 4 (Test 9000): as many workers run side by side
 memory        ✓ 16.0 GiB free, for some 1.02M clients
 open files    ✓ 65,536 for a process: 65,436 clients for each worker
 ports         ✓ 28,232 to connect from for each local address; with 2 network addresses, 56,464
                 connections to one server (load.localAddresses)
 timers        ✓ late by 0.100 ms in the middle, 0.600 ms at p99, 1.20 ms at most
 connects      ✓ 8,000 a second, on the loopback
 packets       ✓ 180,000 a second through one worker, there and back; round trip p50 1.00 ms, p99
                 3.00 ms at that load
 event loop    ✓ late by 4.00 ms at most, at that load
 packages      ✓ all are there
 terminal      ✓ 120 × 40, colour, Unicode

 This machine is ready.
`);
  });

  it.each<[string, Partial<MachineFacts>, string, RegExp]>([
    ['an old Node.js', { nodeVersion: '20.9.0' }, 'node', /^install 20\.19\.0 or later$/],
    ['one core', limits({ cores: 1 }), 'cores', /over a network/],
    ['little memory', limits({ availableMemoryBytes: 500 * 1024 ** 2 }), 'memory', /few clients/],
    ['few descriptors', limits({ descriptorLimit: 1024 }), 'descriptors', /^ulimit -n 65536/],
    ['few ports', limits({ ephemeralPorts: 1000 }), 'ports', /ip_local_port_range/],
    ['late timers', { timers: { p50Ms: 0.2, p99Ms: 6, maxMs: 9 } }, 'timers', /something else/],
    ['slow connects', { loopback: { ...loopback, connectsPerSecond: 90 } }, 'connects', /slow/],
    ['slow packets', { loopback: { ...loopback, packetsPerSecond: 900 } }, 'packets', /slow/],
    ['a loopback that fails', { loopback: { failed: 'no echo' } }, 'loopback', /swarm run echo/],
    ['a missing package', { missingPackages: ['jiti'] }, 'packages', /^npm install jiti$/],
    ['a small terminal', { terminal: { ...healthy.terminal, rows: 10 } }, 'terminal', /larger/],
    ['a terminal in ASCII', { terminal: { ...healthy.terminal, unicode: false } }, 'terminal', /LANG=C\.UTF-8/],
  ])('has a cure for %s', (_, changes, id, cure) => {
    const found = cures(changes);
    expect(Object.keys(found)).toEqual([id]);
    expect(found[id]).toMatch(cure);
  });

  it('says nothing of limits that the system does not tell', () => {
    const unknown = limits({ descriptorLimit: Number.POSITIVE_INFINITY, ephemeralPorts: null });
    expect(cures(unknown)).toEqual({});
    const checks = checkMachine({ ...healthy, ...unknown });
    expect(checks.find(({ id }) => id === 'descriptors')?.values).toEqual({ descriptorLimit: null, clients: null });
    expect(checks.find(({ id }) => id === 'ports')?.values).toEqual({ ephemeralPorts: null, networkAddresses: 2 });
  });

  it('draws the cure below what it cures, and counts what there is to look at', () => {
    const checks = checkMachine({ ...healthy, ...limits({ descriptorLimit: 1024 }) });
    const text = renderChecks(checks, { color: false, columns: 100, title: 'swarm' });
    expect(text).toContain(` open files    ! 1,024 for a process: 924 clients for each worker
               → ulimit -n 65536, in the shell that starts swarm, and for your server
`);
    expect(text).toContain(' One thing to look at; runs work all the same.\n');
  });
});
