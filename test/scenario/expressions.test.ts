import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/load/random.js';
import type { FieldDefinition, PacketSet } from '../../src/packets/definition.js';
import { parsePdl } from '../../src/packets/pdl.js';
import { textPacket } from '../../src/packets/text.js';
import {
  compileTemplate,
  compileValue,
  ExpressionError,
  replyShape,
  type Scope,
} from '../../src/scenario/expressions.js';
import type { Match, ValueTemplate } from '../../src/scenario/plan.js';
import { packetsXml } from './scenario-files.js';

const packets: PacketSet = parsePdl(packetsXml, 'packets.xml');

function scope(changes: Partial<Scope> = {}): Scope {
  return {
    client: { index: 7, kind: 'one' },
    send: { index: 3 },
    data: { name: 'Arin' },
    saved: { id: 41n },
    env: { HOST_NAME: 'here' },
    random: RandomStream.of(1, 'test'),
    stamp: { sender: 7, timeUs: 1_000_000 },
    reply: null,
    ...changes,
  };
}

const expression = (source: string): ValueTemplate => ({ kind: 'expression', source });
const packet = (name: string): Match => ({ kind: 'packet', packet: name });

function field(name: string): FieldDefinition {
  const all = packets.format === 'pdl' ? packets.packets[0] : undefined;
  return all!.fields.find((candidate) => candidate.name === name)!;
}

describe('a template for a field', () => {
  it('gives a constant as it is', () => {
    expect(compileTemplate({ kind: 'constant', value: 5 }, field('i'))(scope())).toBe(5);
  });

  it.each([
    ['i', 'client.index + 1', 8],
    ['b', 'send.index', 3],
    ['l', '9007199254740993', 9007199254740993n],
    ['f', '2', 2],
    ['d', '1.0 / 4.0', 0.25],
    ['yes', 'client.kind == "one"', true],
    ['text', 'client.index', '7'],
    ['text', 'data.name + "!"', 'Arin!'],
    ['text', 'env.HOST_NAME', 'here'],
    ['i', 'saved.id + 1', 42],
  ])('%s gets ${%s} in its own JavaScript type', (name, source, value) => {
    expect(compileTemplate(expression(source), field(name))(scope())).toBe(value);
  });

  it('joins text and expressions', () => {
    const template: ValueTemplate = {
      kind: 'text',
      parts: ['hello ', { source: 'send.index' }, ' from ', { source: 'data.name' }],
    };
    expect(compileTemplate(template, textPacket.fields[0]!)(scope())).toBe('hello 3 from Arin');
  });

  it('gives a list as one array per element, in the order of its fields', () => {
    const template: ValueTemplate = {
      kind: 'list',
      items: [
        [expression('client.index'), { kind: 'list', items: [] }],
        [
          { kind: 'constant', value: 2 },
          { kind: 'list', items: [[expression('1 + 1')]] },
        ],
      ],
    };
    expect(compileTemplate(template, field('skills'))(scope())).toEqual([
      [7, []],
      [2, [[2]]],
    ]);
  });

  it('reads the values of each call anew', () => {
    const evaluate = compileTemplate(expression('send.index'), field('i'));
    expect([0, 1, 2].map((index) => evaluate(scope({ send: { index } })))).toEqual([0, 1, 2]);
  });
});

describe('a reply', () => {
  const reply = { i: 5, l: 6n, f: 0.5, yes: true, text: 'hi', skills: [{ id: 1 }, { id: 2 }] };
  const shape = replyShape(packets, [packet('S_All')]);
  const read = (source: string) => compileValue(expression(source), shape)(scope({ reply }));

  it.each([
    ['reply.i + 1', 6n],
    ['reply.l', 6n],
    ['reply.f * 2.0', 1],
    ['reply.yes', true],
    ['reply.text.size()', 2n],
    ['reply["text"]', 'hi'],
    ['reply.skills[1].id', 2n],
    ['size(reply.skills)', 2n],
    ['reply.skills.exists(skill, skill.id == 2)', true],
  ])('has ${%s}', (source, value) => {
    expect(read(source)).toBe(value);
  });

  it('of several packets has the fields that all of them have', () => {
    expect(replyShape(packets, [packet('S_All'), packet('S_Said')]).fields.map(({ name }) => name)).toEqual([
      'i',
      'text',
    ]);
  });

  it('of a text protocol has the line and the named groups of its pattern', () => {
    const matches: Match[] = [{ kind: 'pattern', pattern: '^:(?P<count>\\d+)$' }];
    const evaluate = compileValue(
      expression('int(reply.groups.count) + size(reply.line)'),
      replyShape({ format: 'text' }, matches),
    );
    expect(evaluate(scope({ reply: { line: ':41', groups: { count: '41' } } }))).toBe(44n);
  });
});

describe('random', () => {
  it('follows from the seed', () => {
    const draw = () => compileTemplate(expression('random.int(0, 1000000)'), field('i'))(scope());
    expect(draw()).toBe(draw());
  });

  it('draws whole numbers within both bounds', () => {
    const evaluate = compileValue(expression('random.int(-1, 1)'));
    const stream = scope();
    const drawn = new Set(Array.from({ length: 100 }, () => evaluate(stream)));
    expect([...drawn].sort()).toEqual([-1n, 0n, 1n]);
  });

  it('draws fractions, text and choices', () => {
    const stream = scope();
    expect(compileValue(expression('random.double() < 1.0'))(stream)).toBe(true);
    expect(compileValue(expression('random.string(12)'))(stream)).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(['a', 'b']).toContain(compileValue(expression('random.choice(["a", "b"])'))(stream));
  });
});

describe('an expression that fails', () => {
  it.each([
    ['1 / (client.index - 7)', '${1 / (client.index - 7)}: division by zero'],
    ['saved.nothing', '${saved.nothing}: there is no value `nothing` yet'],
    ['random.int(2, 1)', '${random.int(2, 1)}: random.int(2, 1): the first bound is above the second'],
    ['random.string(-1)', '${random.string(-1)}: random.string(-1): the length must be within 0 to 32767'],
    ['[1, 2]', '${[1, 2]}: it gave a list, a map or null, not one value'],
  ])('%s says so in a sentence', (source, sentence) => {
    const evaluate = compileValue(expression(source));
    expect(() => evaluate(scope())).toThrow(new ExpressionError(sentence));
  });

  it('says where a value of another type than its field came from', () => {
    const evaluate = compileTemplate(expression('saved.id'), field('i'));
    expect(() => evaluate(scope({ saved: { id: 'x' } }))).toThrow(
      new ExpressionError('i is of type int, which "x" is not'),
    );
  });
});

describe('expressions', () => {
  it('cannot reach JavaScript', () => {
    for (const source of ['client.constructor', 'saved.__proto__', 'random.constructor', 'client["constructor"]']) {
      const evaluate = compileValue(expression(source));
      expect(() => evaluate(scope()), source).toThrow(ExpressionError);
    }
  });
});
