import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/scenario/summary.js';
import { load, loadKind, problemsOf, scenarioWith } from './scenario-files.js';

const every = (entry: string) => loadKind(`{ every: [{ ${entry}, send: Echo, with: { sequence: 1 } }] }`).every[0];

describe('an entry of `every`', () => {
  it('is each client’s own, at even distances, at a random phase, unless it says otherwise', () => {
    const constant = {
      rate: { kind: 'constant', intervalMs: 250 },
      arrivals: 'constant',
      per: 'client',
      phase: 'random',
    };
    expect(every('interval: 250ms')).toMatchObject(constant);
    expect(every('rate: 4/s')).toMatchObject(constant);
    expect(every('rate: 4/s, phase: even')).toMatchObject({ ...constant, phase: 'even' });
    expect(every('rate: 4/s, arrivals: poisson')).toMatchObject({ ...constant, arrivals: 'poisson' });
    expect(every('totalRate: 4/s')).toMatchObject({ ...constant, per: 'swarm' });
  });

  it.each(['rate', 'totalRate'])('has a `%s` in stages', (key) => {
    expect(
      every(`${key}: { stages: [{ duration: 10s, target: 120/m }, { duration: 1m, target: 0/s }] }`),
    ).toMatchObject({
      rate: {
        kind: 'staged',
        stages: [
          { durationMs: 10_000, targetPerSec: 2 },
          { durationMs: 60_000, targetPerSec: 0 },
        ],
      },
    });
  });
});

it('a total rate wants a time between the first ramp and the last descent', () => {
  const scenario = scenarioWith('{ every: [{ totalRate: 10/s, send: Echo, with: { sequence: 1 } }] }');
  const stages = 'load: { stages: [{ duration: 10s, target: 5 }, { duration: 10s, target: 0 }] }';
  expect(problemsOf(() => load(scenario.replace(/^load: .*$/m, stages)))).toMatchObject([
    {
      message: 'the stages leave no time for a total rate: it begins when the first ramp has ended',
      place: { line: 5, column: 20 },
    },
  ]);
});

describe('`reconnect`', () => {
  it('is off unless the scenario has it, and then waits a second at first and half a minute at most', () => {
    expect(loadKind('{ loop: [] }').reconnect).toBeNull();
    expect(loadKind('{ loop: [], reconnect: {} }').reconnect).toEqual({ afterMs: 1000, maxMs: 30_000 });
    expect(loadKind('{ loop: [], reconnect: { after: 200ms, max: 5s } }').reconnect).toEqual({
      afterMs: 200,
      maxMs: 5000,
    });
  });
});

describe('the load', () => {
  it('takes precise pacing, and the addresses to connect from', () => {
    const set = ['load.pacing=precise', 'load.localAddresses=[127.0.0.1, "::1"]'];
    expect(load(scenarioWith('{ loop: [] }'), { set }).load).toMatchObject({
      pacing: 'precise',
      localAddresses: ['127.0.0.1', '::1'],
    });
  });

  it.each([
    ['127.0.0.1:7777', '::1', '127.0.0.1 is IPv4'],
    ['[::1]:7777', '127.0.0.1', '::1 is IPv6'],
    ['embedded:chat', '::1', '127.0.0.1 is IPv4'],
  ])('for %s does not take %s alone to connect from', (target, address, why) => {
    const set = [`load.localAddresses=["${address}"]`];
    expect(problemsOf(() => load(scenarioWith('{ loop: [] }'), { set, target }))).toMatchObject([
      {
        message: expect.stringContaining(`no address is of the target's family: ${why}`),
        hint: `name an ${why.slice(-4)} address of this machine`,
      },
    ]);
  });
});

it('`validate` speaks of one client as of one', () => {
  const one = load(scenarioWith('{ every: [{ interval: 500ms, send: Echo, with: { sequence: 1 } }] }'));
  expect(summarize({ ...one, load: { ...one.load, maxClients: 1 } })).toContain('1 client at most, for');
});

it('`validate` says how often things are sent', () => {
  const send = 'send: Echo, with: { sequence: 1 }';
  const plan = load(
    scenarioWith(`
    every:
      - { interval: 500ms, ${send} }
      - { totalRate: 100/s, ${send} }
      - { rate: { stages: [{ duration: 1s, target: 3/s }, { duration: 1s, target: 1/s }] }, arrivals: poisson, ${send} }`),
  );
  expect(summarize(plan)).toContain('Echo every 500ms, Echo at 100/s together, Echo at up to 3/s at random');
  expect(summarize(plan)).toContain('150 packets a second with every client connected');
});
