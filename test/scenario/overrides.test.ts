import { describe, expect, it } from 'vitest';
import type { Overrides } from '../../src/scenario/load.js';
import { load, problemsOf, scenarioWith } from './scenario-files.js';

const plain = scenarioWith("{ every: [{ interval: 250ms, send: C_Say, with: { text: 'a' } }] }");
const staged = plain.replace(
  '{ clients: 10, duration: 10s }',
  '{ stages: [{ duration: 4s, target: 8 }, { duration: 6s, target: 3 }] }',
);

const refusals = (scenario: string, overrides: Overrides) =>
  problemsOf(() => load(scenario, overrides)).map(({ message, place }) => {
    expect(place).toBeUndefined();
    return message;
  });

describe('options of the command line', () => {
  it('take the place of what the file says', () => {
    const plan = load(plain, { target: '[::1]:80', clients: '20', duration: '5s', connectRate: '10/s', seed: '9' });
    expect(plan.target).toEqual({ kind: 'tcp', host: '::1', port: 80 });
    expect(plan.seed).toBe(9);
    expect(plan.load.stages).toEqual([
      { durationMs: 2000, target: 20 },
      { durationMs: 5000, target: 20 },
    ]);
  });

  it('reach any value of the file by its path', () => {
    const plan = load(plain, {
      set: [
        'load.warmup=2s',
        'clients.one.every[0].interval=1s',
        'clients.one.every[1]={ rate: 2/s, send: Echo, with: { sequence: 1 } }',
        'thresholds.errors[0]=rate<0.5',
        'name=Another name',
      ],
    });
    expect(plan).toMatchObject({ name: 'Another name', load: { warmupMs: 2000 }, thresholds: [{ limit: 0.5 }] });
    expect(plan.kinds[0]!.every).toMatchObject([
      { rate: { intervalMs: 1000 } },
      { rate: { intervalMs: 500 }, send: { packet: 'Echo' } },
    ]);
  });

  it('reach into what is empty in the file', () => {
    const empty = plain.replace('{ clients: 10, duration: 10s }', '');
    expect(load(empty, { clients: '3', duration: '1s' }).load.maxClients).toBe(3);
  });

  it('are told in the order given, the flags last', () => {
    expect(load(plain, { seed: '3', set: ['seed=1', 'seed=2'] }).seed).toBe(3);
  });

  it('may add a kind of client, and then reach into it', () => {
    const { kinds } = load(plain, { set: ['clients.idle={ loop: [] }', 'clients.idle.weight=3'] });
    expect(kinds.map(({ name, weight }) => [name, weight])).toEqual([
      ['one', 1],
      ['idle', 3],
    ]);
  });

  it('may set the whole of what it reaches', () => {
    const stages = [{ durationMs: 1000, target: 5 }];
    expect(load(plain, { set: ['load={ stages: [{ duration: 1s, target: 5 }] }'] }).load.stages).toEqual(stages);
  });

  it('named --clients hold that many for the time of the stages', () => {
    expect(load(staged, { clients: '100' }).load.stages).toEqual([
      { durationMs: 100, target: 100 },
      { durationMs: 10_000, target: 100 },
    ]);
  });

  it('named --duration hold the most clients of the stages for that time', () => {
    expect(load(staged, { duration: '2s' }).load.stages).toEqual([
      { durationMs: 8, target: 8 },
      { durationMs: 2000, target: 8 },
    ]);
  });
});

describe('an override of what an alias stands for', () => {
  it('is told as such', () => {
    const anchored = plain.replace('duration: 10s', 'duration: &d 10s, gracefulStop: *d');
    expect(problemsOf(() => load(anchored, { duration: '5s' }))[0]?.message).toContain('unresolved alias');
  });
});

describe('a mistake that is in neither alone is the option’s', () => {
  const loaded = (text: string) => plain.replace('{ clients: 10, duration: 10s }', text);
  const long = loaded('{ clients: 1000, duration: 1s, connectRate: 100/s, warmup: 5s }');
  const measured = (selector: string) => `${plain}thresholds: { '${selector}': ['count>0'] }\n`;

  it.each<[string, string, Overrides, string]>([
    [
      'a warm-up',
      loaded('{ clients: 10, duration: 10s, warmup: 5s }'),
      { duration: '1s' },
      '--duration 1s: the warm-up of 5s',
    ],
    [
      'a warm-up that leaves what the ramp takes',
      loaded('{ clients: 10, duration: 10s, warmup: 5s }'),
      { duration: '5s' },
      "--duration 5s: the warm-up of 5s leaves only 10ms of the run's 5.01s to measure",
    ],
    ['a warm-up in a ramp', long, { clients: '10' }, '--clients 10: the warm-up of 5s leaves nothing of the run'],
    ['the same', long, { connectRate: '1000/s' }, '--connect-rate 1000/s: the warm-up of 5s leaves nothing of the run'],
    ['the same', long, { seed: '1', set: ['load.clients=10'] }, '--set load.clients=10: the warm-up of 5s'],
    [
      'stages',
      staged,
      { connectRate: '1/s' },
      '--connect-rate 1/s: a ramp by 8 in 4s is steeper than connectRate allows',
    ],
    [
      'local addresses',
      loaded('{ clients: 10, duration: 10s, localAddresses: [127.0.0.2] }'),
      { target: '[::1]:80' },
      '--target [::1]:80: no address is of the target',
    ],
    [
      'a threshold',
      measured('packets_sent{packet:C_Say}'),
      { set: ['clients.one={ every: [{ rate: 2/s, send: Echo, with: { sequence: 1 } }] }'] },
      '--set clients.one={ every: [{ rate: 2/s, send: Echo, with: { sequence: 1 } }] }: `packets_sent` never has',
    ],
  ])('%s', (_what, scenario, overrides, message) => {
    expect(load(scenario)).toBeDefined();
    const [refusal, ...others] = refusals(scenario, overrides);
    expect(refusal?.slice(0, message.length)).toBe(message);
    expect(others).toEqual([]);
  });

  it('and of several the one that brings it about is named', () => {
    const scenario = loaded('{ clients: 10, duration: 10s, warmup: 5s }');
    const [refusal] = refusals(scenario, {
      duration: '2s',
      seed: '1',
      set: ['load.duration=9s', 'load.connectRate=100/s'],
    });
    expect(refusal).toMatch(/^--duration 2s: /);
  });

  it('with a cure that can be pasted', () => {
    const scenario = loaded('{ clients: 10, duration: 60s, warmup: 30s }');
    const [problem] = problemsOf(() => load(scenario, { duration: '20s' }));
    expect(problem?.hint).toBe('shorten load.warmup, as in --set load.warmup=2s, or let the run last longer');
    expect(load(scenario, { duration: '20s', set: ['load.warmup=2s'] }).load.warmupMs).toBe(2000);
  });

  it('but what the file alone has wrong stays the file’s', () => {
    const [problem] = problemsOf(() => load(`${plain}nmae: x\n`, { duration: '1s' }));
    expect(problem?.place).toMatchObject({ line: plain.split('\n').length });
    expect(problem?.flag).toBeUndefined();
  });
});

describe('a mistake in an option names the option, not a line', () => {
  it.each<[Overrides, string]>([
    [{ target: 'nowhere' }, '--target nowhere: the target `nowhere` has no port'],
    [{ clients: 'many' }, '--clients many: `many` is not a whole number'],
    [{ clients: '0' }, '--clients 0: 0 is too small: 1 is the least'],
    [{ duration: '5' }, '--duration 5: the duration 5 has no unit'],
    [{ connectRate: '5' }, '--connect-rate 5: `5` is not a rate'],
    [{ seed: '-1' }, '--seed -1: -1 is too small: 0 is the least'],
    [{ set: ['load.warmup=5'] }, '--set load.warmup=5: the duration 5 has no unit'],
    [{ set: ['load.warmpu=5s'] }, '--set load.warmpu=5s: `warmpu` is not a key of a load'],
    [{ set: ['load.warmup'] }, '--set load.warmup: this is not path=value'],
    [{ set: ['=1'] }, '--set =1: this is not path=value'],
    [{ set: ['load={'] }, '--set load={: the value is not valid YAML'],
    [{ set: ['seed=*a'] }, '--set seed=*a: the value is not valid YAML'],
    [{ set: ['target.x=1'] }, '--set target.x=1: target is a single value, so x cannot be set in it'],
    [{ set: ['load[0]=1'] }, '--set load[0]=1: load is a mapping, not a list'],
    [
      { set: ['clients.one.every[2].interval=1s'] },
      '--set clients.one.every[2].interval=1s: clients.one.every is a list of 1: write [0], or [1] to append to it',
    ],
    [{ set: ['clients.noe.weight=2'] }, '--set clients.noe.weight=2: there is no kind of client `noe`'],
    [
      { set: ['clients.noe.every[0].interval=1s'] },
      '--set clients.noe.every[0].interval=1s: there is no kind of client `noe`',
    ],
    [{ set: ['thresholds.errors=[]'] }, '--set thresholds.errors=[]: the list is empty'],
  ])('%j', (overrides, message) => {
    expect(refusals(plain, overrides)).toEqual([message]);
  });

  it('and so does the sentence that sums up, beside the scenario where that has mistakes too', () => {
    expect(() => load(plain, { clients: '0', set: ['load.warmup=5'] })).toThrow(
      /^--clients 0 and --set load\.warmup=5 have 2 mistakes; nothing was started\.$/,
    );
    expect(() => load(plain, { clients: '0' })).toThrow(/^--clients 0 has a mistake; nothing was started\.$/);
    expect(() => load(`${plain}\nnmae: x\n`, { clients: '0' })).toThrow(
      /^The scenario \S+ and --clients 0 have 2 mistakes; nothing was started\.$/,
    );
  });
});
