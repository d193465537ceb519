import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import type { ClientKindPlan, SendStep } from '../../src/scenario/plan.js';

const folder = mkdtempSync(join(tmpdir(), 'swarm-frames-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'ping.bin'), Buffer.from('00ff', 'hex'));

/** The one kind of a scenario with these packets and lists. */
function kindOf(protocol: string, lists: string): ClientKindPlan {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(
    file,
    `target: 127.0.0.1:1\nprotocol: ${protocol}\nload: { clients: 1, duration: 1s }\nclients:\n  one:\n${lists}`,
  );
  return loadScenario(file, { env: {} }).plan.kinds[0]!;
}

function firstSend(protocol: string, step: string): SendStep {
  return kindOf(protocol, `    start: [${step}]\n`).start[0] as SendStep;
}

describe('JSON that a step sends', () => {
  const sent = (value: string) => firstSend('{ framing: line, packets: json }', `{ send: ${value} }`).values;

  it('is one constant text where it has no expressions, its keys in their order', () => {
    expect(sent(`{ z: 1, a: [null, true, 1.5, 'x"y'], m: { n: '$\${stamp}' } }`)).toEqual([
      { kind: 'constant', value: '{"z":1,"a":[null,true,1.5,"x\\"y"],"m":{"n":"${stamp}"}}' },
    ]);
    expect(sent('~')).toEqual([{ kind: 'constant', value: 'null' }]);
  });

  it('has whole values, parts of strings and nothing else left open', () => {
    expect(sent("{ n: '${send.index}', s: 'a\\${client.kind}' }".replace('\\', ''))).toEqual([
      {
        kind: 'json',
        parts: [
          '{"n":',
          { source: 'send.index', quoted: false },
          ',"s":"a',
          { source: 'client.kind', quoted: true },
          '"}',
        ],
      },
    ]);
  });
});

describe('JSON that a step waits for', () => {
  const expected = (expect: string) =>
    firstSend('{ framing: line, packets: json }', `{ send: 1, expect: ${expect} }`).expect!;

  it('is short, long, or a list: whichever comes', () => {
    const welcome = { kind: 'json', members: { '/type': 'welcome' } };
    expect(expected('{ /type: welcome }').matches).toEqual([welcome]);
    expect(expected('{ match: { /type: welcome } }').matches).toEqual([welcome]);
    expect(expected('[{ /type: welcome }, any]').matches).toEqual([welcome, { kind: 'json', members: {} }]);
    expect(expected("{ match: [{ /type: welcome }, { '': 1 }] }").matches).toEqual([
      welcome,
      { kind: 'json', members: { '': 1 } },
    ]);
  });

  it('is read by the pointers of its expressions and of where', () => {
    const { where, fields } = expected(
      `{ match: any, where: { /seq: '\${send.index}', /n: 1 }, check: { ok: '\${reply.has("/ok") && reply.at("/n") == 1}' } }`,
    );
    expect(where).toEqual([
      { field: '/seq', value: { kind: 'expression', source: 'send.index' } },
      { field: '/n', value: { kind: 'constant', value: 1n } },
    ]);
    expect(fields).toEqual(['/seq', '/n', '/ok']);
  });
});

describe('files of bytes', () => {
  const file = { kind: 'bytes', hex: '00ff' };

  it('are sent, and waited for, from the folder of the scenario', () => {
    const step = firstSend(
      '{ framing: u8, packets: bytes }',
      '{ send: { file: ping.bin }, expect: [{ file: ./ping.bin }, any] }',
    );
    expect(step.values).toEqual([file]);
    expect(step.expect!.matches).toEqual([
      { kind: 'bytes', pattern: '00ff' },
      { kind: 'bytes', pattern: '*' },
    ]);
  });

  it('fill fields of bytes, and so does text with expressions', () => {
    const packets = '{ definitions: { Blob: { id: 1, fields: { data: { bytes: rest } } } } }';
    const send = (data: string) =>
      firstSend(`{ packets: ${packets} }`, `{ send: Blob, with: { data: ${data} } }`).values;
    expect(send('{ file: ping.bin }')).toEqual([file]);
    expect(send("{ text: 'a $${' }")).toEqual([{ kind: 'bytes', hex: '6120247b' }]);
    expect(send("{ text: 'n ${client.index}' }")).toEqual([
      { kind: 'text', parts: ['n ', { source: 'client.index' }] },
    ]);
  });
});

describe('answers to frames that have no names', () => {
  it('are a list, and know what they read', () => {
    const { on } = kindOf(
      '{ framing: line, packets: json }',
      `    on: [{ match: { /type: ping }, steps: [{ send: { id: '\${reply.at("/id")}' } }] }]\n`,
    );
    expect(on).toMatchObject([{ match: { kind: 'json', members: { '/type': 'ping' } }, fields: ['/id'] }]);
    expect(on[0]!.steps).toMatchObject([{ verb: 'send', path: 'one.on[0].steps[0]', packet: 'json' }]);
  });
});

it('the example of README.md is valid', () => {
  const [, example] = /### JSON and bytes[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const file = join(folder, 'readme.yaml');
  writeFileSync(file, `target: 127.0.0.1:1\nload: { clients: 1, duration: 1s }\n${example}`);
  expect(loadScenario(file, { env: {} }).plan.kinds).toHaveLength(1);
});
