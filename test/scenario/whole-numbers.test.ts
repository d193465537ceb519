import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/load/random.js';
import { Protocol } from '../../src/packets/index.js';
import { compileTemplate, compileValue, type Scope } from '../../src/scenario/expressions.js';
import { loadScenario } from '../../src/scenario/load.js';
import type { Plan, SendStep } from '../../src/scenario/plan.js';
import { load, problemsOf, writeFiles } from './scenario-files.js';

const scope: Scope = {
  client: { index: 0, kind: 'one' },
  send: { index: 0 },
  data: {},
  saved: {},
  env: {},
  random: RandomStream.of(1, 'test'),
  stamp: { sender: 0, timeUs: 0 },
  reply: null,
};

const inline = '{ definitions: { Wide: { id: 1, fields: { u: u64, i: i64, d: f64 } } } }';
const proto = `syntax = "proto3";
enum MsgId { NONE = 0; WIDE = 1; }
message Wide { uint64 u = 1; sint64 i = 2; double d = 3; }`;
const pdl = '<PDL><packet name="Wide"><long name="u"/><long name="i"/><double name="d"/></packet></PDL>';

function planOf(packets: string, step: string): Plan {
  const scenario = `
target: 127.0.0.1:7777
protocol: { packets: ${packets}${packets === 'json' ? ', framing: line' : ''} }
load: { clients: 1, duration: 1s }
clients: { one: { loop: [ ${step} ] } }
`;
  const files = { 'scenario.yaml': scenario, 'wide.proto': proto, 'wide.xml': pdl };
  return loadScenario(writeFiles(files), { overrides: {}, env: {} }).plan;
}

function stepOf(packets: string, step: string): SendStep {
  return planOf(packets, step).kinds[0]!.loop[0] as SendStep;
}

/** What the server reads of the packet Wide that was sent with these values. */
function received(packets: string, values: string) {
  const plan = planOf(packets, `{ send: Wide, with: ${values} }`);
  const protocol = new Protocol(plan.protocol);
  const encoder = protocol.encoder('Wide', 'client');
  const { values: templates } = plan.kinds[0]!.loop[0] as SendStep;
  const encodable = templates.map((template, i) => compileTemplate(template, encoder.definition.fields[i]!)(scope));
  const frame = new Uint8Array(encoder.frameSize(encodable));
  encoder.write(encodable, frame, 0);
  return protocol.decoder('Wide', 'all', 'server').decode(frame, 0, frame.length);
}

const largest = 2n ** 64n - 1n;
const odd = 2n ** 53n + 1n;

describe('a whole number of 64 bits', () => {
  it.each([
    ['inline', inline],
    ['protobuf', 'wide.proto'],
  ])('keeps every digit in a field, %s', (_format, packets) => {
    for (const u of [largest, `'\${${largest}u}'`, `'\${uint(\\'${largest}\\')}'`.replaceAll("\\'", "''")]) {
      expect(received(packets, `{ u: ${u}, i: -${2n ** 63n}, d: ${odd} }`)).toEqual({
        u: largest,
        i: -(2n ** 63n),
        d: 2 ** 53,
      });
    }
    expect(received(packets, '{ u: 0xffffffffffffffff, i: 5, d: 1 }')).toEqual({ u: largest, i: 5n, d: 1 });
  });

  it('keeps every digit in a field of PDL', () => {
    const values = `{ u: ${odd}, i: '\${${odd}u}', d: 1.5 }`;
    expect(received('wide.xml', values)).toEqual({ u: odd, i: odd, d: 1.5 });
  });

  it('keeps every digit in a constant', () => {
    const packets = `{ definitions: { Wide: { id: 1, fields: { u: { const: ${largest}, type: u64 }, i: i64, d: f64 } } } }`;
    expect(received(packets, '{ i: 0, d: 0 }')).toEqual({ u: largest, i: 0n, d: 0 });
  });

  it('keeps every digit in JSON, and in what is waited for', () => {
    const { values, expect: expected } = stepOf(
      'json',
      `{ send: { a: ${largest}, b: '\${${largest}u}', c: '\${[${largest}u]}', d: 'n \${${largest}u}' }, expect: { match: { /a: ${largest} }, where: { /b: ${odd} } } }`,
    );
    expect(compileValue(values[0]!)(scope)).toBe(`{"a":${largest},"b":${largest},"c":[${largest}],"d":"n ${largest}"}`);
    expect(expected?.matches).toEqual([{ kind: 'json', members: { '/a': largest } }]);
    expect(expected?.where).toEqual([{ field: '/b', value: { kind: 'constant', value: odd } }]);
  });

  it('keeps every digit in what replies are told apart by, and in what is saved', () => {
    const { expect: expected } = stepOf(
      inline,
      `{ send: Wide, with: { u: 1, i: 1, d: 1 }, expect: { packet: Wide, where: { u: ${largest} }, save: { a: ${largest}, b: '\${${largest}u}' } } }`,
    );
    expect(expected?.where).toEqual([{ field: 'u', value: { kind: 'constant', value: largest } }]);
    expect(expected?.save.map(({ value }) => compileValue(value)(scope))).toEqual([largest, largest]);
  });

  it('keeps every digit in the options of a bot, and in --set', () => {
    const scenario = `
target: 127.0.0.1:7777
protocol: { packets: text, framing: line }
load: { clients: 1, duration: 1s }
clients: { one: { bot: bot.js, options: { wide: ${largest}, narrow: 5 } } }
`;
    const file = writeFiles({ 'scenario.yaml': scenario, 'bot.js': 'export default class {}' });
    const set = [`clients.one.options.set=${odd}`];
    const { plan } = loadScenario(file, { overrides: { set }, env: {} });
    expect(plan.kinds[0]?.bot?.options).toEqual({ wide: largest, narrow: 5, set: odd });
  });
});

describe('a message about a whole number', () => {
  function problems(values: string): readonly string[] {
    return problemsOf(() => planOf(inline, `{ send: Wide, with: ${values} }`)).map(
      ({ message, hint }) => `${message} (${hint})`,
    );
  }

  it('quotes what was written', () => {
    expect(problems('{ u: 18446744073709551616, i: 0, d: 0 }')).toEqual([
      'Wide.u is of type u64: 18446744073709551616 is not within 0 to 18446744073709551615 (undefined)',
    ]);
    const tooMany =
      'target: 127.0.0.1:1\nload: { clients: 9007199254740993, duration: 1s }\nclients: { one: { loop: [] } }\n';
    expect(problemsOf(() => load(tooMany)).map(({ message }) => message)).toContain(
      '9007199254740993 is too large: 1000000 is the most',
    );
  });

  it('has a cure that works', () => {
    expect(problems(`{ u: '${largest}', i: 0, d: 0 }`)).toEqual([
      `Wide.u is of type u64, but this is text (write ${largest}, without quotes)`,
    ]);
    expect(problems('{ u: 1e17, i: 0, d: 0 }')).toEqual([
      'Wide.u is of type u64: 100000000000000000 is a number beyond 2^53, which is not exact: it must be a bigint (write all of its digits, without an exponent: each is kept)',
    ]);
  });
});
