import { describe, expect, it } from 'vitest';
import { calledAs } from '../../src/commands/called-as.js';

describe('calledAs', () => {
  it.each([
    ['/home/ada/.npm/_npx/c510/node_modules/.bin/swarm', { npm_command: 'exec' }, 'npx swarm'],
    ['/project/node_modules/.bin/swarm', {}, 'npx swarm'],
    ['/usr/local/bin/swarm', {}, 'swarm'],
    ['/clone/bin/swarm.js', {}, 'node /clone/bin/swarm.js'],
    ['/my clone/bin/swarm.js', {}, "node '/my clone/bin/swarm.js'"],
    ['/clone/bin/swarm.js', { npm_command: 'run-script' }, 'npx swarm'],
  ])('%s with %j is called again as %s', (script, env, words) => {
    expect(calledAs(script, env)).toBe(words);
  });
});
