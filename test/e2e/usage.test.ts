import { describe, expect, it } from 'vitest';
import { swarm } from './swarm.js';

describe('a slip on the command line', () => {
  it.each([
    [['rnu', 'quickstart'], 'Did you mean run?'],
    [['quickstart'], 'Did you mean swarm run quickstart?'],
    [['run', 'quickstart', '--client', '5'], 'Did you mean --clients?'],
    [['run', 'quickstart', '--client=50000'], 'Did you mean --clients?'],
    [['run', 'quickstart', '-clients', '5'], 'Did you mean --clients?'],
    [['run', 'quickstart', '--connectRate', '5/s'], 'Did you mean --connect-rate?'],
    [['run', 'quickstrat'], 'Did you mean `quickstart`?'],
    [['serve', '--mode', 'caht'], 'Did you mean `chat`?'],
    [['completion', 'bsah'], 'Did you mean `bash`?'],
  ])('%j gets the nearest word, and exit code 104', async (args, hint) => {
    const { code, stdout, stderr } = await swarm(args);
    expect({ code, stdout }).toEqual({ code: 104, stdout: '' });
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('that is like nothing gets no guess, but is told where to look', async () => {
    const { code, stderr } = await swarm(['run', 'quickstart', '--zzzzzz']);
    expect({ code, stderr }).toEqual({
      code: 104,
      stderr: "error: unknown option '--zzzzzz'\n(swarm run --help shows what there is)\n",
    });
  });
});

describe('the help', () => {
  it('of every command shows examples', async () => {
    const { stdout } = await swarm(['--help']);
    const [, listed = ''] = /^Commands:\n((?: .*\n)+)/m.exec(stdout) ?? [];
    const commands = [...listed.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name ?? '');
    expect(commands).toEqual(
      expect.arrayContaining(['init', 'run', 'serve', 'validate', 'doctor', 'schema', 'completion']),
    );
    expect(stdout).toMatch(/^Examples:\n {2}\$ swarm /m);
    for (const name of commands.filter((command) => command !== 'help')) {
      expect((await swarm([name, '--help'])).stdout).toMatch(new RegExp(`^Examples:\\n {2}\\$ .*swarm ${name}`, 'm'));
    }
  });
});
