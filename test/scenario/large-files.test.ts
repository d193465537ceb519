import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mostProblems, SwarmError } from '../../src/errors.js';
import { loadScenario } from '../../src/scenario/load.js';
import { load, packetsXml, problemsOf, scenarioWith, writeFiles } from './scenario-files.js';

/** As many of what `part` gives as fit into so many characters. */
function filled(size: number, part: (i: number) => string): string {
  const parts: string[] = [];
  for (let i = 0, length = 0; ; i++) {
    const next = part(i);
    length += next.length;
    if (length > size) return parts.join('');
    parts.push(next);
  }
}

/** Near the largest files that are read. */
const yamlSize = 255_000;
const pdlSize = 999_000;
const protoSize = 1_047_000;

function failureOf(files: Readonly<Record<string, string | Uint8Array>>): SwarmError {
  const file = writeFiles(files);
  try {
    loadScenario(file, { env: {} });
  } catch (error) {
    if (error instanceof SwarmError) return error;
    throw error;
  }
  throw new Error(`the scenario in ${dirname(file)} is valid`);
}

/** The first mistake, `line:column message`, and how many there are. */
function firstOf({ problems }: SwarmError): readonly [string, number] {
  const [{ message, place } = { message: 'none' }] = problems;
  return [`${place?.line}:${place?.column} ${message}`, problems.length];
}

function ofPackets(name: string, text: string): readonly [string, number] {
  const scenario = scenarioWith('{ loop: [] }').replace('packets.xml', name);
  const syntax = name.endsWith('.proto') ? 'syntax = "proto3";\n' : '';
  return firstOf(failureOf({ 'scenario.yaml': scenario, [name]: syntax + text }));
}

function ofKind(kind: string, files: Readonly<Record<string, string | Uint8Array>> = {}): readonly [string, number] {
  return firstOf(failureOf({ 'scenario.yaml': scenarioWith(kind), 'packets.xml': packetsXml, ...files }));
}

describe('a large file full of mistakes is read until there are enough', () => {
  it('a scenario, whose error says so', () => {
    const error = failureOf({
      'scenario.yaml': scenarioWith(
        `{ loop: [\n${filled(yamlSize, (i) => `       { send: C_Nobody${i} },\n`)}       ] }`,
      ),
      'packets.xml': packetsXml,
    });
    expect(firstOf(error)).toEqual(['6:16 there is no packet `C_Nobody0`', mostProblems]);
    expect(error.message).toMatch(/ has at least 100 mistakes; nothing was started\.$/);
  });

  it('keys that stand twice', () => {
    const text = filled(yamlSize, () => 'a: none\n');
    expect(firstOf(failureOf({ 'scenario.yaml': text }))).toEqual(['2:1 `a` stands here twice', mostProblems]);
  });

  it('a PDL file, of elements, of text, and of attributes', () => {
    expect(ofPackets('p.xml', `<PDL>${filled(pdlSize, () => '<a/>')}</PDL>`)).toEqual([
      '1:7 <a> is unknown here',
      mostProblems,
    ]);
    expect(ofPackets('p.xml', `<PDL>${filled(pdlSize, () => '<packet name="C_A">?</packet>')}</PDL>`)[1]).toBe(
      mostProblems,
    );
    expect(ofPackets('p.xml', `<PDL><packet ${filled(pdlSize, () => 'a="" ')}/></PDL>`)[1]).toBe(1);
  });

  it('a .proto of messages that are nowhere, or have the same id', () => {
    const missing = filled(protoSize, (i) => `message M${i} { Mesage${i} a = 1; }\n`);
    expect(ofPackets('g.proto', missing)).toEqual(['2:14 there is no message or enum `Mesage0`', mostProblems]);
    const same = filled(protoSize, (i) => `message M${i} { option (msg_id) = 7; int32 a = 1; }\n`);
    expect(ofPackets('g.proto', same)).toEqual(['3:9 M1 and M0 have the same id 7', mostProblems]);
  });
});

describe('what would take much longer than the file is long is refused', () => {
  it('marks by the hundred thousand', () => {
    expect(firstOf(failureOf({ 'scenario.yaml': ']'.repeat(yamlSize) }))).toEqual([
      '1:100001 up to here the file has more than 100000 brackets, commas, colons and line ends, and no more are read',
      1,
    ]);
  });

  it('aliases of what is large, and none of what is small', () => {
    const steps = filled(10_000, () => '{ pause: 1s }, ');
    const kinds = (count: number) => Array.from({ length: count }, (_, i) => `\n  k${i}: { loop: *steps }`).join('');
    expect(ofKind(`{ loop: &steps [${steps}] }${kinds(99)}`)[0]).toMatch(
      /the aliases up to here stand for more than 20000 values$/,
    );
    expect(load(scenarioWith(`{ loop: &steps [{ pause: 1s }] }${kinds(99)}`)).kinds).toHaveLength(100);
  });

  it('kinds and local addresses without number', () => {
    expect(ofKind(`{}\n${filled(yamlSize, (i) => `  k${i}: {}\n`)}`)[0]).toMatch(
      /a mapping of client kinds has at most 1000 entries, and \d+ are given/,
    );
    const addresses = filled(yamlSize, (i) => `10.${i >> 8}.${i & 255}.0/24, `);
    const scenario = scenarioWith('{ loop: [] }').replace('clients: 10', `clients: 10, localAddresses: [${addresses}]`);
    expect(problemsOf(() => load(scenario))[0]?.message).toMatch(/^a list of IP addresses has at most 256 entries/);
  });

  it('a large file of bytes in every step', () => {
    const scenario = `target: 127.0.0.1:7777
protocol: { framing: raw, packets: bytes }
load: { clients: 10, duration: 10s }
clients: { one: { loop: [${filled(100_000, () => '{ send: { file: big.bin } }, ')}] } }`;
    const [message, count] = firstOf(
      failureOf({ 'scenario.yaml': scenario, 'big.bin': new Uint8Array(4 * 1024 * 1024) }),
    );
    expect(message).toMatch(/the file big\.bin is one too many: .* more than 16777216 bytes$/);
    expect(count).toBe(mostProblems);
  });

  it('data of a million values, and of columns that stand twice', () => {
    const kind = '{ loop: [], data: users.csv }';
    const values = ofKind(kind, { 'users.csv': `a\n${'b\n'.repeat(1_000_001)}` })[0];
    expect(values).toMatch(/users\.csv has more than 1000000 values$/);
    const columns = filled(2_000_000, (i) => `c${i},`);
    expect(ofKind(kind, { 'users.csv': `${columns}c0\n` })[0]).toMatch(/users\.csv has two columns `c0`$/);
  });

  it('fields of one message, in oneofs or by extension', () => {
    const oneofs = filled(protoSize, (i) => `oneof o${i} { int32 a${i} = ${i + 1}; }\n`);
    expect(ofPackets('g.proto', `message M {\n${oneofs}}`)).toEqual([
      '2:11 this has more than 1000 fields or values',
      1,
    ]);
    const extensions = filled(protoSize, (i) => `extend M { int32 e${i} = ${i + 100}; }\n`);
    expect(ofPackets('g.proto', extensions)).toEqual(['1002:24 this has more than 1000 fields or values', 1]);
  });
});

describe('what a .proto has twice is found in a large one', () => {
  const messages = filled(protoSize, (i) => `message M${i} { int32 a = 1; string b = 2; }\n`);
  const last = messages.split('\n').length + 1;

  it.each([
    [
      'message X { int32 a = 1; int32 b = 1; }',
      '32 this is not protobuf as protobufjs reads it: duplicate id 1 in Type X',
    ],
    [
      'message X { int32 a = 1; int32 a = 2; }',
      "32 this is not protobuf as protobufjs reads it: duplicate name 'a' in Type X",
    ],
    [
      'message X { message Y { int32 a = 3; } oneof o { int32 b = 3; } int32 c = 3; }',
      '71 this is not protobuf as protobufjs reads it: duplicate id 3 in Type X',
    ],
    [
      'message X { reserved 3; int32 a = 3; }',
      '31 this is not protobuf as protobufjs reads it: id 3 is reserved in Type X',
    ],
    [
      'message X { reserved "b"; int32 b = 3; }',
      "33 this is not protobuf as protobufjs reads it: name 'b' is reserved in Type X",
    ],
    ['enum X { A = 0; B = 0; }', '17 this is not protobuf as protobufjs reads it: duplicate id 0 in Enum X'],
    ['message M0 { }', "9 this is not protobuf as protobufjs reads it: duplicate name 'M0' in Root"],
  ])('%s', (text, expected) => {
    expect(ofPackets('g.proto', messages + text)).toEqual([`${last}:${expected}`, 1]);
  });
});

describe('what is large and right is read', () => {
  it('values that are saved from each other, in a long chain', () => {
    const chain = filled(200_000, (i) => `a${i}: '\${saved.a${i + 1}}', `);
    const end = chain.split(', ').length - 1;
    const { kinds } = load(
      scenarioWith(`{ loop: [{ expect: { packet: S_Said, save: { ${chain} a${end}: '\${1}' } } }] }`),
    );
    expect(kinds[0]?.loop).toHaveLength(1);
  });

  it('a step for each of thousands of packets', () => {
    const packets = filled(pdlSize, (i) => `<packet name="C_${i}"><int name="a"/></packet>`);
    const steps = filled(200_000, (i) => `{ send: C_${i}, with: { a: 1 } }, `);
    const file = writeFiles({
      'scenario.yaml': scenarioWith(`{ loop: [${steps}] }`),
      'packets.xml': `<PDL>${packets}</PDL>`,
    });
    expect(loadScenario(file, { env: {} }).plan.kinds[0]!.loop.length).toBeGreaterThan(5000);
  });
});
