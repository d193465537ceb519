import { describe, expect, it } from 'vitest';
import { play } from './play.js';
import { findProgram, RealServer } from './real-server.js';

const program = findProgram('memcached');

function startMemcached(): Promise<RealServer> {
  return RealServer.start({
    program: program!,
    // As root it asks for a user to be instead.
    args: (port) => ['-l', '127.0.0.1', '-p', String(port), '-u', 'nobody', '-vv'],
    ready: 'server listening',
  });
}

describe.runIf(program)('a real memcached', () => {
  it('answers 500 clients by the numbers of their requests, and counts as many commands as were sent', async () => {
    await using memcached = await startMemcached();
    // It said that it listens, which is all that was to be heard of it.
    await memcached.ask('verbosity 0', 'quit');
    const played = await play('memcached', memcached.port, '3s');
    expect(played.counter('connects')).toBe(500);
    expect(played.counter('packets_received')).toBe(played.counter('packets_sent'));

    const stats = await memcached.ask('stats', 'quit');
    const stat = (name: string) => Number(new RegExp(`^STAT ${name} (\\d+)`, 'm').exec(stats)?.[1]);
    expect({ sets: stat('cmd_set'), gets: stat('get_hits'), increments: stat('incr_hits') }).toEqual({
      sets: played.sent('Set'),
      gets: played.sent('Get'),
      increments: played.sent('Increment'),
    });
  });
});
