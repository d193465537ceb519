import { describe, expect, it } from 'vitest';
import { serverCoreFraming } from '../../src/core/index.js';
import type { Expectation, SendStep } from '../../src/scenario/plan.js';
import { load, loadKind, scenarioWith } from './scenario-files.js';

function firstStep(kind: string): SendStep {
  const step = loadKind(kind).start[0];
  if (step?.verb !== 'send') throw new Error('the first step is no send');
  return step;
}

function firstExpectation(expect: string): Expectation {
  return firstStep(`{ start: [{ send: Echo, with: { sequence: 1 }, expect: ${expect} }] }`).expect!;
}

describe('the plan of a small scenario', () => {
  const plan = load(scenarioWith('{ loop: [] }'));

  it('has every default filled in', () => {
    expect(plan).toMatchObject({
      name: 'scenario',
      target: { kind: 'tcp', host: '127.0.0.1', port: 7777 },
      seed: 1,
      thresholds: [],
      env: {},
      load: {
        warmupMs: 0,
        begin: 'each',
        gracefulStopMs: 1000,
        connectTimeoutMs: 10_000,
        maxClients: 10,
        pacing: 'normal',
        localAddresses: [],
        tcp: { noDelay: true, keepAliveMs: null },
      },
    });
    expect(plan.kinds).toEqual([
      {
        name: 'one',
        weight: 1,
        data: null,
        bot: null,
        start: [],
        loop: [],
        every: [],
        on: [],
        lifetimeMs: null,
        reconnect: null,
        faults: [],
      },
    ]);
  });

  it('has the framing of ServerCore, both ways', () => {
    expect(plan.protocol.send).toEqual(serverCoreFraming);
    expect(plan.protocol.receive).toEqual(serverCoreFraming);
  });

  it('connects the clients at the connect rate, then holds them for the duration', () => {
    expect(plan.load.stages).toEqual([
      { durationMs: 10, target: 10 },
      { durationMs: 10_000, target: 10 },
    ]);
  });

  it('survives being sent to another process', () => {
    expect(structuredClone(plan)).toEqual(plan);
  });
});

it.each([
  ['1s', 1_000],
  ['9h6m7s', 32_767_000],
])('keep-alive may be %s: the system takes no less, and no more', (keepAlive, keepAliveMs) => {
  const { tcp } = load(`
target: localhost:1
protocol: { framing: line, packets: text }
load: { clients: 1, duration: 1s, tcp: { keepAlive: ${keepAlive} } }
clients: { one: { loop: [] } }
`).load;
  expect(tcp.keepAliveMs).toBe(keepAliveMs);
});

describe('framing', () => {
  const framings = (framing: string) =>
    load(`
target: localhost:1
protocol: { framing: ${framing}, packets: text }
load: { clients: 1, duration: 1s }
clients: { one: { loop: [] } }
`).protocol;

  it('by name', () => {
    expect(framings('line').send).toEqual({ kind: 'delimiter', delimiters: [[0x0a]], maxPacketSize: 65_535 });
    expect(framings('raw').receive).toEqual({ kind: 'raw' });
  });

  it('by a delimiter', () => {
    expect(framings('{ delimiter: "\\r\\n", maxPacketSize: 100 }').send).toEqual({
      kind: 'delimiter',
      delimiters: [[0x0d, 0x0a]],
      maxPacketSize: 100,
    });
  });

  it('by a length field', () => {
    expect(framings('{ lengthFieldLength: 4, endian: big, lengthAdjustment: -4 }').send).toEqual({
      kind: 'length',
      lengthFieldOffset: 0,
      lengthFieldLength: 4,
      endian: 'big',
      lengthAdjustment: -4,
      headerSize: 4,
      maxPacketSize: 65_535,
    });
  });

  it('with one for each direction', () => {
    const { send, receive } = framings('{ send: line, receive: raw }');
    expect([send.kind, receive.kind]).toEqual(['delimiter', 'raw']);
  });
});

describe('values', () => {
  it('stand in the order of the definition, constants in the type of their field', () => {
    const step = firstStep(`
    start:
      - send: C_All
        with:
          text: 'a \${client.index}'
          yes: true
          b: 255
          s: -1
          i: '\${client.index}'
          l: 5
          f: 1.5
          d: 2
          skills: [{ levels: [{ points: 1 }], id: 9 }]
`);
    expect(step.values).toEqual([
      { kind: 'constant', value: 255 },
      { kind: 'constant', value: -1 },
      { kind: 'expression', source: 'client.index' },
      { kind: 'constant', value: 5n },
      { kind: 'constant', value: 1.5 },
      { kind: 'constant', value: 2 },
      { kind: 'constant', value: true },
      { kind: 'text', parts: ['a ', { source: 'client.index' }] },
      {
        kind: 'list',
        items: [
          [
            { kind: 'constant', value: 9 },
            { kind: 'list', items: [[{ kind: 'constant', value: 1 }]] },
          ],
        ],
      },
    ]);
  });

  it('may have a literal ${', () => {
    expect(firstStep("{ start: [{ send: C_Say, with: { text: 'a $${b}' } }] }").values).toEqual([
      { kind: 'constant', value: 'a ${b}' },
    ]);
  });

  it('of env are in the plan, those that are read alone', () => {
    const scenario = scenarioWith("{ start: [{ send: C_Say, with: { text: '${env.A}' } }] }");
    expect(load(scenario, {}, { A: 'x', B: 'y' }).env).toEqual({ A: 'x' });
  });
});

describe('an expectation', () => {
  it('in short names a packet, with the defaults for the rest', () => {
    expect(firstExpectation('S_Said')).toEqual({
      matches: [{ kind: 'packet', packet: 'S_Said' }],
      timeoutMs: 5000,
      onTimeout: 'fail',
      where: [],
      save: [],
      check: [],
      fields: [],
    });
  });

  it('may wait for whichever of several comes first', () => {
    const both = [
      { kind: 'packet', packet: 'S_Said' },
      { kind: 'packet', packet: 'Echo' },
    ];
    expect(firstExpectation('[S_Said, Echo]').matches).toEqual(both);
    expect(firstExpectation('{ packet: [S_Said, Echo] }').matches).toEqual(both);
  });

  it('lists the fields that where, save and check read, and no others', () => {
    const expectation = firstExpectation(`{
      packet: S_All,
      timeout: 2s,
      onTimeout: continue,
      where: { i: '\${send.index}' },
      save: { id: '\${reply.l}', fixed: 3 },
      check: { ok: '\${reply.skills.exists(s, s.id == 1) && !reply.yes}' }
    }`);
    expect(expectation).toMatchObject({
      timeoutMs: 2000,
      onTimeout: 'continue',
      where: [{ field: 'i', value: { kind: 'expression', source: 'send.index' } }],
      save: [
        { name: 'id', value: { kind: 'expression', source: 'reply.l' } },
        { name: 'fixed', value: { kind: 'constant', value: 3n } },
      ],
      check: [{ name: 'ok', value: { kind: 'expression' } }],
    });
    expect([...expectation.fields].sort()).toEqual(['i', 'l', 'skills', 'yes']);
  });

  it('of a text protocol is a line, or a pattern between slashes', () => {
    const plan = load(`
target: localhost:1
protocol: { framing: line, packets: text }
load: { clients: 1, duration: 1s }
clients:
  one:
    loop:
      - { send: 'GET \${client.index}', expect: [+OK, '/^-ERR (?P<why>.*)/'] }
      - { send: QUIT, expect: { line: +OK, pattern: ^-ERR } }
    on:
      /^PING/: [{ send: 'PONG \${reply.line}' }]
`);
    const [get, quit] = plan.kinds[0]!.loop as SendStep[];
    expect(get).toMatchObject({
      packet: 'GET ${client.index}',
      values: [{ kind: 'text', parts: ['GET ', { source: 'client.index' }] }],
    });
    expect(get?.expect?.matches).toEqual([
      { kind: 'line', text: '+OK' },
      { kind: 'pattern', pattern: '^-ERR (?P<why>.*)' },
    ]);
    expect(quit?.expect?.matches).toEqual([
      { kind: 'line', text: '+OK' },
      { kind: 'pattern', pattern: '^-ERR' },
    ]);
    expect(plan.kinds[0]!.on).toMatchObject([{ match: { kind: 'pattern', pattern: '^PING' }, fields: ['line'] }]);
  });

  it('of a text protocol may have line breaks of its own, and is named on one line', () => {
    const plan = load(`
target: localhost:1
protocol: { framing: { send: raw, receive: crlf }, packets: text }
load: { clients: 1, duration: 1s }
clients: { one: { loop: [{ send: "*1\\r\\n$4\\r\\nPING\\r\\n", expect: +PONG }] } }
`);
    const [ping] = plan.kinds[0]!.loop as SendStep[];
    expect(ping).toMatchObject({
      packet: '*1 $4 PING',
      values: [{ kind: 'constant', value: '*1\r\n$4\r\nPING\r\n' }],
    });
  });
});

describe('a kind of client', () => {
  const kind = loadKind(`
    weight: 3
    data: users.csv
    lifetime: 20s..40s
    start:
      - send: C_Say
        with: { text: '\${data.name}' }
        expect: { packet: S_Said, save: { id: '\${reply.i}' } }
    loop:
      - expect: S_Said
      - pause: 100ms..300ms
      - repeat: { times: 2, steps: [{ send: Echo, with: { sequence: '\${saved.id}' } }] }
      - disconnect:
    every:
      - { interval: 250ms, send: Echo, with: { sequence: 1 } }
      - { rate: 4/s, send: Echo, with: { sequence: 2 } }
    on:
      S_Said: [{ send: Echo, with: { sequence: '\${reply.i}' } }]
`);

  it('has its rows of data', () => {
    expect(kind.data).toEqual({
      columns: ['name', 'level'],
      rows: [
        ['Arin', '3'],
        ['Bora', '7'],
      ],
    });
  });

  it('names each step by its path in the file', () => {
    expect(kind.start[0]).toMatchObject({ verb: 'send', path: 'one.start[0]' });
    expect(kind.loop).toMatchObject([
      { verb: 'expect', path: 'one.loop[0]', expect: { timeoutMs: 5000 } },
      { verb: 'pause', durationMs: { min: 100, max: 300 } },
      { verb: 'repeat', times: 2, steps: [{ verb: 'send', path: 'one.loop[2].repeat.steps[0]' }] },
      { verb: 'disconnect' },
    ]);
    expect(kind.every).toMatchObject([
      { rate: { kind: 'constant', intervalMs: 250 }, send: { path: 'one.every[0]' } },
      { rate: { kind: 'constant', intervalMs: 250 }, send: { path: 'one.every[1]' } },
    ]);
    expect(kind.on).toMatchObject([
      { match: { kind: 'packet', packet: 'S_Said' }, fields: ['i'], steps: [{ path: 'one.on.S_Said[0]' }] },
    ]);
    expect(kind).toMatchObject({ weight: 3, lifetimeMs: { min: 20_000, max: 40_000 } });
  });
});

describe('thresholds', () => {
  it('are parsed, in both forms', () => {
    const plan = load(`${scenarioWith('{ start: [{ send: Echo, with: { sequence: 1 }, expect: Echo }] }')}
thresholds:
  'response_time{packet:Echo,client:one}':
    - p(99)<100
    - { threshold: p(50)<10, abortOnFail: true, delayAbortEval: 10s }
`);
    expect(plan.thresholds).toMatchObject([
      { metric: 'response_time', tags: { packet: 'Echo', client: 'one' }, source: 'p(99)<100', abortOnFail: false },
      { source: 'p(50)<10', limit: 10, abortOnFail: true, delayAbortEvalMs: 10_000 },
    ]);
  });
});
