import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { minutes, positive, whole } from './tool.js';

/** Plays a tool; gives its exit code and what it said on stderr. */
function play(main: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly words: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'jiti/register', main, ...args], (_, __, words) =>
      resolve({ code: child.exitCode!, words }),
    );
  });
}

describe('the tools for those who work on swarm', () => {
  it('take numbers that are some', () => {
    expect([whole('0'), whole('12345'), positive('1'), minutes('0.5')]).toEqual([0, 12345, 1, 0.5]);
    for (const text of ['', '-1', '1.5', 'x', '99999999999999999999'])
      expect(() => whole(text)).toThrow('whole number');
    expect(() => positive('0')).toThrow('1 is the least');
    for (const text of ['', '-1', '0', 'x', 'Infinity']) expect(() => minutes(text)).toThrow('above 0');
  });

  it('say in a sentence what is wrong with their command line, and fail', async () => {
    const [seeds, until, option, target] = await Promise.all([
      play('test/sim/main.ts', '--minutes', 'x'),
      play('test/sim/main.ts', '--until', '3'),
      play('test/fuzz/main.ts', 'scenario', '--bogus'),
      play('test/fuzz/main.ts', 'nope'),
    ]);
    expect(seeds).toEqual({
      code: 104,
      words: `npm run sim: --minutes x: a number above 0 is expected.
  \`npm run sim -- --help\` shows what there is.\n`,
    });
    expect(until).toEqual({
      code: 104,
      words: expect.stringMatching(/^npm run sim: --trace and --until are for one --seed\.\n/),
    });
    expect(option).toEqual({
      code: 104,
      words: expect.stringMatching(/^npm run fuzz: there is no option `--bogus`\.\n/),
    });
    expect(target).toEqual({
      code: 104,
      words: expect.stringMatching(/^npm run fuzz: <target> nope: not one of framing, .*\n/),
    });
  });
});
