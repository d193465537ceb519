import { spawnSync } from 'node:child_process';
import { closeSync, openSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { packets } from '../../src/commands/packets.js';
import { validate } from '../../src/commands/validate.js';
import { type LoadOptions, loadScenario } from '../../src/scenario/load.js';
import { packetsXml, problemsOf, scenarioWith, writeFiles } from './scenario-files.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const users = 'name\nArin\n';
const asking = (data: string) => scenarioWith(`{ loop: [], data: '${data}' }`);

/** A new folder without links in its path, with a scenario in `load/` whose data is `data`, and users in and around it. */
function desk(data: string): { readonly folder: string; readonly file: string } {
  const file = writeFiles({
    'load/scenario.yaml': asking(data),
    'load/packets.xml': packetsXml,
    'load/users.csv': users,
    'load/sub/users.csv': users,
    'loader/users.csv': users,
    'server/users.csv': users,
  });
  const folder = realpathSync(join(dirname(file), '..'));
  return { folder, file: join(folder, 'load/scenario.yaml') };
}

/** What the clients of a scenario are called. */
function names(file: string, options: Partial<LoadOptions> = {}): readonly string[] | undefined {
  return loadScenario(file, { env: {}, ...options }).plan.kinds[0]?.data?.rows.flat();
}

/** What is wrong with a scenario, as `message (hint)`. */
function complaints(file: string, options: Partial<LoadOptions> = {}): readonly string[] {
  const problems = problemsOf(() => loadScenario(file, { env: {}, ...options }));
  return problems.map(({ message, hint }) => `${message} (${hint})`);
}

function cure(root: string): string {
  return `(copy it there, or say \`--root ${root}\`: what a scenario names may then lie anywhere below that folder)`;
}

describe('what a scenario names lies in its folder', () => {
  it.each(['users.csv', './sub/../users.csv', 'sub/users.csv', '../load/users.csv'])('as %s does', (data) => {
    expect(names(desk(data).file)).toEqual(['Arin']);
  });

  it('as its absolute path does', () => {
    const { folder, file } = desk('');
    writeFileSync(file, asking(`${folder}/load/users.csv`));
    expect(names(file)).toEqual(['Arin']);
  });

  it('where that is reached by a link, too', () => {
    const { folder } = desk('users.csv');
    symlinkSync('load', join(folder, 'shortcut'));
    expect(names(join(folder, 'shortcut/scenario.yaml'))).toEqual(['Arin']);
  });

  it('where it is a link to something in it, as Kubernetes mounts files', () => {
    const file = writeFiles({
      'scenario.yaml': asking('mounted.csv'),
      'packets.xml': packetsXml,
      '..2026/mounted.csv': users,
    });
    symlinkSync('..2026', join(dirname(file), '..data'));
    symlinkSync('..data/mounted.csv', join(dirname(file), 'mounted.csv'));
    expect(names(file)).toEqual(['Arin']);
  });

  it('and not where it is a link that leads out', () => {
    const { folder, file } = desk('link.csv');
    symlinkSync('../server/users.csv', join(folder, 'load/link.csv'));
    expect(complaints(file)).toEqual([
      `\`link.csv\` leads to ${folder}/server/users.csv, outside the scenario’s folder ${cure(relative('', folder))}`,
    ]);
  });

  it('and not in one whose name begins as its own', () => {
    const { folder, file } = desk('../loader/users.csv');
    expect(complaints(file)).toEqual([
      `\`../loader/users.csv\` leads to ${folder}/loader/users.csv, outside the scenario’s folder ${cure(relative('', folder))}`,
    ]);
  });

  it('and not below a link that leads out', () => {
    const { folder, file } = desk('link/users.csv');
    symlinkSync('../server', join(folder, 'load/link'));
    expect(complaints(file)[0]).toContain(`\`link/users.csv\` leads to ${folder}/server/users.csv, outside`);
  });

  it('and is read where it was looked for: `..` behind a link does not lead elsewhere', () => {
    const { folder, file } = desk('');
    const elsewhere = desk('');
    writeFileSync(join(elsewhere.folder, 'users.csv'), 'name\nsecret\n');
    symlinkSync(join(elsewhere.folder, 'server'), join(folder, 'load/link'));
    writeFileSync(file, asking(`${folder}/load/link/../users.csv`));
    expect(names(file)).toEqual(['Arin']);
  });

  it('and not where nobody can say that it does: an open file that was deleted has no folder', () => {
    const { folder, file } = desk('');
    const open = openSync(join(folder, 'server/users.csv'), 'r');
    try {
      rmSync(join(folder, 'server/users.csv'));
      symlinkSync(`/proc/self/fd/${open}`, join(folder, 'load/link.csv'));
      writeFileSync(file, asking('link.csv'));
      expect(complaints(file)[0]).toMatch(/^`link\.csv` leads to .*, outside the scenario’s folder/);
    } finally {
      closeSync(open);
    }
  });

  it('or is said to be missing, wherever it would be', () => {
    expect(complaints(desk('../server/nobody.csv').file)[0]).toMatch(/^the data file .*nobody\.csv does not exist/);
  });

  it('but for a socket, which is an address', () => {
    const { file } = desk('users.csv');
    writeFileSync(file, asking('users.csv').replace('127.0.0.1:7777', 'unix:/run/game.sock'));
    expect(loadScenario(file, { env: {} }).plan.target).toEqual({ kind: 'unix', path: '/run/game.sock' });
  });

  it('or in the current one, where the scenario comes from a pipe that lies in none', () => {
    const { folder } = desk('users.csv');
    const bin = fileURLToPath(new URL('../../bin/swarm.js', import.meta.url));
    const command = 'cat scenario.yaml | "$0" "$1" validate /dev/stdin';
    const cwd = join(folder, 'load');
    const { status, stderr } = spawnSync('sh', ['-c', command, process.execPath, bin], { cwd, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('--root', () => {
  it('says below which folder it lies instead', () => {
    const { folder, file } = desk('../server/users.csv');
    expect(names(file, { root: folder })).toEqual(['Arin']);
    expect(names(file, { root: relative('', folder) })).toEqual(['Arin']);
    expect(names(file, { root: '/' })).toEqual(['Arin']);
  });

  it('may be a link', () => {
    const { folder, file } = desk('../server/users.csv');
    symlinkSync('.', join(folder, 'all'));
    expect(names(file, { root: join(folder, 'all') })).toEqual(['Arin']);
  });

  it('takes the place of the scenario’s folder, and is named where something lies outside', () => {
    const { folder, file } = desk('../server/users.csv');
    const root = join(folder, 'server');
    expect(complaints(file, { root })).toEqual([
      `\`packets.xml\` leads to ${folder}/load/packets.xml, outside \`--root ${root}\` ${cure(relative('', folder))}`,
    ]);
  });

  it('is proposed as a shell takes it', () => {
    const file = writeFiles({ "it's here/load/scenario.yaml": asking('../users.csv'), "it's here/users.csv": users });
    writeFileSync(join(dirname(file), 'packets.xml'), packetsXml);
    const folder = relative('', realpathSync(join(dirname(file), '..')));
    expect(complaints(file)[0]).toContain(cure(`'${folder.replace("'", "'\\''")}'`));
  });

  it.each(['no/such/folder', 'package.json', ''])('%j is none', (root) => {
    expect(() => loadScenario(desk('users.csv').file, { env: {}, root })).toThrow(
      expect.objectContaining({
        code: 'root-invalid',
        exitCode: 104,
        message: `--root ${root}: there is no such folder.`,
      }),
    );
  });

  it('is for what the scenario chose: what --set names may lie anywhere', () => {
    const { folder, file } = desk('users.csv');
    expect(names(file, { overrides: { set: [`clients.one.data=${folder}/server/users.csv`] } })).toEqual(['Arin']);
    const bytes = writeFiles({
      'scenario.yaml':
        'target: 127.0.0.1:1\nprotocol: { framing: u8, packets: bytes }\nload: { clients: 1, duration: 1s }\nclients: { one: { start: [{ send: { hex: "00" } }] } }\n',
    });
    const set = [`clients.one.start[0].send={ file: ${folder}/server/users.csv }`];
    const { kinds } = loadScenario(bytes, { env: {}, overrides: { set } }).plan;
    expect(JSON.stringify(kinds[0]?.start)).toContain(Buffer.from(users).toString('hex'));
  });

  it('is an option of swarm validate', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const { folder, file } = desk('../server/users.csv');
    await expect(validate(file, {})).rejects.toMatchObject({ exitCode: 104 });
    expect(await validate(file, { root: folder })).toBe(0);
    expect(log.mock.calls.join()).toContain('is valid');
  });

  it('is an option of swarm packets, for scenarios alone', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const { folder, file } = desk('../server/users.csv');
    await expect(packets(file, { id: [] })).rejects.toMatchObject({ exitCode: 104 });
    expect(await packets(file, { id: [], root: folder })).toBe(0);
    expect(log.mock.calls.join()).toContain('C_Say');
    await expect(packets(join(folder, 'load/packets.xml'), { id: [], root: folder })).rejects.toMatchObject({
      code: 'options-conflict',
      exitCode: 104,
    });
  });
});

describe('the imports of a .proto', () => {
  const game = (imported: string) =>
    `syntax = "proto3"; import "${imported}"; enum MsgId { CHAT = 0; } message Chat { Point at = 1; }`;
  const point = 'syntax = "proto3"; message Point {}';
  const scenario = (packets: string) =>
    `target: 127.0.0.1:1\nprotocol: { packets: ${packets} }\nload: { clients: 1, duration: 1s }\nclients: { one: { loop: [] } }\n`;

  /** A scenario in `load/` with `proto/game.proto` below it, which imports `imported`. */
  function protoDesk(imported: string): { readonly folder: string; readonly file: string } {
    const file = writeFiles({
      'load/scenario.yaml': scenario('proto/game.proto'),
      'load/proto/game.proto': game(imported),
      'load/point.proto': point,
      'server/game.proto': game('point.proto'),
      'server/point.proto': point,
    });
    return { folder: realpathSync(join(dirname(file), '..')), file };
  }

  const packetsOf = (file: string, options: Partial<LoadOptions> = {}) =>
    loadScenario(file, { env: {}, ...options }).plan.protocol.packets;

  it('lie in the scenario’s folder as well', () => {
    expect(packetsOf(protoDesk('../point.proto').file)).toMatchObject({ packets: [{ name: 'Chat' }] });
    const { folder, file } = protoDesk('../../server/point.proto');
    expect(complaints(file)).toEqual([
      `the import \`../../server/point.proto\` leads to ${folder}/server/point.proto, outside the scenario’s folder ${cure(relative('', folder))}`,
    ]);
    expect(packetsOf(file, { root: folder })).toMatchObject({ packets: [{ name: 'Chat' }] });
  });

  it('are not reached by a link that leads out', () => {
    const { folder, file } = protoDesk('link.proto');
    symlinkSync('../../server/point.proto', join(folder, 'load/proto/link.proto'));
    expect(complaints(file)[0]).toContain(`\`link.proto\` leads to ${folder}/server/point.proto, outside`);
  });

  it('may be absolute where the root holds them', () => {
    const { folder, file } = protoDesk('');
    writeFileSync(join(folder, 'load/proto/game.proto'), game(`${folder}/server/point.proto`));
    expect(complaints(file)[0]).toContain('outside the scenario’s folder');
    expect(packetsOf(file, { root: folder })).toMatchObject({ packets: [{ name: 'Chat' }] });
  });

  it('lie beside it too, where the command line names it', () => {
    const { folder, file } = protoDesk('../point.proto');
    const set = [`protocol.packets=${folder}/server/game.proto`];
    expect(packetsOf(file, { overrides: { set } })).toMatchObject({ packets: [{ name: 'Chat' }] });
  });
});
