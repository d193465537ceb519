import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SwarmError } from '../../src/errors.js';
import { load, scenarioWith } from './scenario-files.js';

/** Has a bit of everything. */
const scenario = {
  name: 'All',
  target: '127.0.0.1:7777',
  protocol: { framing: { lengthFieldLength: 2, idOffset: 2, lengthAdjustment: -2 }, packets: 'packets.xml' },
  load: { stages: [{ duration: '10s', target: 5 }], connectRate: '100/s', warmup: '1s', begin: 'each' },
  seed: 3,
  clients: {
    one: {
      weight: 2,
      data: 'users.csv',
      start: [
        {
          send: 'C_Say',
          with: { text: '${data.name} ${saved.id}' },
          expect: {
            packet: ['S_Said', 'S_All'],
            timeout: '1s',
            onTimeout: 'continue',
            where: { i: 1 },
            save: { id: '${reply.i}' },
            check: { ok: '${reply.i == 1}' },
          },
        },
        { repeat: { times: 2, steps: [{ pause: '1s..2s' }, { disconnect: true }] } },
      ],
      loop: [{ expect: 'Echo' }],
      every: [{ interval: '1s', send: 'Echo', with: { sequence: '${random.int(1, 2)}' } }],
      on: { S_All: [{ send: 'Echo', with: { sequence: '${reply.i}' }, expect: ['Echo'] }] },
      lifetime: '5s',
    },
  },
  thresholds: { errors: ['rate<1', { threshold: 'rate<1', abortOnFail: false, delayAbortEval: '1s' }] },
};

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Step = string | number;

function pathsOf(value: Json, path: Step[] = []): Step[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [Step, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

/** A copy with the value at `path` replaced, and, with `renamed`, its key. */
function changed(value: Json, [head, ...rest]: Step[], replacement: Json, renamed: string | null): Json {
  if (head === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((item, i) => (i === head ? changed(item, rest, replacement, renamed) : item));
  return Object.fromEntries(
    Object.entries(value as Record<string, Json>).map(([key, child]) => {
      if (key !== head) return [key, child];
      return [rest.length === 0 ? (renamed ?? key) : key, changed(child, rest, replacement, renamed)];
    }),
  );
}

/** Messages are sentences of our own: neither Zod's, nor JavaScript's idea of a value. */
function expectSentences(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { message, hint = '' } of error.problems) {
      expect(`${message} ${hint}`).not.toMatch(/Invalid input|undefined|\[object|what is expected here|NaN/);
    }
  }
}

const word = fc.constantFrom(
  'send',
  'expect',
  'pause',
  'S_Said',
  'text',
  '${reply.i}',
  '${',
  '5s',
  '/a(/',
  'C_Say',
  '',
);
const anything: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    word,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(word, tie('value'), { maxKeys: 3 }),
  ),
})).value;

describe('whatever a scenario holds, it is a plan or a list of sentences:', () => {
  it('the whole is a plan', () => {
    expect(load(JSON.stringify(scenario)).kinds).toHaveLength(1);
  });

  it('with any value in place of another', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(scenario)), anything, (path, value) => {
        expectSentences(() => load(JSON.stringify(changed(scenario, path, value, null))));
      }),
      { numRuns: 400 },
    );
  });

  it('with any other key', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(scenario)), anything, fc.string(), (path, value, key) => {
        expectSentences(() => load(JSON.stringify(changed(scenario, path, value, key))));
      }),
      { numRuns: 200 },
    );
  });

  it('with any expression', () => {
    const token = fc.constantFrom(
      ...[
        'reply',
        '.',
        'i',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '+',
        '==',
        '1',
        '"a"',
        ',',
        '?',
        ':',
        'random',
        'int',
        'env',
      ],
      ...['saved', 'id', 'matches', '&&', '!', '-', "'", '\\', 'in', 'size', 'map', 'null', '1.5', 'b"x"', 'u', '//'],
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const text = JSON.stringify(`\${${tokens.join('')}}`);
        const kind = `{ start: [{ expect: { packet: S_All, save: { id: ${text} }, check: { ok: ${text} } } }] }`;
        expectSentences(() => load(scenarioWith(kind)));
      }),
      { numRuns: 400 },
    );
  });
});
