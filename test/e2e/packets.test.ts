import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReportFolder, swarm } from './swarm.js';

const chat = 'scenarios/packets/chat.pdl.xml';

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
    [['packets.proto'], 'packets.proto is not a packet definition that swarm packets reads.'],
    [['test/packets/vectors'], 'Name a PDL file, which ends in .xml.'],
    [[chat, '--decode', '0e0'], '--decode:1:1: a byte has two digits'],
    [[chat, '--decode', ' '], 'There are no bytes in --decode.'],
    [[chat, '--decode', '@nowhere.hex'], 'nowhere.hex does not exist.'],
    [[chat, '--decode', '00', '--side', 'clent'], 'Did you mean client?'],
    [[chat, '--decode', '00', '--framing', 'line'], 'There is servercore.'],
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
    mkdirSync(join(folder.path, 'packets.ts'));
    const unwritable = await swarm(['packets', chat, '--out', folder.path]);
    expect(unwritable.code).toBe(104);
    expect(unwritable.stderr).toContain('packets.ts');
    expect(unwritable.stderr).not.toMatch(/^ +at /m);
  });
});
