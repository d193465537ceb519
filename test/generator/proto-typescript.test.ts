import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LengthFraming, type ProtocolError, serverCoreFraming } from '../../src/core/index.js';
import { generateTypeScript } from '../../src/generator/typescript.js';
import { DecodeError, type FieldRecord, type ProtoOptions, parsePdl, readProto } from '../../src/packets/index.js';
import { bytes, hex } from '../packets/bytes.js';
import { allKinds, records, reference, toReference, withoutDefaults } from '../packets/proto-arbitraries.js';
import { decodePacket, encodePacket, protocolOf, protoFiles } from '../packets/proto-files.js';
import { UserProject } from '../support/user-project.js';

const origin = { file: 'game.proto', toolVersion: '0.0.0' };

function generate(text: string, options: ProtoOptions = {}, framing: LengthFraming = serverCoreFraming): string {
  return generateTypeScript(readProto(protoFiles({ 'game.proto': text }), options), framing, origin);
}

/** A generated module, without the types that the compiler has checked. */
type Codecs = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

const game = `syntax = "proto3";
package game;
enum MsgId { C_CHAT = 1; S_CHAT = 2; ECHO = 3; CLASS = 4; }
message C_Chat { string text = 1; Line.Mood mood = 2; oneof to { uint32 player = 3; string room = 4; } }
message S_Chat { repeated Line lines = 1; map<string, Line> last = 2; google.protobuf.Timestamp at = 3; }
message Line { string text = 1; enum Mood { CALM = 0; GLAD = 7; } Mood mood = 2; repeated Mood moods = 3; Line next = 4; }
message Echo {}
message Class { int32 class = 1; bool default = 2; bytes end = 3; }
import "google/protobuf/timestamp.proto";
`;

const old = `syntax = "proto2";
enum MsgId { OLD = 1; }
message Old { required int32 id = 1; required Inner inner = 2; optional Inner other = 3; repeated int32 loose = 4; }
message Inner { required string name = 1; }
`;

const bigEndian: LengthFraming = {
  kind: 'length',
  lengthFieldOffset: 4,
  lengthFieldLength: 4,
  endian: 'big',
  lengthAdjustment: 0,
  idOffset: 1,
  idLength: 1,
  headerSize: 10,
  maxPacketSize: 1000,
};

it('the generated file is the same for the same definitions', async () => {
  await expect(generate(game)).toMatchFileSnapshot('golden/game.ts.txt');
});

describe('generated code for protobuf', () => {
  const project = new UserProject();
  let compilerOutput: string;
  let all: Codecs;
  let chat: Codecs;
  let proto2: Codecs;
  let framed: Codecs;
  let framedPdl: Codecs;

  beforeAll(async () => {
    project.write('all.ts', generate(allKinds));
    project.write('game.ts', generate(game));
    project.write('old.ts', generate(old));
    project.write('empty.ts', generate('syntax = "proto3"; enum MsgId { E = 0; } message E {}'));
    project.write('framed.ts', generate(game, {}, bigEndian));
    const pdl = parsePdl('<PDL><packet name="C_A"><ushort name="x"/></packet></PDL>', 'a.xml');
    project.write('framed-pdl.ts', generateTypeScript(pdl, bigEndian, origin));
    project.write(
      'user.ts',
      `import { ClientPacketManager, encodeS_Chat, Line_Mood, ServerPacketManager } from './game.js';
       new ServerPacketManager<number>({
         C_ChatHandler(session, { text, mood, player, room }) {
           const line = { text: text + (room ?? player ?? session), mood, moods: [Line_Mood.GLAD] };
           encodeS_Chat({ lines: [line], last: new Map([['a', { ...line, next: line }]]) });
         },
         EchoHandler() {},
         ClassHandler(_session, packet) { packet.default satisfies boolean; },
       });
       new ClientPacketManager<number>({ S_ChatHandler() {}, EchoHandler() {}, ClassHandler() {} });`,
    );
    compilerOutput = project.compile();
    const load = async (name: string) => (await import(pathToFileURL(project.compiled(name)).href)) as Codecs;
    all = await load('all.ts');
    chat = await load('game.ts');
    proto2 = await load('old.ts');
    framed = await load('framed.ts');
    framedPdl = await load('framed-pdl.ts');
  });

  afterAll(() => project[Symbol.dispose]());

  it('compiles under strict, without @types/node', () => {
    expect(compilerOutput).toBe('');
  });

  /** A record as generated code has it: maps are Maps. At most one entry each: protobufjs orders them by its own lights. */
  const mapped = (record: Readonly<Record<string, unknown>>) => {
    const map = (name: string) =>
      new Map((record[name] as { key: unknown; value: unknown }[]).slice(0, 1).map(({ key, value }) => [key, value]));
    return { ...record, scores: map('scores'), by_id: map('by_id') };
  };
  /** The same for protobufjs, which writes the zeros that it is given: of what is in a map it is right to. */
  const referenceOf = (record: Readonly<Record<string, unknown>>) => {
    const { scores, by_id, ...others } = mapped(record);
    const plain = (value: unknown) =>
      typeof value === 'number' ? value : withoutDefaults(toReference(value as Readonly<Record<string, unknown>>));
    const object = (map: ReadonlyMap<unknown, unknown>) =>
      Object.fromEntries([...map].map(([key, value]) => [String(key), plain(value)]));
    return { ...withoutDefaults(toReference(others)), scores: object(scores), by_id: object(by_id) };
  };

  it('writes the very bytes that protobufjs does, and reads them', () => {
    const type = reference.lookupType('All');
    fc.assert(
      fc.property(records, (record) => {
        const packet = mapped(record);
        const frame = all.encodeAll!(packet) as Uint8Array;
        const expected = type.encode(type.fromObject(referenceOf(record))).finish();
        expect(hex(frame.subarray(4))).toBe(hex(expected));
        expect(hex(frame.subarray(0, 4))).toBe(hex(Uint8Array.of(frame.length & 0xff, frame.length >> 8, 7, 0)));
        expect(all.decodeAll!(frame)).toEqual(packet);
      }),
      { numRuns: 300 },
    );
  });

  it('reads and refuses what our own codecs do, with the same code', () => {
    const protocol = protocolOf(allKinds);
    const verdict = (read: () => unknown) => {
      try {
        return read();
      } catch (error) {
        if (error instanceof DecodeError || (error as Error).name === 'ProtocolError') {
          return (error as DecodeError | ProtocolError).code;
        }
        throw error;
      }
    };
    const asMaps = (record: FieldRecord | string) =>
      typeof record === 'string'
        ? record
        : {
            ...record,
            scores: new Map((record.scores as FieldRecord[]).map(({ key, value }) => [key, value])),
            by_id: new Map((record.by_id as FieldRecord[]).map(({ key, value }) => [key, value])),
          };
    fc.assert(
      fc.property(records, fc.nat(), fc.nat(255), fc.nat(), (record, at, byte, cut) => {
        const frame = encodePacket(protocol, 'All', record);
        frame[4 + (at % Math.max(1, frame.length - 4))] = byte;
        for (const bytes of [frame, frame.subarray(0, Math.max(4, cut % frame.length))]) {
          const ours = asMaps(verdict(() => decodePacket(protocol, 'All', bytes)) as FieldRecord | string);
          expect(verdict(() => all.decodeAll!(bytes))).toEqual(ours);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('joins the parts of a message, keeps the last of a oneof, and reads from anywhere in a buffer', () => {
    const frame = bytes('ee 0000 0000 18 01 22 01 61 ee'.replaceAll(' ', ''));
    expect(chat.decodeC_Chat!(frame.subarray(1), 0, frame.length - 2)).toEqual({ text: '', mood: 0, room: 'a' });
    const twice = bytes('0000 0000 1a 02 08 01 1a 02 10 02'.replaceAll(' ', ''));
    expect(chat.decodeS_Chat!(twice)).toEqual({ lines: [], last: new Map(), at: { seconds: 1n, nanos: 2 } });
  });

  it.each([
    ['groups that lie too deep', '9b06'.repeat(101)],
    ['a varint of eleven bytes', `10${'ff'.repeat(11)}`],
    ['a wire type that does not exist', '0e'],
    ['field 0', '0001'],
  ])('refuses %s', (_what, body) => {
    expect(() => chat.decodeC_Chat!(bytes(`00000000${body}`))).toThrow(expect.objectContaining({ code: 'bad-wire' }));
  });

  it('refuses messages in messages without end, and reads on afterwards', () => {
    let nested = '';
    for (let i = 0; i < 10_000; i++) {
      const size = nested.length / 2;
      const length = [size & 0x7f, (size >> 7) & 0x7f, size >> 14].filter(
        (part, j) => j === 0 || size >> (7 * j) > 0 || part > 0,
      );
      nested = `22${hex(Uint8Array.from(length, (part, j) => (j < length.length - 1 ? part | 0x80 : part)))}${nested}`;
    }
    const line = `0a${nested.slice(2)}`;
    expect(() => chat.decodeS_Chat!(bytes(`00000000${line}`))).toThrow('it lies deeper than 100 messages');
    expect(chat.decodeEcho!(bytes('04000300'))).toEqual({});
  });

  it.each([
    [{ text: 'a', mood: 2 ** 31 }, 'game.C_Chat.mood: 2147483648 is not a whole number from'],
    [{ text: 'a', mood: 0, player: 1, room: 'b' }, 'game.C_Chat.to: several fields are given'],
    [{ text: 'x'.repeat(65_532), mood: 0 }, 'game.C_Chat.text: the packet would exceed 65535 bytes'],
  ])('%o cannot be written', (packet, message) => {
    expect(() => chat.encodeC_Chat!(packet)).toThrow(RangeError);
    expect(() => chat.encodeC_Chat!(packet)).toThrow(message);
    expect(hex(chat.encodeC_Chat!({ text: 'a', mood: 7 }) as Uint8Array)).toBe('090001000a01611007');
  });

  it('gives what proto2 requires, and did not come, its default', () => {
    const packet = { id: 0, inner: { name: '' }, loose: [1, 300] };
    const frame = proto2.encodeOld!(packet) as Uint8Array;
    expect(hex(frame)).toBe('0f000100 0800 1202 0a00 2001 20ac02'.replaceAll(' ', ''));
    expect(proto2.decodeOld!(frame)).toEqual(packet);
    expect(proto2.decodeOld!(bytes('04000100'))).toEqual({ id: 0, inner: { name: '' }, loose: [] });
  });

  it('writes and reads another header, and leaves no byte of an earlier packet in it', () => {
    framed.encodeC_Chat!({ text: 'x'.repeat(900), mood: 0 });
    const frame = framed.encodeC_Chat!({ text: 'ab', mood: 0 }) as Uint8Array;
    expect(hex(frame)).toBe('00 01 0000 00000006 0000 0a026162'.replaceAll(' ', ''));
    expect(framed.decodeC_Chat!(frame)).toEqual({ text: 'ab', mood: 0 });
    expect(() => framed.encodeC_Chat!({ text: 'x'.repeat(1000), mood: 0 })).toThrow('would exceed 1000 bytes');
    const pdl = framedPdl.encodeC_A!({ x: 1 }) as Uint8Array;
    expect(hex(pdl)).toBe('00 01 0000 00000004 0000 0100'.replaceAll(' ', ''));
    expect(framedPdl.decodeC_A!(pdl)).toEqual({ x: 1 });
  });
});

describe('what cannot be generated', () => {
  it.each<[string, LengthFraming]>([
    ['whose id is a part of a byte', { ...bigEndian, idMask: 0xf0, idShift: 4 }],
    ['with a length of varying width', { ...bigEndian, lengthFieldLength: 'varint' }],
    ['with a length of three bytes', { ...bigEndian, lengthFieldLength: 3 }],
    [
      'with fields beside length and id',
      { ...bigEndian, headerFields: [{ name: 'a', offset: 0, length: 1, value: 1 }] },
    ],
  ])('is a header %s', (what, framing) => {
    const text = 'syntax = "proto3"; enum MsgId { A = 0; } message A {}';
    expect(() => generate(text, {}, framing)).toThrow(`No code is made for a header ${what}.`);
  });

  it('is a name that the file uses itself, and one that two packages have', () => {
    const text = 'syntax = "proto3"; enum MsgId { A = 0; } message A { utf8 x = 1; } enum utf8 { NONE = 0; }';
    expect(() => generate(text)).toThrow(
      expect.objectContaining({
        problems: [{ message: 'utf8: utf8 is a name that the generated file uses itself', owner: 'utf8' }],
      }),
    );
    const file = protoFiles({
      'a.proto': 'syntax = "proto3"; package a; import "b.proto"; message P { b.P p = 1; }',
      'b.proto': 'syntax = "proto3"; package b; message P {}',
    });
    expect(() => generateTypeScript(readProto(file, { ids: { 'a.P': 1 } }), serverCoreFraming, origin)).toThrow(
      expect.objectContaining({ problems: [{ message: 'b.P and a.P would both have the type P', owner: 'b.P' }] }),
    );
  });
});
