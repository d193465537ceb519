import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SwarmError } from '../../src/errors.js';
import { type ProtoOptions, readProto } from '../../src/packets/index.js';
import { protoFiles } from './proto-files.js';

const proto3 = 'syntax = "proto3";\n';

function read(text: string, options: ProtoOptions = {}, others: Readonly<Record<string, string>> = {}) {
  return readProto(protoFiles({ 'game.proto': proto3 + text, ...others }), options).packets;
}

const ids = (text: string, options: ProtoOptions = {}) =>
  Object.fromEntries(read(text, options).map(({ name, id }) => [name, id]));

describe('ids', () => {
  it('come from the enum MsgId, whatever the case and the underscores', () => {
    const text =
      'enum MsgId { S_CHAT = 0; CEnterGame = 2; NONE = 9; } message S_Chat {} message C_EnterGame {} message Point {}';
    expect(ids(text)).toEqual({ S_Chat: 0, C_EnterGame: 2 });
  });

  it('come from values with the enum’s name before, as the style guide has it', () => {
    expect(ids('enum MsgId { MSG_ID_UNSPECIFIED = 0; MSG_ID_CHAT = 7; } message Chat {}')).toEqual({ Chat: 7 });
  });

  it('come from an enum of another name, in a package or in a message', () => {
    const text = 'package a.b; message Wrap { enum Op { OP_CHAT = 0; } } message Chat {}';
    expect(ids(text, { idEnum: 'Op' })).toEqual({ Chat: 0 });
    expect(ids(text, { idEnum: 'a.b.Wrap.Op' })).toEqual({ Chat: 0 });
  });

  it('come from a message option', () => {
    const text = `import "google/protobuf/descriptor.proto";
      extend google.protobuf.MessageOptions { uint32 msg_id = 50001; }
      message Chat { option (msg_id) = 7; }
      message Point { int32 x = 1; }`;
    expect(ids(text)).toEqual({ Chat: 7 });
    expect(ids('message Chat { option (game.number) = 3; }', { idOption: 'number' })).toEqual({ Chat: 3 });
  });

  it('are given by hand before all others', () => {
    const text = 'enum MsgId { CHAT = 1; } message Chat {} message Point { message Deep {} }';
    expect(ids(text, { ids: { Chat: 5, 'Point.Deep': 6 } })).toEqual({ Chat: 5, 'Point.Deep': 6 });
  });

  it('tell two messages apart that have one name in two packages', () => {
    const file = protoFiles({
      'main.proto': `${proto3}package a; import "b.proto"; message Chat {}`,
      'b.proto': `${proto3}package b; message Chat {}`,
    });
    const { packets } = readProto(file, { ids: { 'a.Chat': 1, 'b.Chat': 2 } });
    expect(packets.map(({ name }) => name).sort()).toEqual(['a.Chat', 'b.Chat']);
  });
});

it('the direction is in the name', () => {
  const names = ['C_A', 'S_A', 'CS_A', 'SC_A', 'C2SA', 'S2CA', 'Client', 'Start'];
  const text = `enum MsgId { ${names.map((name, i) => `${name} = ${i};`).join(' ')} } ${names.map((name) => `message ${name} {}`).join(' ')}`;
  const directions = read(text).map(({ direction }) => direction);
  expect(directions).toEqual(['toServer', 'toClient', 'toServer', 'toClient', 'toServer', 'toClient', 'both', 'both']);
});

it('fields of every kind', () => {
  const text = `enum MsgId { ALL = 0; } enum Color { RED = 0; GREEN = 2; }
    message All {
      sint32 a = 1; optional fixed64 b = 2; repeated bytes c = 3; Color d = 4; In e = 5; repeated In f = 6;
      map<int64, Color> g = 7; oneof h { uint32 i = 8; In j = 9; }
    }
    message In { double x_pos = 1; }`;
  const x = { name: 'x_pos', type: 'double' };
  const names = { RED: 0, GREEN: 2 };
  expect(read(text)[0]?.fields).toEqual([
    { name: 'a', type: 'int' },
    { name: 'b', type: 'ulong', optional: true },
    { name: 'c', type: 'array', of: { name: 'c', type: 'bytes' }, optional: true },
    { name: 'd', type: 'int', names },
    { name: 'e', type: 'struct', fields: [x], optional: true },
    { name: 'f', type: 'list', item: 'In', fields: [x], optional: true },
    {
      name: 'g',
      type: 'list',
      item: 'entry',
      fields: [
        { name: 'key', type: 'long' },
        { name: 'value', type: 'int', names },
      ],
      optional: true,
    },
    { name: 'i', type: 'uint', oneof: 'h', optional: true },
    { name: 'j', type: 'struct', fields: [x], oneof: 'h', optional: true },
  ]);
});

it('messages that hold themselves in many ways end all the same', () => {
  const fields = Array.from({ length: 20 }, (_, i) => `Node n${i} = ${i + 1};`).join(' ');
  const [node] = read(`enum MsgId { NODE = 0; } message Node { ${fields} int32 leaf = 99; }`);
  expect(JSON.stringify(node).length).toBeLessThan(1_000_000);
});

describe('imports', () => {
  const game = 'import "common/types.proto"; enum MsgId { CHAT = 0; } message Chat { Point at = 1; Color color = 2; }';

  it('count from the importing file and from the first file’s folder; well-known ones need not be there', () => {
    const [chat] = read(
      game,
      {},
      {
        'common/types.proto': `${proto3}import "common/color.proto"; import "color2.proto"; message Point { google.protobuf.Timestamp t = 1; }
        import "google/protobuf/timestamp.proto";`,
        'common/color.proto': `${proto3}enum Color { RED = 0; }`,
        'common/color2.proto': `${proto3}import "types.proto"; message Unused {}`,
      },
    );
    expect(chat?.fields.map(({ name, type }) => [name, type])).toEqual([
      ['at', 'struct'],
      ['color', 'int'],
    ]);
  });

  it('may lead out of the file’s folder only where somebody else decides', () => {
    const file = protoFiles({
      'proto/game.proto': `${proto3}import "../shared/point.proto"; enum MsgId { CHAT = 0; } message Chat { Point p = 1; }`,
      'shared/point.proto': `${proto3}message Point {}`,
    });
    expect(problems(() => readProto(file))).toEqual([
      '2:9 the import `../shared/point.proto` leads out of the file’s folder (put the file beside the one that imports it)',
    ]);
    const asked: string[] = [];
    const checkImport = (imported: string): void => {
      asked.push(imported);
    };
    expect(readProto(file, { checkImport }).packets).toHaveLength(1);
    expect(asked).toEqual([join(file, '../../shared/point.proto')]);
  });
});

/** `line:column message (hint)`, without the folder's name. */
function problems(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    return error.problems.map(({ message, hint, place }) => `${place?.line}:${place?.column} ${message} (${hint})`);
  }
  throw new Error('no problem was found');
}

describe('a mistake has a place, a cause and a cure', () => {
  const known = 'enum MsgId { CHAT = 0; }\n';
  it.each([
    [
      'a semicolon that is missing',
      `${known}message Chat {\n  string text = 1\n}`,
      "5:1 this is not protobuf as protobufjs reads it: illegal token '}', ';' expected (write `;` before it)",
    ],
    [
      'a brace that is missing',
      `${known}message Chat {\n  string text = 1;\n`,
      '5:1 the file ends too soon (close what is open with `}`)',
    ],
    [
      'a type that does not exist',
      `${known}// Pint p = 1;\nmessage Point {}\nmessage Chat {\n  Pint p = 1;\n}`,
      '6:3 there is no message or enum `Pint` (did you mean `Point`?)',
    ],
    [
      'a type that does not exist, of a field that shares its line with others',
      `${known}message S_Login { int64 Vecc = 1; Vecc at = 2; }`,
      '3:35 there is no message or enum `Vecc` (define it, or import the file that does)',
    ],
    [
      'a type that does not exist in a map',
      `${known}message S_Login { map<string, .a.Vec> at = 2; }`,
      '3:31 there is no message or enum `.a.Vec` (define it, or import the file that does)',
    ],
    [
      'a number given twice',
      `${known}message Chat {\n  string a = 1;\n  string b = 1;\n}\nmessage Point {}`,
      '5:10 this is not protobuf as protobufjs reads it: duplicate id 1 in Type Chat (see protobuf.dev/reference/protobuf/proto3-spec)',
    ],
    [
      'an import that is not there',
      `import "nowhere.proto";\n${known}message Chat {}`,
      '2:9 there is no file `nowhere.proto` to import',
    ],
    [
      'an absolute import',
      `import "/etc/passwd";\n${known}`,
      '2:9 the import `/etc/passwd` leads out of the file’s folder',
    ],
    ['no ids at all', 'message Chat {}', '1:1 no message has an id, so none of them is a packet (add enum MsgId { … }'],
    [
      'two messages with one id',
      'enum MsgId { option allow_alias = true; CHAT = 1; MOVE = 1; }\nmessage Chat {}\nmessage Move {}',
      '4:9 Move and Chat have the same id 1 (Give one of them another id.)',
    ],
    ['a negative id', 'enum MsgId { CHAT = -1; }\nmessage Chat {}', '3:9 -1 cannot be the id of Chat'],
  ])('%s', (_what, text, expected) => {
    const [found, ...more] = problems(() => read(text));
    expect(more).toEqual([]);
    expect(found).toContain(expected);
  });

  it.each([
    ['a message', "message A'B {}"],
    ['a field', 'message A { int32 x-y = 1; }'],
    ['a field in quotes', "message A { int32 'x' = 1; }"],
    ['a value of an enum', 'enum E { A;B = 0; }'],
    ['a package', 'package a.`b`;'],
    ['a oneof', 'message A { oneof (x) { int32 y = 1; } }'],
    ['an enum', 'enum E/**/F { A = 0; }'],
  ])('%s whose name is none, and could be taken for code', (_what, text) => {
    expect(problems(() => read(`${known}${text}`))).not.toEqual([]);
  });

  it('groups', () => {
    const file = protoFiles({
      'old.proto': 'enum MsgId { OLD = 0; }\nmessage Old {\n  repeated group Item = 1 { optional int32 x = 1; }\n}',
    });
    expect(problems(() => readProto(file))).toEqual([
      '3:18 groups are not supported (declare a message of its own, and a field of its type)',
    ]);
  });

  it('an id by hand for no message, and an enum that is not there', () => {
    const text = 'enum MsgId { CHAT = 0; } message Chat {}';
    expect(problems(() => read(text, { ids: { Chta: 1 } }))[0]).toContain(
      'an id is given for Chta, and there is no such packet (Did you mean `Chat`?)',
    );
    expect(problems(() => read(text, { idEnum: 'MsgIds' }))[0]).toMatch(
      /there is no enum `MsgIds` in \S+game\.proto \(did you mean `MsgId`\?\)/,
    );
  });

  it('a mistake in a file that is imported is told there', () => {
    const file = protoFiles({ 'a.proto': `${proto3}import "b.proto"; ${known}`, 'b.proto': `${proto3}message {}` });
    const error = (() => {
      try {
        readProto(file);
      } catch (thrown) {
        return thrown as SwarmError;
      }
      return undefined;
    })();
    expect(error?.problems.map(({ place }) => [place?.file.slice(-7), place?.line, place?.column])).toEqual([
      ['b.proto', 2, 9],
    ]);
  });
});
