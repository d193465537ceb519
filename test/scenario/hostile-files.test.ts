import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SwarmError } from '../../src/errors.js';
import { loadScenario } from '../../src/scenario/load.js';
import { formatProblems } from '../../src/scenario/problems.js';
import { packetsXml, scenarioWith, writeFiles } from './scenario-files.js';

/** A new folder, with these files. */
function folderWith(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  return dirname(
    writeFiles({ 'scenario.yaml': scenarioWith('{ loop: [], data: users }'), 'packets.xml': packetsXml, ...files }),
  );
}

/** What a user reads where `file` cannot be loaded, with the folder left out. */
function refusal(folder: string, file = 'scenario.yaml'): string {
  try {
    loadScenario(join(folder, file), { env: {} });
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    expect(error.exitCode).toBe(104);
    const { message, hint = '', problems } = error;
    const words = problems.length > 0 ? formatProblems(problems) : `${message}\n${hint}`;
    return words.replaceAll(`${folder}/`, '').replaceAll(folder, '.');
  }
  throw new Error('it was loaded');
}

/** Bytes of the largest scenario that is read. */
const size = 256 * 1024;

/** A scenario in bytes that are no text in UTF-8, or hold what no text has. */
const encoded: Readonly<Record<string, Uint8Array>> = {
  'UTF-16, little-endian': Buffer.from('\ufeffname: Room\n', 'utf16le'),
  'UTF-16, big-endian': Buffer.from('\ufeffname: Room\n', 'utf16le').swap16(),
  'UTF-16 without a mark': Buffer.from('name: Room\n', 'utf16le'),
  'Latin-1': Buffer.from('name: Café\n', 'latin1'),
  'EUC-KR': Buffer.from('6e616d653a20c3a4c6c3b9e60a', 'hex'),
  'a program': Buffer.from('7f454c4602010100000000000000000003003e0001000000', 'hex'),
  gzip: Buffer.from('1f8b0800000000000003cb48cdc9c95728cf2fca4901', 'hex'),
  'zeros alone': new Uint8Array(1000),
  'zeros in text': Buffer.from('name: a\0b\ntarget: \0\n'),
  'half a letter': Buffer.from('6e616d653a20ed959c0aed95', 'hex'),
  'an overlong letter': Buffer.from('6e616d653a20c0af0a', 'hex'),
  'half a pair': Buffer.from('6e616d653a20eda0800a', 'hex'),
};

describe('a scenario that is', () => {
  it.each(Object.entries(encoded))('%s', (_, content) => {
    expect(refusal(folderWith({ 'scenario.yaml': content }))).toMatchSnapshot();
  });

  it.each([
    ['10 MB of text', 'x'.repeat(10_000_000)],
    ['10 MB of brackets', '['.repeat(10_000_000)],
    ['as much as is read of one word', 'x'.repeat(size)],
    ['as much as is read of brackets', '['.repeat(size)],
    ['as much as is read of keys', 'a: &a\n'.repeat(size / 6)],
    ['as much as is read of quotes', '"'.repeat(size)],
    ['as much as is read of aliases', `a: &a 1\nb: [${'*a,'.repeat(size / 3 - 10)}]\n`],
    ['as much as is read of tags', '!'.repeat(size)],
    ['as much as is read of line ends', '\n'.repeat(size)],
    [
      'as much as is read of clients',
      `clients:\n${Array.from({ length: 15_000 }, (_, i) => `  c${i}: [ ]\n`).join('')}`,
    ],
  ])('%s', (_, text) => {
    const words = refusal(folderWith({ 'scenario.yaml': text }));
    expect(words.slice(0, 400)).toMatchSnapshot();
  });

  it('a folder, or is not there', () => {
    const folder = folderWith();
    mkdirSync(join(folder, 'room.yaml'));
    expect(refusal(folder, 'room.yaml')).toMatchSnapshot();
    expect(refusal(folder, 'scenario.yml')).toMatchSnapshot();
    expect(refusal(folder, 'scenario.yaml/more.yaml')).toMatchSnapshot();
  });

  it('a link that leads nowhere, or to itself', () => {
    const folder = folderWith();
    symlinkSync('nothing', join(folder, 'dangling.yaml'));
    symlinkSync('loop.yaml', join(folder, 'loop.yaml'));
    expect(refusal(folder, 'dangling.yaml')).toMatchSnapshot();
    expect(refusal(folder, 'loop.yaml')).toMatchSnapshot();
  });

  it('a pipe is read to its end, as in swarm run <(make-scenario)', () => {
    const folder = folderWith();
    const pipe = join(folder, 'pipe.yaml');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const writer = spawn('sh', ['-c', 'cat scenario.yaml > pipe.yaml'], { cwd: folder, stdio: 'ignore' });
    // The words of a scenario that was read.
    expect(refusal(folder, 'pipe.yaml')).toContain('the data file users does not exist');
    writer.kill();
  });

  it('a pipe without an end is read no further than a scenario goes', () => {
    const folder = folderWith();
    expect(spawnSync('mkfifo', [join(folder, 'pipe.yaml')]).status).toBe(0);
    const writer = spawn('sh', ['-c', 'yes > pipe.yaml'], { cwd: folder, stdio: 'ignore' });
    expect(refusal(folder, 'pipe.yaml')).toBe(
      'The scenario pipe.yaml has more than the 262144 bytes that are read at most.\nCheck that it is the file you meant, and leave out of it what is not needed.',
    );
    writer.kill();
  });

  it('a device', () => {
    for (const device of ['null', 'zero', 'random']) {
      expect(refusal('/dev', device)).toBe(
        `The scenario ${device} is a device, not a file.\nWrite what it holds to a file, and name that.`,
      );
    }
  });
});

describe('a file that a scenario names, and that is', () => {
  it('a pipe, which nobody may ever write to', () => {
    const folder = folderWith();
    expect(spawnSync('mkfifo', [join(folder, 'users')]).status).toBe(0);
    expect(refusal(folder)).toMatchSnapshot();
  });

  it('a socket', async () => {
    const folder = folderWith();
    const server = createServer().listen(join(folder, 'users'));
    await new Promise((resolve) => server.once('listening', resolve));
    expect(refusal(folder)).toMatchSnapshot();
    await new Promise((resolve) => server.close(resolve));
  });

  it('a link that leads nowhere, or to itself', () => {
    const folder = folderWith();
    symlinkSync('nothing', join(folder, 'users'));
    expect(refusal(folder)).toMatchSnapshot();
    const other = folderWith();
    symlinkSync('users', join(other, 'users'));
    expect(refusal(other)).toMatchSnapshot();
  });

  it('larger than data is', () => {
    const folder = folderWith();
    writeFileSync(join(folder, 'users'), '');
    // Sparse: it takes no room, and would take memory if it were read.
    expect(spawnSync('truncate', ['--size', '1T', join(folder, 'users')]).status).toBe(0);
    expect(refusal(folder)).toMatchSnapshot();
  });

  it('binary', () => {
    expect(refusal(folderWith({ users: Uint8Array.of(0xff, 0x00, 0x9c) }))).toMatchSnapshot();
    expect(refusal(folderWith({ 'packets.xml': Uint8Array.of(0x3c, 0xff) }))).toMatchSnapshot();
    expect(refusal(folderWith({ 'packets.xml': Buffer.from('\ufeff<PDL/>', 'utf16le') }))).toMatchSnapshot();
    expect(refusal(folderWith({ 'packets.xml': '<PDL>\0</PDL>' }))).toMatchSnapshot();
  });
});
