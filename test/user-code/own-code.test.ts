import { describe, expect, it } from 'vitest';
import { innermostFrame } from '../../src/user-code/own-code.js';

function errorAt(...frames: readonly string[]): Error {
  const error = new Error('no');
  error.stack = ['Error: no', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}

describe('the innermost place of an error in a user’s code', () => {
  it.each([
    ['a method', 'Wanderer.onStart (/home/me/bot.ts:12:7)'],
    ['a constructor', 'new Wanderer (/home/me/bot.ts:12:7)'],
    ['a module', '/home/me/bot.ts:12:7'],
    ['a module of Node’s own kind', 'file:///home/me/bot.ts:12:7'],
    ['what was waited for', 'async Wanderer.onStart (/home/me/bot.ts:12:7)'],
    ['a module that was waited for', 'async file:///home/me/bot.ts:12:7'],
  ])('is found in %s', (_what, frame) => {
    expect(innermostFrame(errorAt(frame))).toEqual({ file: '/home/me/bot.ts', line: 12, column: 7 });
  });

  it('is behind the frames of Node, of packages and of our own', () => {
    const own = new URL('../../src/bot/bot-driver.ts', import.meta.url).href;
    const error = errorAt(
      'require (node:internal/modules/cjs/loader:1228:15)',
      'node:internal/modules/cjs/loader:1228:15',
      'draw (/home/me/node_modules/dice/index.js:1:1)',
      `BotDriver.send (${own}:10:3)`,
      'Wanderer.onPlay (/home/me/bot.ts:3:4)',
    );
    expect(innermostFrame(error)).toEqual({ file: '/home/me/bot.ts', line: 3, column: 4 });
  });

  it('is nowhere where nothing of the user’s ran, or what was thrown is no error', () => {
    expect(innermostFrame(errorAt('node:internal/timers:5:1'))).toBeNull();
    expect(innermostFrame('a string')).toBeNull();
  });
});
