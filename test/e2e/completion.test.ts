import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ReportFolder, swarm } from './swarm.js';

const scripts = new Map<string, string>();

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await swarm(['completion', shell]);
    expect(code).toBe(0);
    scripts.set(shell, stdout);
  }
});

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0;
}

/** What bash offers for the last of `words`, in a folder with `own.yaml`, `run.json`, `notes.txt` and the folder `results`; sorted. */
function bashOffers(...words: readonly string[]): readonly string[] {
  using folder = new ReportFolder();
  for (const file of ['own.yaml', 'run.json', 'notes.txt']) writeFileSync(join(folder.path, file), '');
  mkdirSync(join(folder.path, 'results'));
  // As readline calls it: the function that `complete` names, with the words and the place of the cursor among them.
  const drive = `
    declared=$(complete -p swarm) || exit 1
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    "$(sed 's/.*-F \\([^ ]*\\).*/\\1/' <<<"$declared")"
    printf '%s\\n' "\${COMPREPLY[@]}"
  `;
  const input = `${scripts.get('bash')}\nset -- ${words.map((word) => `'${word}'`).join(' ')}\n${drive}`;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '--noprofile', '-u'], {
    input,
    cwd: folder.path,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

describe.skipIf(!isInstalled('bash'))('completion in bash', () => {
  it('offers the commands', () => {
    expect(bashOffers('swarm', '')).toEqual(expect.arrayContaining(['completion', 'help', 'run', 'schema', 'serve']));
    expect(bashOffers('swarm', 'se')).toEqual(['serve']);
  });

  it('offers the options of the command', () => {
    expect(bashOffers('swarm', 'run', 'quickstart', '--c')).toEqual(['--clients', '--connect-rate']);
    expect(bashOffers('swarm', 'serve', '--fl')).toEqual(['--flush']);
    expect(bashOffers('swarm', '--v')).toEqual(['--version']);
  });

  it('offers the words that an option takes, also behind =', () => {
    expect(bashOffers('swarm', 'serve', '--mode', '')).toEqual(['chat', 'echo', 'hello', 'move', 'sink']);
    expect(bashOffers('swarm', 'serve', '--mode', '=', 'e')).toEqual(['echo']);
    expect(bashOffers('swarm', 'serve', '--mode', '=')).toHaveLength(5);
  });

  it.each([
    [['report', 'reports', '--format', 'm'], ['markdown']],
    [
      ['compare', 'a', 'b', '--format', 'j'],
      ['json', 'junit'],
    ],
    [['ab', 'echo', '--format', 't'], ['text']],
    [
      ['packets', 'x.xml', '--framing', 'u32'],
      ['u32be', 'u32le'],
    ],
    [
      ['schema', ''],
      ['report', 'scenario'],
    ],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['help', 're'], ['report']],
    [['init', ''], ['results']],
    [
      ['report', ''],
      ['results', 'run.json'],
    ],
    [
      ['report', 'results', '--out', ''],
      ['notes.txt', 'own.yaml', 'results', 'run.json'],
    ],
    [['compare', 'r', '--base', 'ru'], ['run.json']],
  ])('offers what can stand at the end of %j', (words, offers) => {
    expect(bashOffers('swarm', ...words)).toEqual(offers);
  });

  it('offers one word after the other where several can stand', () => {
    expect(bashOffers('swarm', 'run', 'echo', '--format', 'j')).toEqual(['json', 'junit']);
    expect(bashOffers('swarm', 'run', 'echo', '--format', 'csv,ju')).toEqual(['csv,junit']);
    expect(bashOffers('swarm', 'run', 'echo', '--format', '=', 'csv,text,h')).toEqual([
      'csv,text,hgrm',
      'csv,text,hlog',
      'csv,text,html',
    ]);
  });

  it('offers bundled scenarios, YAML files and folders where a scenario stands', () => {
    const offers = bashOffers('swarm', 'run', '');
    expect(offers).toEqual(expect.arrayContaining(['quickstart', 'echo', 'own.yaml', 'results']));
    expect(offers).not.toContain('notes.txt');
    expect(bashOffers('swarm', 'validate', 'o')).toEqual(['own.yaml']);
  });

  it('offers folders where a folder stands, and nothing where nobody can guess', () => {
    expect(bashOffers('swarm', 'run', 'echo', '--out', '')).toEqual(['results']);
    expect(bashOffers('swarm', 'run', 'echo', '--root', '')).toEqual(['results']);
    expect(bashOffers('swarm', 'run', 'echo', '--clients', '')).toEqual([]);
    expect(bashOffers('swarm', 'run', '--set', 'load.warmup', '=', '')).toEqual([]);
  });
});

describe.skipIf(!isInstalled('zsh'))('completion in zsh', () => {
  it('is a script that zsh can read', () => {
    expect(spawnSync('zsh', ['-n'], { input: scripts.get('zsh'), encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});

describe.skipIf(!isInstalled('fish'))('completion in fish', () => {
  it('offers commands, options and words', () => {
    const offers = (line: string) =>
      spawnSync('fish', ['--no-config', '-c', `${scripts.get('fish')}\ncomplete -C '${line}'`], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((offer) => offer !== '')
        .map((offer) => offer.split('\t')[0]);
    expect(offers('swarm se')).toEqual(['serve']);
    expect(offers('swarm run echo --cl')).toEqual(['--clients']);
    expect(offers('swarm serve --mode e')).toEqual(['echo']);
    expect(offers('swarm run echo --format csv,ju')).toEqual(['csv,junit']);
  });

  it('offers YAML files and folders where a scenario stands', () => {
    using folder = new ReportFolder();
    for (const file of ['own.yaml', 'own.txt']) writeFileSync(join(folder.path, file), '');
    mkdirSync(join(folder.path, 'own'));
    const script = `${scripts.get('fish')}\ncomplete -C 'swarm run own'`;
    const { stdout } = spawnSync('fish', ['--no-config', '-c', script], { encoding: 'utf8', cwd: folder.path });
    expect(stdout.match(/^[^\t\n]+/gm)?.sort()).toEqual(['own.yaml', 'own/']);
  });
});
