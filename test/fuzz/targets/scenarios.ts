import { readFileSync } from 'node:fs';
import { RandomStream } from '../../../src/load/random.js';
import { compileValue, ExpressionError } from '../../../src/scenario/expressions.js';
import { loadScenario } from '../../../src/scenario/load.js';
import { TypedExpressions } from '../../../src/scenario/typed-expressions.js';
import { scratchFile } from '../../support/scratch.js';
import { isUsersMistake } from '../errors.js';
import { bytesOf, type FuzzTarget, resultOf, textOf } from '../target.js';

const packetsXml = readFileSync(new URL('../../scenario/bad/packets.xml', import.meta.url), 'utf8');

export const scenario: FuzzTarget = {
  about: 'scenarios',
  maxBytes: 2048,
  tokens: [
    ...[
      'target: ',
      'protocol: ',
      'load: ',
      'clients:',
      'thresholds:',
      'packets.xml',
      'text',
      'json',
      'bytes',
      'start:',
      'loop:',
      'every:',
    ],
    ...[
      '- send: ',
      'expect: ',
      'with: ',
      'save: ',
      'check: ',
      'where: ',
      'pause: 1s',
      'repeat: ',
      'disconnect: true',
      'interval: 1s',
    ],
    ...[
      'totalRate: 9/s',
      'stages: ',
      'C_Say',
      'S_All',
      'Echo',
      '${',
      '}',
      '${stamp}',
      '${reply.i}',
      '/(',
      '&a ',
      '*a',
      '<<: ',
      '!!js ',
      '\n  ',
    ],
    ...[
      '{ ',
      ' }',
      '[ ',
      ' ]',
      '? ',
      '| ',
      '> ',
      '"',
      "'",
      '%YAML 1.1\n---\n',
      '...',
      '1e999',
      '-1',
      '.inf',
      '.nan',
      '0x',
      '__proto__',
    ],
  ].map(bytesOf),
  seeds: () => [
    bytesOf(
      "target: 127.0.0.1:7777\nprotocol: { packets: packets.xml }\nload: { clients: 1, duration: 1s }\nclients:\n  one:\n    data: users.csv\n    start:\n      - send: C_Say\n        with: { text: '${data.name} ${saved.id}' }\n        expect: { packet: S_All, save: { id: '${reply.i}' }, check: { ok: '${reply.i == 1}' } }\n      - repeat: { times: 2, steps: [ { pause: 1s..2s } ] }\n",
    ),
    bytesOf(
      'target: 127.0.0.1:7777\nprotocol: { framing: line, packets: text }\nload: { stages: [ { duration: 1s, target: 2 } ] }\nclients:\n  one: { every: [ { interval: 1s, send: PING, expect: "/^P(?P<a>.)/" } ] }\nthresholds: { errors: ["rate<0.1"] }\n',
    ),
    bytesOf(
      'target: 127.0.0.1:7777\nprotocol: { framing: { lengthFieldLength: 2, endian: big }, packets: json }\nload: { clients: 1, duration: 1s }\nclients:\n  one: { loop: [ { send: { type: ping }, expect: { type: pong } } ], on: [ { match: { type: tick }, steps: [] } ] }\n',
    ),
  ],
  eat(input) {
    scratchFile('packets.xml', packetsXml);
    scratchFile('users.csv', 'name\nArin\n');
    const file = scratchFile('scenario.yaml', input);
    // The embedded server's packets lie where the built package has them.
    const loaded = resultOf(() => loadScenario(file, { env: {} }), isUsersMistake);
    if (loaded !== null) structuredClone(loaded.plan);
  },
};

const scope = {
  client: { index: 7, kind: 'one' },
  send: { index: 3 },
  data: { name: 'Arin' },
  saved: { id: 41n },
  env: { HOME: '/' },
  stamp: { sender: 7, timeUs: 1_000_000 },
  reply: null,
};

export const expression: FuzzTarget = {
  about: 'expressions, checked and worked out',
  maxBytes: 1024,
  tokens: [
    ...[
      'client.index',
      'data.name',
      'saved.id',
      'env.HOME',
      'random.int(1, 2)',
      'random.string(9)',
      'random.choice([',
      '.map(x, ',
      'x + x',
      '.filter(y, ',
    ],
    ...[
      '.all(z, ',
      '.exists(a, ',
      '.exists_one(b, ',
      'cel.bind(c, ',
      '.size()',
      '.split("")',
      '.join("")',
      'string(',
      'int(',
      'bytes(',
      'has(',
      ' in ',
    ],
    ...[
      ' ? ',
      ' : ',
      ' + ',
      ' == ',
      ' && ',
      '[1, 2]',
      '{"a": 1}',
      '9223372036854775807',
      '1.5e300',
      '"a"',
      "b'x'",
      '1u',
      'null',
      '(',
      ')',
      '.',
      '!',
      '-',
    ],
  ].map(bytesOf),
  seeds: () => [
    bytesOf('string(client.index + 1) + data.name'),
    bytesOf('[1, 2].map(x, [3].filter(y, y > x).size()).size() == random.int(0, 9)'),
    bytesOf('saved.id > 3 ? env.HOME : "a".split("").join("-")'),
  ],
  eat(input) {
    const source = textOf(input);
    if (source === null) return;
    const checker = new TypedExpressions(['name'], new Map([['id', 'int']]), {
      values: { HOME: '/' },
      read: new Map(),
    });
    if (!checker.check(source, { send: true, reply: null, fieldsRead: new Set() }).ok) return;
    const evaluate = compileValue({ kind: 'expression', source });
    resultOf(
      () => evaluate({ ...scope, random: RandomStream.of(1, 'fuzz') }),
      (error) => error instanceof ExpressionError,
    );
  },
};
