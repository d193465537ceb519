import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SendStep } from '../../src/scenario/plan.js';
import { load, problemsOf } from './scenario-files.js';

const packets = `
    enums: { Kind: { chat: 1, whisper: 2 } }
    structs: { Vec: { x: f32, y: f32 } }
    definitions:
      Login: { id: 1, fields: { kind: Kind, n: u8, at: Vec, list: { array: u64, count: n }, blob: { bytes: u8 }, to: { type: u32, when: { kind: 2 } } } }
      Wide: { id: 2, fields: { time: u32, narrow: u24, text: { type: string, encoding: utf-16be } } }
      Said: { id: 3, fields: { text: string } }
`;

const scenarioWith = (definitions: string, step: string) => `
target: 127.0.0.1:7777
protocol:
  packets: ${definitions}
load: { clients: 1, duration: 1s }
clients: { one: { loop: [ ${step} ] } }
`;

function sent(step: string): SendStep {
  return load(scenarioWith(packets, step)).kinds[0]?.loop[0] as SendStep;
}

describe('values for packets defined inline', () => {
  it('become templates of every shape', () => {
    const step = sent(`
      { send: Login, with: { kind: whisper, at: { x: 1, y: '\${client.index}' }, list: [ 1, '\${send.index}' ], blob: { base64: 'AP8=' } } }`);
    expect(step.values).toEqual([
      { kind: 'constant', value: 2 },
      { kind: 'absent' },
      {
        kind: 'struct',
        values: [
          { kind: 'constant', value: 1 },
          { kind: 'expression', source: 'client.index' },
        ],
      },
      {
        kind: 'array',
        items: [
          { kind: 'constant', value: 1n },
          { kind: 'expression', source: 'send.index' },
        ],
      },
      { kind: 'bytes', hex: '00ff' },
      { kind: 'absent' },
    ]);
  });

  it('a stamp goes into 32 bits or more, and into strings in which it is found again', () => {
    const wide = sent("{ send: Wide, with: { time: '${stamp}', narrow: 0, text: '' }, broadcast: Wide }");
    expect(wide.broadcast).toMatchObject({ packet: 'Wide', field: 'time' });
    expect(sent("{ send: Said, with: { text: '${stamp}' }, broadcast: Said }").broadcast?.field).toBeNull();
    const messages = (step: string) => problemsOf(() => sent(step)).map(({ message }) => message);
    expect(messages("{ send: Wide, with: { time: 0, narrow: '${stamp}', text: '' }, broadcast: Wide }")).toEqual([
      'Wide.narrow is of type u24, which is too narrow for a stamp',
    ]);
    expect(messages("{ send: Wide, with: { time: 0, narrow: 0, text: '${stamp}' }, broadcast: Wide }")).toEqual([
      'the strings of `Wide` have different encodings, or one in which stamps are not found',
    ]);
  });
});

describe('a field in the header', () => {
  it('is refused where the framing has something else there, whichever packet it is of', () => {
    const definitions =
      '{ definitions: { A: { id: 1 }, B: { id: 2, to: client, fields: { x: { type: u16, at: 3 } } } } }';
    const problems = problemsOf(() => load(scenarioWith(definitions, '{ send: A }')));
    expect(problems.map(({ message }) => message)).toEqual([
      'packet B wants `x` in bytes 3 to 4 of the header, but the header has 4 bytes',
    ]);
  });
});

describe('structures', () => {
  it('that double again and again end with a message, not with the memory', () => {
    const structs = Array.from({ length: 30 }, (_, i) => `S${i}: { a: S${i + 1}, b: S${i + 1} }`).join(', ');
    const definitions = `{ structs: { ${structs}, S30: { x: u8 } }, definitions: { P: { id: 1, fields: { a: S0 } } } }`;
    const problems = problemsOf(() => load(scenarioWith(definitions, '{ send: P, with: { a: {} } }')));
    expect(problems.map(({ message }) => message)).toEqual(['with this the packets have more than 4096 fields']);
  });
});

it('the example of the README is valid', () => {
  const [, example = ''] =
    /### Packets defined inline[\s\S]*?```yaml\nprotocol:\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const definitions = example.slice(example.indexOf('\n'));
  const plan = load(
    scenarioWith(
      definitions,
      "{ send: Login, with: { name: a, level: 1, kind: chat, at: { x: 0, y: 0 } }, expect: { packet: World, check: { x: '${reply.players[0].x > 0.0}' } } }",
    ),
  );
  expect(plan.protocol.packets.format).toBe('inline');
});
