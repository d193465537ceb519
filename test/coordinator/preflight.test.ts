import { describe, expect, it } from 'vitest';
import { collectFacts, type PreflightFacts, preflight, preflightPorts } from '../../src/coordinator/preflight.js';
import type { Plan } from '../../src/scenario/plan.js';
import { kind, planOf } from '../support/plans.js';

const roomy: PreflightFacts = {
  workers: 2,
  cores: 8,
  descriptorLimit: 20_000,
  ephemeralPorts: 28_232,
  availableMemoryBytes: 16 * 1024 ** 3,
  ownAddresses: ['127.0.0.1', '192.0.2.1', '::1'],
  unusableAddresses: [],
};
const remote = { kind: 'tcp', host: '192.0.2.7', port: 7777 } as const;
const plan = (maxClients: number, changes: Partial<Plan> = {}): Plan => ({
  ...planOf([kind()], { maxClients }),
  target: remote,
  ...changes,
});
const from = (localAddresses: readonly string[], maxClients: number, changes: Partial<Plan> = {}): Plan =>
  plan(maxClients, { load: { ...plan(maxClients).load, localAddresses }, ...changes });

const ends = (...hosts: readonly string[]) => hosts.map((host) => ({ host, port: 7777 }));
const nothing = { problems: [], warnings: [] };

describe('the preflight', () => {
  it('finds nothing where everything fits', () => {
    expect(preflight(plan(15_000), roomy)).toEqual(nothing);
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
    const embedded = plan(20_000, { target: { kind: 'embedded', mode: 'echo', faults: [] } });
    expect(preflight(embedded, roomy).problems).toEqual([
      {
        message: 'the embedded server would hold 20000 connections, and a process may have 20000 files open',
        hint: 'raise the limit: ulimit -n 20100, or use at most 19900 clients',
      },
    ]);
  });

  it('stops a run whose local addresses are not all of this machine, and says which it has', () => {
    const unusableAddresses = ['203.0.113.9', '203.0.113.10'].map((address) => ({ address, code: 'EADDRNOTAVAIL' }));
    expect(preflight(plan(10), { ...roomy, unusableAddresses }).problems).toEqual([
      {
        message:
          'load.localAddresses: no connection can leave from 203.0.113.9, which is not an address of this machine (EADDRNOTAVAIL), and 1 more of them cannot either',
        hint: 'this machine has 127.0.0.1, 192.0.2.1',
      },
    ]);
  });

  it('says how the loopback gets more addresses where it has but one', () => {
    const unusableAddresses = [{ address: '127.0.0.2', code: 'EADDRNOTAVAIL' }];
    expect(preflight(plan(10), { ...roomy, unusableAddresses }).problems).toEqual([
      {
        message:
          'load.localAddresses: no connection can leave from 127.0.0.2, which is not an address of this machine (EADDRNOTAVAIL)',
        hint: 'add it to the loopback first, as root: ifconfig lo0 alias 127.0.0.2',
      },
    ]);
  });

  it('does not care for local addresses where the target is a Unix socket', () => {
    const unusableAddresses = [{ address: '203.0.113.9', code: 'EADDRNOTAVAIL' }];
    const unix = plan(10, { target: { kind: 'unix', path: '/s' } });
    expect(preflight(unix, { ...roomy, unusableAddresses })).toEqual(nothing);
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
    expect(preflight(plan(100_000), facts)).toEqual(nothing);
  });

  it('finds the limits of this machine, and which addresses are its own', async () => {
    const facts = await collectFacts(3, ['127.0.0.1', '203.0.113.9', '::1', '2001:db8::9']);
    expect(facts.workers).toBe(3);
    expect(facts.cores).toBeGreaterThanOrEqual(1);
    expect(facts.descriptorLimit).toBeGreaterThan(0);
    expect(facts.availableMemoryBytes).toBeGreaterThan(0);
    expect(facts.ephemeralPorts ?? 1).toBeGreaterThan(0);
    expect(facts.ownAddresses).toContain('127.0.0.1');
    const code = 'EADDRNOTAVAIL';
    expect(facts.unusableAddresses).toEqual([
      { address: '203.0.113.9', code },
      { address: '2001:db8::9', code },
    ]);
  });

  it.runIf(process.platform === 'linux')('takes any address of the loopback on Linux', async () => {
    expect((await collectFacts(1, ['127.0.0.2', '127.255.0.9'])).unusableAddresses).toEqual([]);
  });
});

describe('the ports to connect from', () => {
  const oneRange = { ephemeralPorts: 28_232 };
  const loopback = ends('127.0.0.1');
  const far = ends('192.0.2.7');
  const farPair = ends('192.0.2.7', '192.0.2.8');

  it.each<[string, number, readonly string[], readonly { host: string; port: number }[], number]>([
    ['one address to one', 28_232, [], far, 28_232],
    ['the system’s address to two of the target', 2 * 28_232, [], farPair, 2 * 28_232],
    ['two addresses to one', 2 * 28_232, ['192.0.2.1', '192.0.2.2'], far, 2 * 28_232],
    ['one named address to two, each port of which serves once', 28_232, ['192.0.2.1'], farPair, 28_232],
    ['two named addresses to two', 2 * 28_232, ['192.0.2.1', '192.0.2.2'], farPair, 2 * 28_232],
    ['an address of each family, of which one is the target’s', 28_232, ['192.0.2.1', '2001:db8::1'], far, 28_232],
    ['one address of each family to one of each', 2 * 28_232, ['192.0.2.1', '::1'], ends('192.0.2.7', '::1'), 28_232],
  ])('are counted for %s', (_name, most, localAddresses, endPoints, ports) => {
    expect(preflightPorts(from(localAddresses, most), endPoints, oneRange).problems).toEqual([]);
    expect(preflightPorts(from(localAddresses, most + 2), endPoints, oneRange).problems[0]?.message).toContain(
      `there are ${ports} ports to connect from`,
    );
  });

  it('stop a run that has more clients, and say how many addresses it takes', () => {
    expect(preflightPorts(plan(60_000), far, oneRange).problems).toEqual([
      {
        message:
          '60000 clients cannot connect to one address and port from one local address: there are 28232 ports to connect from',
        hint: 'name 3 addresses of this machine in load.localAddresses: each address has 28232 ports; or widen net.ipv4.ip_local_port_range, or use fewer clients',
      },
    ]);
    const pool = preflightPorts(from(['192.0.2.1', '192.0.2.2'], 60_000), farPair, oneRange).problems;
    expect(pool).toMatchObject([
      {
        message:
          '60000 clients cannot connect to 2 addresses from 2 local addresses: there are 56464 ports to connect from',
        hint: expect.stringContaining('name 3 addresses of this machine in load.localAddresses: each'),
      },
    ]);
    expect(preflightPorts(from(['127.0.0.1', '127.0.0.2'], 60_000), loopback, oneRange).problems).toMatchObject([
      { hint: expect.stringContaining('in load.localAddresses (as 127.0.0.1, 127.0.0.2)') },
    ]);
  });

  it('cause a warning where few are left', () => {
    expect(preflightPorts(plan(27_000), far, oneRange)).toEqual({
      problems: [],
      warnings: [
        '27000 connections leave few of the 28232 ports to connect from, and some connects may find none: name more addresses in load.localAddresses: each address has 28232 ports',
      ],
    });
    expect(preflightPorts(plan(27_000), farPair, oneRange)).toEqual(nothing);
  });

  it('are held for a minute after clients that come and go, but not on the loopback', () => {
    const kinds = [kind({ lifetimeMs: { min: 10_000, max: 30_000 } }), kind({ name: 'stays' })];
    const churning = plan(15_000, { kinds });
    // 7,500 clients leave every 20 s: 22,500 a minute.
    expect(preflightPorts(churning, far, oneRange).warnings).toEqual([
      expect.stringContaining('some 22500 that were closed'),
    ]);
    expect(preflightPorts(churning, farPair, oneRange)).toEqual(nothing);
    expect(preflightPorts(churning, loopback, oneRange)).toEqual(nothing);
  });

  it('do not matter for a Unix socket, and where the system does not say how many there are', () => {
    expect(preflightPorts(plan(100_000), [{ path: '/s' }], oneRange)).toEqual(nothing);
    expect(preflightPorts(plan(100_000), far, { ephemeralPorts: null })).toEqual(nothing);
  });
});
