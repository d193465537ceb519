import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Connector,
  type DisconnectReason,
  Listener,
  PacketSession,
  type ProtocolError,
  type Session,
  serverCoreFraming,
} from '../../src/core/index.js';
import { generateTypeScript } from '../../src/generator/typescript.js';
import {
  compileDecoder,
  compileEncoder,
  DecodeError,
  EncodeError,
  type FieldDefinition,
  type FieldRecord,
  type PacketDefinition,
  type PacketSet,
  parsePdl,
  toValues,
} from '../../src/packets/index.js';
import { definitions, recordOf } from '../packets/arbitraries.js';
import { bytes, hex } from '../packets/bytes.js';
import { UserProject } from '../support/user-project.js';

function generate(packets: PacketSet, file: string): string {
  return generateTypeScript(packets, serverCoreFraming, { file, toolVersion: '0.0.0' });
}

function generateFrom(path: string): string {
  return generate(parsePdl(readFileSync(path, 'utf8'), path), basename(path));
}

const chat = 'scenarios/packets/chat.pdl.xml';
const lists = 'test/packets/vectors/pdl.xml';

describe('the generated file', () => {
  it('is the same for the same definitions', async () => {
    await expect(generateFrom(chat)).toMatchFileSnapshot('golden/chat.ts.txt');
    await expect(generateFrom(lists)).toMatchFileSnapshot('golden/lists-in-lists.ts.txt');
  });

  it('cannot be broken by the name of the file it is made from', () => {
    const text = generate({ format: 'pdl', packets: [] }, 'a\nexport const b = 1;\u2028.xml');
    expect(text.split('\n')[0]).toBe(
      '// Made by swarm 0.0.0 from a?export const b = 1;?.xml. Do not edit it: change that file, and make this one again.',
    );
  });
});

/** A generated module, without the types that the compiler has checked. */
type Codecs = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
interface ManagerClass {
  new (
    handler: unknown,
  ): { onRecvPacket(session: unknown, buffer: Uint8Array, start: number, end: number, id: number): boolean };
}

/** Packets of every kind of field, drawn once: compiling is what takes time. */
const drawn: readonly PacketDefinition[] = fc
  .sample(definitions, { numRuns: 40, seed: 7 })
  .map((definition, index) => ({ ...definition, name: `P${index}`, id: index + 1 }));
const vectors = parsePdl(readFileSync(lists, 'utf8'), lists);

describe('generated code', () => {
  const project = new UserProject();
  let compilerOutput: string;
  let drawnCodecs: Codecs;
  let vectorCodecs: Codecs;

  beforeAll(async () => {
    project.write('drawn.ts', generate({ format: 'pdl', packets: drawn }, 'drawn.xml'));
    project.write('vectors.ts', generate(vectors, 'vectors.xml'));
    project.write('chat.ts', generateFrom(chat));
    project.write(
      'empty.ts',
      generate({ format: 'pdl', packets: [{ name: 'C_A', id: 0, direction: 'toServer', fields: [] }] }, 'e'),
    );
    project.write('move.ts', generateFrom('scenarios/packets/move.pdl.xml'));
    project.write(
      'user.ts',
      `import { type DisconnectReason, type EndPoint, PacketSession } from 'tcp-swarm/core';
       import { type C_Chat, encodeS_Chat, ServerPacketManager } from './chat.js';
       const manager = new ServerPacketManager<ClientSession>({
         C_ChatHandler(session, packet: C_Chat) {
           session.send(encodeS_Chat({ playerId: 1, chat: packet.chat }));
         },
       });
       export class ClientSession extends PacketSession {
         onEnd: (reason: DisconnectReason) => void = () => {};
         protected override onConnected(): void {}
         protected override onDisconnected(_endPoint: EndPoint, reason: DisconnectReason): void {
           this.onEnd(reason);
         }
         protected override onFrame(buffer: Uint8Array, start: number, end: number, id: number): void {
           manager.onRecvPacket(this, buffer, start, end, id);
         }
       }`,
    );
    compilerOutput = project.compile();
    const load = async (name: string) => (await import(pathToFileURL(project.compiled(name)).href)) as Codecs;
    drawnCodecs = await load('drawn.ts');
    vectorCodecs = await load('vectors.ts');
  });

  afterAll(() => project[Symbol.dispose]());

  it('compiles under strict, without @types/node', () => {
    expect(compilerOutput).toBe('');
  });

  const ours = (definition: PacketDefinition, record: FieldRecord): Uint8Array => {
    const encoder = compileEncoder(definition, serverCoreFraming);
    const values = toValues(definition, record);
    const frame = new Uint8Array(encoder.frameSize(values));
    encoder.write(values, frame, 0);
    return frame;
  };

  it('writes and reads the bytes that our own codecs do', () => {
    const packets = fc
      .constantFrom(...drawn)
      .chain((definition) => fc.tuple(fc.constant(definition), recordOf(definition.fields)));
    fc.assert(
      fc.property(packets, fc.nat(20), ([definition, record], offset) => {
        const frame = ours(definition, record);
        expect(drawnCodecs[`encode${definition.name}`]!(record)).toEqual(frame);
        const buffer = new Uint8Array(offset + frame.length + 3).fill(0xee);
        buffer.set(frame, offset);
        // A view that does not begin where its memory does, as sessions hand on.
        const view = buffer.subarray(Math.min(offset, 2));
        const start = offset - Math.min(offset, 2);
        expect(drawnCodecs[`decode${definition.name}`]!(view, start, start + frame.length)).toEqual(record);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses the bytes that our own codecs refuse, with the same code', () => {
    fc.assert(
      fc.property(fc.constantFrom(...drawn), fc.uint8Array({ maxLength: 60 }), (definition, frame) => {
        const decode = drawnCodecs[`decode${definition.name}`]!;
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
        const expected = verdict(() =>
          compileDecoder(definition, serverCoreFraming, 'all').decode(frame, 0, frame.length),
        );
        expect(verdict(() => decode(frame))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, FieldDefinition['type'], unknown]>([
    ['b', 'byte', 256],
    ['sb', 'sbyte', -129],
    ['s', 'short', 1.5],
    ['us', 'ushort', -1],
    ['i', 'int', 2 ** 31],
    ['l', 'long', 2n ** 63n],
    ['f', 'float', 1e39],
    ['str', 'string', 'x'.repeat(32_768)],
    ['skills', 'list', new Array(65_536)],
  ])('refuses to write a %s (%s) that does not fit, as our own codecs do', (name, _type, value) => {
    const good = { b: 0, sb: 0, bo: false, s: 0, us: 0, i: 0, l: 0n, f: 0, d: 0, str: '', skills: [], tail: 0 };
    expect(() => vectorCodecs.encodeS_All!(good)).not.toThrow();
    const bad = { ...good, [name]: value };
    expect(() => vectorCodecs.encodeS_All!(bad)).toThrow(RangeError);
    expect(() => vectorCodecs.encodeS_All!(bad)).toThrow(`S_All.${name}: `);
    const definition = vectors.format === 'pdl' ? vectors.packets[2]! : undefined;
    if (name !== 'skills') expect(() => ours(definition!, bad as FieldRecord)).toThrow(EncodeError);
  });

  it('serves a session, which a malformed packet ends as a protocol error', async () => {
    const { ClientSession } = (await import(pathToFileURL(project.compiled('user.ts')).href)) as {
      readonly ClientSession: new () => Session & { onEnd: (reason: DisconnectReason) => void };
    };
    const server = new ClientSession();
    const ended = new Promise<DisconnectReason>((resolve) => {
      server.onEnd = resolve;
    });
    const heard: string[] = [];
    class Client extends PacketSession {
      protected override onConnected(): void {
        this.send(bytes('08000100 0200 6800'));
      }
      protected override onRecvPacket(packet: Uint8Array): void {
        heard.push(hex(packet));
        this.send(bytes('08000100 0400 6800'));
      }
      protected override onDisconnected(): void {}
    }
    const listener = new Listener();
    const endPoint = await listener.listen({ host: '127.0.0.1', port: 0 }, () => server);
    const client = await new Connector().connect(endPoint, () => new Client());
    expect(await ended).toMatchObject({ cause: 'protocol', code: 'truncated' });
    expect(heard).toEqual(['0c0002000100000002006800']);
    client.disconnect();
    await listener.close();
  });

  it('refuses a packet whose u16 size would wrap', () => {
    const skill = { id: 0, nm: 'x'.repeat(20_000), lv: 0, attributes: [] };
    const fields = { b: 0, sb: 0, bo: false, s: 0, us: 0, i: 0, l: 0n, f: 0, d: 0, str: '', tail: 0 };
    expect(() => vectorCodecs.encodeS_All!({ ...fields, skills: [skill, skill] })).toThrow(
      'S_All.skills[].nm: the packet would exceed 65535 bytes',
    );
  });

  it('hands each packet to the one handler of its side', () => {
    const heard: unknown[] = [];
    const listen = (name: string) => (session: unknown, packet: unknown) => heard.push([name, session, packet]);
    const Manager = vectorCodecs.ServerPacketManager as unknown as ManagerClass;
    const manager = new Manager({ C_EmptyHandler: listen('empty'), NeutralHandler: listen('neutral') });
    const receive = (frame: Uint8Array) => manager.onRecvPacket('me', frame, 0, frame.length, frame[2]!);
    expect(receive(bytes('04000100'))).toBe(true);
    expect(receive(bytes('0800040001000000'))).toBe(true);
    expect(heard).toEqual([
      ['empty', 'me', {}],
      ['neutral', 'me', { x: 1 }],
    ]);
    // S_Small travels to clients.
    expect(receive(bytes('08000200feffffff'))).toBe(false);
    expect(() => receive(bytes('0700040001 0000'))).toThrow('Neutral.x: 4 bytes are needed, and 3 are left');
  });
});

describe('what cannot be generated', () => {
  const list = (item: string): FieldDefinition => ({
    name: `${item}s`,
    type: 'list',
    item,
    fields: [{ name: 'x', type: 'int' }],
  });
  const packet = (name: string, fields: readonly FieldDefinition[] = []): PacketDefinition => ({
    name,
    id: 1,
    direction: 'toServer',
    fields,
  });

  it.each([
    [[packet('class')], 'class: class is a word of TypeScript’s own'],
    [[packet('ProtocolError')], 'ProtocolError: ProtocolError is a name that the generated file uses itself'],
    [[packet('game.Move')], 'game.Move: game.Move is not a name in TypeScript'],
    [[packet('A', [list('b')]), packet('A_B')], 'A_B and A.bs would both have the type A_B'],
  ])('%j is refused by name', (packets, message) => {
    expect(() => generate({ format: 'pdl', packets }, 'x.xml')).toThrow(
      expect.objectContaining({ code: 'packets-ungeneratable', problems: [expect.objectContaining({ message })] }),
    );
  });

  it('is also an id that the header has no room for, and packets that were described field by field', () => {
    const big = { ...packet('C_Big'), id: 65_536 };
    expect(() => generate({ format: 'pdl', packets: [big] }, 'x.xml')).toThrow(
      expect.objectContaining({ code: 'framing-unfit' }),
    );
    expect(() => generate({ format: 'inline', packets: [] }, 'x')).toThrow(
      'No TypeScript can be made of inline packets.',
    );
  });
});
