import { describe, expect, it } from 'vitest';
import { play } from './play.js';
import { findProgram, RealServer } from './real-server.js';

const program = findProgram('redis-server');

/** It keeps nothing on disk. */
function startRedis(): Promise<RealServer> {
  return RealServer.start({
    program: program!,
    args: (port) => ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    ready: 'Ready to accept',
  });
}

describe.runIf(program)('a real Redis', () => {
  it('answers 500 clients, also those that send sixteen commands at once, and counts as many commands as were sent', async () => {
    await using redis = await startRedis();
    const played = await play('redis-ping', redis.port, '2s');
    expect(played.counter('connects')).toBe(500);

    const stats = await redis.ask('INFO commandstats', 'QUIT');
    const calls = (command: string) => Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1]);
    const key = '$13 swarm:${1000000 + client.index}';
    expect({ ping: calls('ping'), set: calls('set'), incr: calls('incr'), get: calls('get') }).toEqual({
      ping: played.sent('*1 $4 PING'),
      set: played.sent(`*3 $3 SET ${key} $1 0`),
      incr: played.sent(`*2 $4 INCR ${key}`),
      get: played.sent(`*2 $3 GET ${key}`),
    });
    // One line answers each command, and two a GET.
    const { sent, lines } = { sent: played.counter('packets_sent'), lines: played.counter('packets_received') };
    expect(lines).toBe(sent + calls('get'));
  });
});
