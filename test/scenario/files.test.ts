import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SwarmError } from '../../src/errors.js';
import { readData } from '../../src/scenario/data.js';
import { FileProblem } from '../../src/scenario/files.js';
import { loadScenario } from '../../src/scenario/load.js';
import { packetsXml, problemsOf, scenarioWith, writeFiles } from './scenario-files.js';

const messages = (file: string) =>
  problemsOf(() => loadScenario(file, { env: {} })).map(({ message, place }) => `${place?.line}: ${message}`);

function unreadable(file: string): string {
  try {
    loadScenario(file, { env: {} });
  } catch (error) {
    if (error instanceof SwarmError && error.code === 'scenario-unreadable') return error.message;
    throw error;
  }
  throw new Error('the scenario was read');
}

describe('a scenario file', () => {
  it('must not be a folder', () => {
    const folder = dirname(writeFiles({ 'x.yaml': '' }));
    expect(unreadable(folder)).toBe(`The scenario ${folder} is a folder.`);
  });

  it('must be UTF-8', () => {
    const file = writeFiles({ 'x.yaml': Uint8Array.of(0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xff) });
    expect(unreadable(file)).toBe(`The scenario ${file} is not UTF-8 text: look at line 1.`);
  });

  it('has at most a quarter of a mebibyte', () => {
    const file = writeFiles({ 'x.yaml': '#'.repeat(256 * 1024 + 1) });
    expect(unreadable(file)).toBe(`The scenario ${file} has 262145 bytes; at most 262144 are read.`);
  });

  it('may begin with a byte order mark, and have Windows line ends', () => {
    const file = writeFiles({ 'x.yaml': '\uFEFFtarget: localhost:1\r\nload: 5\r\nclients: {}\r\n' });
    const problems = problemsOf(() => loadScenario(file, { env: {} }));
    expect(problems.find(({ place }) => place?.line === 2)).toMatchObject({
      message: '`5` is not a load',
      sourceLine: 'load: 5',
    });
  });

  it('may use anchors and aliases', () => {
    const file = writeFiles({
      'x.yaml':
        'target: embedded:chat\nload: { clients: 1, duration: &d 1s, gracefulStop: *d }\nclients: { one: { loop: [] } }\n',
    });
    expect(loadScenario(file, { env: {} }).plan.load.gracefulStopMs).toBe(1000);
  });

  it('is told once of a mistake that aliases bring back', () => {
    const scenario = `${scenarioWith('{ every: &e [{ interval: 1s, send: Nothing }] }')}  two: { every: *e }\n`;
    expect(messages(writeFiles({ 'x.yaml': scenario, 'packets.xml': packetsXml }))).toEqual([
      '5: there is no packet `Nothing`',
    ]);
  });

  it('may not use them as a bomb', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`);
    expect(messages(writeFiles({ 'x.yaml': ['a0: &a0 [x]', ...levels].join('\n') }))).toEqual([
      '1: the aliases of this file stand for more than is read',
    ]);
  });

  it('is nested fifty levels deep at most', () => {
    expect(messages(writeFiles({ 'x.yaml': `a: ${'['.repeat(60)}${']'.repeat(60)}` }))).toEqual([
      '1: this is nested more than 50 levels deep',
    ]);
  });

  it('names what an alias stands for', () => {
    expect(messages(writeFiles({ 'x.yaml': 'target: *nothing' }))[0]).toBe(
      '1: no anchor `&nothing` stands before this alias',
    );
  });

  it('has text for keys', () => {
    expect(messages(writeFiles({ 'x.yaml': '? [a]\n: 1\n' }))).toEqual(['1: a key must be text']);
  });

  it('may hold a key that JavaScript treats apart', () => {
    expect(messages(writeFiles({ 'x.yaml': '__proto__: { target: a }\n' }))).toContain(
      '1: `__proto__` is not a key of a scenario',
    );
  });
});

describe('a data file', () => {
  const data = (content: string) => readData(writeFiles({ 'data.csv': content }));

  it('has its columns named by the first row', () => {
    expect(data('\uFEFFname, level\r\n"Arin, the ""great""",3\r\n\r\nBora,"line\nbreak"\r\n')).toEqual({
      columns: ['name', 'level'],
      rows: [
        ['Arin, the "great"', '3'],
        ['Bora', 'line\nbreak'],
      ],
    });
  });

  it.each([
    ['', 'is empty'],
    ['name,level\n', 'has no rows'],
    ['name,\na,b\n', 'has no name for column 2'],
    ['name,name\na,b\n', 'has two columns `name`'],
    ['name,level\na\n', 'has more or fewer values in line 2 than its first row has names'],
    ['name\n"a\n', 'has a quote that is never closed'],
  ])('%j %s', (content, message) => {
    expect(() => data(content)).toThrow(FileProblem);
    expect(() => data(content)).toThrow(message);
  });

  it('lies beside the scenario, wherever that is run from', () => {
    const file = writeFiles({
      'x.yaml': scenarioWith('{ loop: [], data: data/users.csv }'),
      'packets.xml': packetsXml,
      'data/users.csv': 'a\n1\n',
    });
    expect(loadScenario(file, { env: {} }).plan.kinds[0]?.data?.rows).toEqual([['1']]);
  });

  it('must not be a folder', () => {
    const file = writeFiles({ 'x.yaml': scenarioWith('{ loop: [], data: users }'), 'packets.xml': packetsXml });
    mkdirSync(join(dirname(file), 'users'));
    expect(messages(file)).toEqual([`5: the data file ${join(dirname(file), 'users')} is a folder`]);
  });
});
