import { describe, expect, it } from 'vitest';
import { swarm } from './swarm.js';

describe('a slip on the command line', () => {
  it.each([
    [['rnu', 'quickstart'], 'Did you mean `run`?'],
    [['quickstart'], 'Did you mean `swarm run quickstart`?'],
    [['run', 'quickstart', '--client', '5'], 'Did you mean `--clients`?'],
    [['run', 'quickstart', '--client=50000'], 'Did you mean `--clients`?'],
    [['run', 'quickstart', '-clients', '5'], 'Did you mean `--clients`?'],
    [['run', 'quickstart', '--connectRate', '5/s'], 'Did you mean `--connect-rate`?'],
    [['run', 'quickstrat'], 'Did you mean `quickstart`?'],
    [['serve', '--mode', 'caht'], 'Did you mean `chat`?'],
    [['completion', 'bsah'], 'Did you mean `bash`?'],
    [['schema', 'reprot'], 'Did you mean `report`?'],
    [['report', 'reports', '--format', 'htlm'], 'Did you mean `html`?'],
    [['run', 'quickstart', '--format', 'csv, htlm'], 'Did you mean `html`?'],
    [['compare', 'a', 'b', '--format', 'jsno'], 'Did you mean `json`?'],
    [['packets', 'x.xml', '--framing', 'servcore'], 'Did you mean `servercore`?'],
  ])('%j gets the nearest word, and exit code 104', async (args, hint) => {
    const { code, stdout, stderr } = await swarm(args);
    expect({ code, stdout }).toEqual({ code: 104, stdout: '' });
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('in a name behind help is called what it is called elsewhere', async () => {
    const { code, stderr } = await swarm(['help', 'rnu']);
    expect({ code, stderr }).toEqual({
      code: 104,
      stderr: 'swarm: there is no command `rnu`.\n  Did you mean `run`? `swarm --help` shows what there is.\n',
    });
  });

  it('that leaves out quotes is shown what is too much', async () => {
    const { code, stderr } = await swarm(['run', 'quickstart', '--set', 'load.warmup=1s', 'and', 'more']);
    expect({ code, stderr }).toEqual({
      code: 104,
      stderr: 'swarm: `and more` is more than `swarm run` takes.\n  `swarm run --help` shows what there is.\n',
    });
  });

  it('that is like nothing gets no guess, but is told where to look', async () => {
    const { code, stderr } = await swarm(['run', 'quickstart', '--zzzzzz']);
    expect({ code, stderr }).toEqual({
      code: 104,
      stderr: 'swarm: there is no option `--zzzzzz`.\n  `swarm run --help` shows what there is.\n',
    });
  });
});

describe('a word that is none of a few', () => {
  it.each([
    [['completion', 'csh'], 'bash, zsh, fish'],
    [['serve', '--mode', 'proxy'], 'chat, move, echo, sink, hello'],
    [['schema', 'packets'], 'scenario, report'],
    [['run', 'quickstart', '--format', 'csv,pdf'], 'html, text, markdown, json, csv, junit, hlog, hgrm'],
    [['packets', 'x.xml', '--side', 'left', '--decode', '00'], 'client, server'],
  ])('%j: the message lists them', async (args, choices) => {
    const { code, stdout, stderr } = await swarm(args);
    expect({ code, stdout }).toEqual({ code: 104, stdout: '' });
    expect(stderr).toMatch(/^swarm: (--|<)/);
    expect(stderr).toContain(`: not one of ${choices}.\n`);
  });
});

describe('the help', () => {
  it('of a command is what its --help prints, that of none is all', async () => {
    expect(await swarm(['help', 'run'])).toEqual(await swarm(['run', '--help']));
    expect(await swarm(['help'])).toEqual(await swarm(['--help']));
  });

  it('of every command shows examples', async () => {
    const { stdout } = await swarm(['--help']);
    const [, listed = ''] = /^Commands:\n((?: .*\n)+)/m.exec(stdout) ?? [];
    const commands = [...listed.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name ?? '');
    expect(commands).toEqual(
      expect.arrayContaining(['init', 'run', 'serve', 'validate', 'doctor', 'schema', 'completion']),
    );
    expect(stdout).toMatch(/^Examples:\n {2}\$ swarm /m);
    for (const name of commands) {
      const { stdout: help } = await swarm([name, '--help']);
      expect(help).toMatch(new RegExp(`^Examples:\\n {2}\\$ .*swarm ${name}`, 'm'));
      expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(help).not.toContain('[]');
    }
  });
});
