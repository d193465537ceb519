import { describe, expect, it } from 'vitest';
import { collectFacts, type PreflightFacts, preflight } from '../../src/coordinator/preflight.js';
import type { Plan } from '../../src/scenario/plan.js';
import { kind, planOf } from '../support/plans.js';

const roomy: PreflightFacts = {
  workers: 2,
  cores: 8,
  descriptorLimit: 20_000,
  ephemeralPorts: 28_232,
  availableMemoryBytes: 16 * 1024 ** 3,
};
const remote = { kind: 'tcp', host: '192.0.2.7', port: 7777 } as const;
const plan = (maxClients: number, changes: Partial<Plan> = {}): Plan => ({
  ...planOf([kind()], { maxClients }),
  target: remote,
  ...changes,
});
const local = (maxClients: number, localAddresses: readonly string[]): Plan =>
  plan(maxClients, { target: { ...remote, host: '127.0.0.1' }, load: { ...plan(maxClients).load, localAddresses } });

describe('the preflight', () => {
  it('finds nothing where everything fits', () => {
    expect(preflight(plan(15_000), roomy)).toEqual({ problems: [], warnings: [] });
  });

  it('stops a run whose workers would need more descriptors than they may have, and says how many workers it takes', () => {
    expect(preflight(plan(25_000), { ...roomy, workers: 1, ephemeralPorts: null }).problems).toEqual([
      {
        message:
          'each worker would hold 25000 connections, and a process may have 20000 files open (100 of them for itself)',
        hint: 'use --workers 2 or more, or raise the limit: ulimit -n 25100',
      },
    ]);
  });

  it('counts the last descriptor', () => {
    const facts = { ...roomy, workers: 1 };
    expect(preflight(plan(19_900), facts).problems).toEqual([]);
    expect(preflight(plan(19_901), facts).problems).toHaveLength(1);
  });

  it('stops a run whose embedded server could not hold all clients', () => {
    const embedded = plan(20_000, { target: { kind: 'embedded', mode: 'echo' } });
    expect(preflight(embedded, roomy).problems).toEqual([
      {
        message: 'the embedded server would hold 20000 connections, and a process may have 20000 files open',
        hint: 'raise the limit: ulimit -n 20100, or use at most 19900 clients',
      },
    ]);
  });

  it('stops a run with more clients than ports, and says how many addresses it takes', () => {
    expect(preflight(plan(60_000), { ...roomy, workers: 4 }).problems).toEqual([
      {
        message:
          '60000 clients cannot connect to one address and port from one local address: there are 28232 ports to connect from',
        hint: 'name 3 addresses of this machine in load.localAddresses: each address has 28232 ports; or widen net.ipv4.ip_local_port_range, or use fewer clients',
      },
    ]);
  });

  it('counts the ports of every local address', () => {
    const facts = { ...roomy, workers: 4 };
    expect(preflight(local(40_000, ['127.0.0.1', '127.0.0.2']), facts)).toEqual({ problems: [], warnings: [] });
    expect(preflight(local(60_000, ['127.0.0.1', '127.0.0.2']), facts).problems).toMatchObject([
      {
        hint: expect.stringContaining(
          'name 3 addresses of this machine in load.localAddresses (as 127.0.0.1, 127.0.0.2)',
        ),
      },
    ]);
  });

  it('warns where few ports are left', () => {
    expect(preflight(plan(27_000), roomy)).toEqual({
      problems: [],
      warnings: [
        '27000 connections leave few of the 28232 ports to connect from, and some connects may find none: name more addresses in load.localAddresses: each address has 28232 ports',
      ],
    });
  });

  it('warns where clients that come and go hold ports for a minute after, but not on the loopback', () => {
    const kinds = [kind({ lifetimeMs: { min: 10_000, max: 30_000 } }), kind({ name: 'stays' })];
    const churning = plan(15_000, { kinds });
    // 7,500 clients leave every 20 s: 22,500 a minute.
    expect(preflight(churning, roomy).warnings).toEqual([expect.stringContaining('some 22500 that were closed')]);
    expect(preflight({ ...local(15_000, []), kinds }, roomy).warnings).toEqual([]);
  });

  it('warns of more workers than cores, and of too little memory', () => {
    const facts = { ...roomy, workers: 9, availableMemoryBytes: 512 * 1024 ** 2 };
    expect(preflight(plan(1000), facts)).toEqual({
      problems: [],
      warnings: [
        '9 workers share 8 cores and will wait for each other: --workers 8 is enough',
        '1000 clients need about 916 MiB of memory and 512 MiB are free: use fewer clients',
      ],
    });
  });

  it('says nothing of limits that the system does not tell', () => {
    const facts = { ...roomy, descriptorLimit: Number.POSITIVE_INFINITY, ephemeralPorts: null };
    expect(preflight(plan(100_000), facts)).toEqual({ problems: [], warnings: [] });
  });

  it('finds the limits of this machine', () => {
    const facts = collectFacts(3);
    expect(facts.workers).toBe(3);
    expect(facts.cores).toBeGreaterThanOrEqual(1);
    expect(facts.descriptorLimit).toBeGreaterThan(0);
    expect(facts.availableMemoryBytes).toBeGreaterThan(0);
    expect(facts.ephemeralPorts ?? 1).toBeGreaterThan(0);
  });
});
