import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReportFolder, swarm } from './swarm.js';

const chat = 'scenarios/packets/chat.pdl.xml';
const proto = 'test/generator/all-kinds.proto';
const inline = 'test/generator/all-kinds.yaml';

describe('swarm packets', () => {
  it('lists the packets where nothing else is asked for', async () => {
    const listed = await swarm(['packets', chat]);
    expect(listed).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'id  name    direction      bytes  fields',
        ' 1  C_Chat  to the server    ≥ 6  chat string',
        ' 2  S_Chat  to the client   ≥ 10  playerId int, chat string',
        '',
      ].join('\n'),
    });
    expect(await swarm(['packets', chat, '--list'])).toEqual(listed);
    const { stdout } = await swarm(['packets', chat, '--list', '--json']);
    expect(JSON.parse(stdout)[1]).toEqual({
      id: 2,
      name: 'S_Chat',
      direction: 'toClient',
      size: { bytes: 10, fixed: false },
      fields: [
        { name: 'playerId', type: 'int' },
        { name: 'chat', type: 'string' },
      ],
    });
  });

  it('explains frames of a file, and exits with 104 where one does not fit', async () => {
    using folder = new ReportFolder();
    const file = join(folder.path, 'captured.hex');
    writeFileSync(file, '0x06, 0x00, 0x01, 0x00,\n0x00, 0x00\n');
    const good = await swarm(['packets', chat, '--decode', `@${file}`, '--side', 'client']);
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(good.stdout).toContain('frame 1: C_Chat, to the server, bytes 0 to 5');
    const wrongSide = await swarm(['packets', chat, '--decode', `@${file}`, '--side', 'server']);
    expect(wrongSide).toMatchObject({ code: 104, stderr: '' });
    expect(wrongSide.stdout).toContain('✗ byte 2: no packet has the id 1');
  });

  it('reads every kind of definitions, with ids from where they are', async () => {
    using folder = new ReportFolder();
    expect((await swarm(['packets', chat, '--framing', 'id-first', '--decode', '0100 0600 0000'])).stdout).toContain(
      'C_Chat',
    );
    expect((await swarm(['packets', inline, '--decode', '1000 0200 030201 040506 616200000000'])).stdout).toContain(
      '"ab"',
    );
    const file = join(folder.path, 'ids.proto');
    const option = 'message A { option (opcode) = 5; } message B {} message C {}';
    writeFileSync(file, `syntax = "proto3"; enum Op { B = 6; } ${option}`);
    const args = ['packets', file, '--id-enum', 'Op', '--id-option', 'opcode', '--id', 'C=7'];
    expect((await swarm(args)).stdout.match(/^ \d+ +\w/gm)).toEqual([' 5  A', ' 6  B', ' 7  C']);
    const scenario = join(folder.path, 'play.yaml');
    const framing =
      '{ lengthFieldOffset: 0, lengthFieldLength: 2, endian: big, idOffset: 2, idLength: 1, lengthAdjustment: 0 }';
    writeFileSync(
      scenario,
      `target: 127.0.0.1:1
protocol: { framing: ${framing}, packets: ids.proto, idEnum: Op, idOption: opcode, ids: { C: 7 } }
load: { clients: 1, duration: 1s }
clients: { one: { start: [{ send: A }] } }
`,
    );
    const explained = await swarm(['packets', scenario, '--decode', '00 01 05  00 01 07']);
    expect(explained).toMatchObject({ code: 0, stderr: '' });
    expect(explained.stdout.match(/^frame.*/gm)).toEqual([
      'frame 1: A, both ways, bytes 0 to 2',
      'frame 2: C, both ways, bytes 3 to 5',
    ]);
    const generated = await swarm(['packets', scenario, '--out', folder.path]);
    expect(generated).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(folder.path, 'packets.ts'), 'utf8')).toContain('[size u16][id u8][protobuf], big-endian');
  });

  it('needs to be told who sent frames, where clients and server have different headers', async () => {
    using folder = new ReportFolder();
    const scenario = join(folder.path, 'play.yaml');
    writeFileSync(
      scenario,
      `target: 127.0.0.1:1
protocol:
  framing: { send: servercore, receive: id-first }
  packets: { definitions: { Hello: { id: 1 } } }
load: { clients: 1, duration: 1s }
clients: { one: { start: [{ send: Hello }] } }
`,
    );
    const decode = ['packets', scenario, '--decode', '0100 0400'];
    expect((await swarm(decode)).stderr).toContain('Say who sent these: --side client or --side server.');
    expect(await swarm([...decode, '--side', 'server'])).toMatchObject({ code: 0, stderr: '' });
    expect(await swarm([...decode, '--side', 'client'])).toMatchObject({ code: 104, stderr: '' });
  });

  it('writes the same file each time, and never over one that it has not made', async () => {
    using folder = new ReportFolder();
    const out = join(folder.path, 'new/generated');
    const target = join(out, 'packets.ts');
    const args = ['packets', chat, '--out', out];
    expect(await swarm(args)).toEqual({ code: 0, stderr: '', stdout: `${target}: made from ${chat}\n` });
    const text = readFileSync(target, 'utf8');
    expect(await swarm(args)).toMatchObject({ code: 0 });
    expect(readFileSync(target, 'utf8')).toBe(text);
    writeFileSync(target, 'export const mine = 1;\n');
    const refused = await swarm(args);
    expect(refused).toMatchObject({ code: 104, stdout: '' });
    expect(refused.stderr).toContain('was not made by swarm, and is not overwritten');
    expect(readFileSync(target, 'utf8')).toBe('export const mine = 1;\n');
  });

  it.each([
    [['nowhere.xml'], 'nowhere.xml does not exist.'],
    [['packets.proto'], 'packets.proto does not exist.'],
    [['test/packets/vectors'], 'test/packets/vectors is not a packet definition that swarm packets reads.'],
    [['nowhere.yaml'], 'There is no file `nowhere.yaml`, and no bundled scenario of that name.'],
    [['redis-ping'], 'redis-ping speaks text: its packets are lines, and have no fields.'],
    [[inline, '--out', 'x'], 'No TypeScript can be made of inline packets.'],
    [[chat, '--id-enum', 'Op'], '--id-enum is for .proto files'],
    [[proto, '--reading', 'original'], '--reading is for PDL files'],
    [[inline, '--id', 'Login=7'], '--id is for PDL and .proto files'],
    [[chat, '--id', 'C_Chat'], 'Write --id C_Chat=7.'],
    [[chat, '--id', 'C_Chta=7'], '--id C_Chta=7: an id is given for C_Chta, and there is no such packet'],
    [[chat, '--id', 'C_Chta=7'], 'Did you mean `C_Chat`?'],
    [[chat, '--id', 'C_Chat=70000'], 'The id 70000 of packet C_Chat is too large'],
    [[proto, '--id-enum', 'Nope'], '--id-enum Nope: there is no enum `Nope`'],
    [[proto, '--id-enum', 'Nope'], 'the file has these: MsgId, Mood'],
    [[proto, '--id-enum', 'Mood'], '--id-enum Mood: no value of the enum `Mood` is called as a message is'],
    [[proto, '--id-enum', 'Nope'], `The options do not fit ${proto}.`],
    [['chat', '--id-option', 'x', '--framing', 'u8'], '--id-option and --framing and a scenario do not go together.'],
    [[chat, '--decode', '00', '--framing', 'u16be'], 'in a framing without packet ids'],
    [[chat, '--out', 'x', '--framing', 'mqtt'], 'No code is made for a header with a length of varying width.'],
    [[chat, '--decode', '0e0'], '--decode:1:1: a byte has two digits'],
    [[chat, '--decode', ' '], 'There are no bytes in --decode.'],
    [[chat, '--decode', '@nowhere.hex'], 'nowhere.hex does not exist.'],
    [[chat, '--decode', '00', '--side', 'clent'], 'Did you mean `client`?'],
    [[chat, '--decode', '00', '--framing', 'id-frist'], 'Did you mean `id-first`?'],
    [[chat, '--list', '--out', 'x'], '--list and --out do not go together.'],
    [[chat, '--json', '--decode', '00'], '--json goes with --list alone.'],
  ])('%j is refused with 104 and the reason', async (args, reason) => {
    const { code, stdout, stderr } = await swarm(['packets', ...args]);
    expect({ code, stdout }).toEqual({ code: 104, stdout: '' });
    expect(stderr).toContain(reason);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('says where a definition file is wrong, and where the generated file cannot be', async () => {
    using folder = new ReportFolder();
    const file = join(folder.path, 'bad.xml');
    writeFileSync(file, '<PDL>\n  <packet name="C_A"><uint name="x"/></packet>\n</PDL>\n');
    const bad = await swarm(['packets', file]);
    expect(bad.code).toBe(104);
    expect(bad.stderr).toContain(`${file}:2:`);
    const intoFile = await swarm(['packets', chat, '--out', file]);
    expect(intoFile.code).toBe(104);
    expect(intoFile.stderr).toContain(`${file} is a file, and a folder is needed.`);
    const refused = await swarm(['packets', chat, '--out', '/proc/nope']);
    expect(refused.code).toBe(104);
    // Elsewhere than on Linux /proc itself cannot be made.
    expect(refused.stderr).toMatch(/The folder \/proc(\/nope)? cannot be made/);
    mkdirSync(join(folder.path, 'packets.ts'));
    const unwritable = await swarm(['packets', chat, '--out', folder.path]);
    expect(unwritable.code).toBe(104);
    expect(unwritable.stderr).toContain('packets.ts');
    expect(unwritable.stderr).not.toMatch(/^ +at /m);
  });

  it('says where a name stands that no code can be made of', async () => {
    using folder = new ReportFolder();
    const out = ['--out', join(folder.path, 'generated')];
    const definitions = join(folder.path, 'taken.proto');
    writeFileSync(definitions, 'syntax = "proto3";\nenum MsgId { Map = 1; }\nmessage Map { int32 x = 1; }\n');
    const ofProto = await swarm(['packets', definitions, ...out]);
    expect(ofProto).toMatchObject({ code: 104, stdout: '' });
    expect(ofProto.stderr).toContain(`${definitions}:3:9: Map: Map is a name that the generated file uses itself`);
    const pdl = join(folder.path, 'taken.xml');
    writeFileSync(pdl, '<PDL>\n  <packet name="Uint8Array"></packet>\n</PDL>\n');
    const ofPdl = await swarm(['packets', pdl, ...out]);
    expect(ofPdl).toMatchObject({ code: 104, stdout: '' });
    expect(ofPdl.stderr).toContain(`${pdl}:2:17: Uint8Array: Uint8Array is a name`);
  });
});
