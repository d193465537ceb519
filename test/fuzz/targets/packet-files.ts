import { serverCoreFraming } from '../../../src/core/index.js';
import { type PacketSet, Protocol, parsePdl, readProto } from '../../../src/packets/index.js';
import { readPacketFile } from '../../../src/scenario/packet-sources.js';
import { FileProblem } from '../../../src/text-file.js';
import { scratchFile } from '../../support/scratch.js';
import { isUsersMistake } from '../errors.js';
import { bytesOf, ensure, type FuzzTarget, resultOf, textOf } from '../target.js';

/** The most packets whose codecs are compiled: the others are alike. */
const mostCompiled = 5;

/** Whatever was read as definitions can be sent to a worker, and its codecs can be compiled. */
function use(packets: PacketSet): void {
  const set = structuredClone(packets);
  const protocol = resultOf(
    () => new Protocol({ send: serverCoreFraming, receive: serverCoreFraming, packets: set }),
    isUsersMistake,
  );
  if (protocol === null || !('packets' in set)) return;
  for (const { name, id } of set.packets.slice(0, mostCompiled)) {
    ensure(Number.isInteger(id) && id >= 0, `an id is a whole number: ${id}`);
    resultOf(() => protocol.encoder(name, 'client'), isUsersMistake);
    resultOf(() => protocol.decoder(name, 'all', 'client'), isUsersMistake);
  }
}

export const pdl: FuzzTarget = {
  about: 'packet definitions in PDL',
  maxBytes: 2048,
  tokens: [
    ...[
      '<PDL>',
      '</PDL>',
      '<packet name="',
      '</packet>',
      '<list name="',
      '</list>',
      '<int name="',
      '"/>',
      '<!--',
      '-->',
    ],
    ...[
      '<![CDATA[',
      ']]>',
      '<!DOCTYPE',
      '<?xml?>',
      '&amp;',
      '&#x41;',
      '<string name="a"/>',
      'name',
      '__proto__',
      'C_',
      'S_',
    ],
  ].map(bytesOf),
  seeds: () => [
    bytesOf('<PDL><packet name="C_A"><int name="b"/><list name="c"><string name="d"/></list></packet></PDL>'),
    bytesOf('<?xml version="1.0"?>\n<!-- all --><PDL>\n  <packet name="S_A"></packet>\n</PDL>'),
  ],
  eat(input) {
    const text = textOf(input.subarray(1));
    if (text === null) return;
    const reading = (input[0] ?? 0) % 2 === 0 ? 'strict' : 'original';
    const packets = resultOf(() => parsePdl(text, 'fuzz.xml', { reading }), isUsersMistake);
    if (packets !== null) use(packets);
  },
};

export const proto: FuzzTarget = {
  about: 'packet definitions in protobuf',
  maxBytes: 2048,
  tokens: [
    ...[
      'syntax = "proto3";',
      'syntax = "proto2";',
      'edition = "2023";',
      'message ',
      'enum MsgId {',
      'oneof ',
      'repeated ',
      'map<',
    ],
    ...[
      'optional ',
      'required ',
      'group ',
      'extend ',
      'import "',
      'package ',
      'reserved ',
      'extensions ',
      'option (msg_id) = 1;',
    ],
    ...[
      'int32 ',
      'string ',
      'bytes ',
      'A ',
      '= 1;',
      '= 536870912;',
      '__proto__',
      'constructor',
      '[packed=true]',
      '}',
      '{',
      '//',
      '/*',
    ],
  ].map(bytesOf),
  seeds: () => [
    bytesOf(
      'syntax = "proto3";\nenum MsgId { N = 0; A = 1; }\nmessage A { int32 a = 1; repeated B b = 2; }\nmessage B { A a = 1; }',
    ),
    bytesOf(
      'syntax = "proto2";\nmessage A { option (msg_id) = 1; required string a = 1; map<string, A> m = 2; oneof o { A x = 3; int64 y = 4; } }',
    ),
    bytesOf(
      'import "google/protobuf/timestamp.proto";\nenum MsgId { A = 1; }\nmessage A { google.protobuf.Timestamp t = 1; }',
    ),
  ],
  eat(input) {
    const packets = resultOf(() => readProto(scratchFile('fuzz.proto', input)), isFileOrMistake);
    if (packets !== null) use(packets);
  },
};

export const inline: FuzzTarget = {
  about: 'packet definitions in YAML',
  maxBytes: 2048,
  tokens: [
    ...[
      'structs:',
      'definitions:',
      'id: ',
      'fields:',
      'type: ',
      'array: ',
      'count: ',
      'length: ',
      'until: ',
      'when: ',
      'const: ',
    ],
    ...[
      'u8',
      'u16',
      'i64',
      'varint',
      'f64',
      'string',
      'bool',
      '{ bytes: rest }',
      'encoding: ',
      'utf-16le',
      'endian: big',
      '\n  ',
      '{ ',
      ' }',
    ],
    ...['&a ', '*a', '!!map', '---', '- ', '? ', '"', "'", '|', '>', '~', '1e99', '0x7fffffffffffffff', '__proto__'],
  ].map(bytesOf),
  seeds: () => [
    bytesOf(
      'definitions:\n  A: { id: 1, fields: { a: u8, b: { type: string, length: u16 }, c: { array: S, count: a } } }\nstructs:\n  S: { x: i32, y: f32 }\n',
    ),
    bytesOf(
      'definitions:\n  A: { id: 2, direction: toServer, fields: { k: { const: 7, type: u8 }, w: { type: u32, when: { k: 7 } }, r: { bytes: rest } } }\n',
    ),
  ],
  eat(input) {
    const packets = resultOf(() => readPacketFile(scratchFile('fuzz.yaml', input), {}), isFileOrMistake);
    if (packets !== null) use(packets);
  },
};

function isFileOrMistake(error: unknown): boolean {
  return error instanceof FileProblem || isUsersMistake(error);
}
