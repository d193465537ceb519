import { describe, expect, it } from 'vitest';
import { play } from './play.js';
import { findProgram, RealServer } from './real-server.js';

const program = findProgram('mosquitto');

/** A broker that logs every packet. Without a configuration it listens to this machine only, and lets everyone in. */
function startMosquitto(): Promise<RealServer> {
  return RealServer.start({
    program: program!,
    args: (port) => ['-p', String(port), '-v'],
    ready: ' running',
  });
}

describe.runIf(program)('a real Mosquitto', () => {
  it('hands every message to 500 clients, and its log has each packet that they sent and heard', async () => {
    await using mosquitto = await startMosquitto();
    const played = await play('mosquitto', mosquitto.port, '5s');
    await mosquitto.stop();

    const reach = played.rate('broadcast_reach');
    expect(reach.total).toBeGreaterThan(0);
    expect(reach.hits).toBe(reach.total);
    for (const packet of ['PUBLISH', 'SUBSCRIBE', 'PINGREQ', 'DISCONNECT']) {
      expect(mosquitto.count(new RegExp(`Received ${packet} from`)), packet).toBe(played.sent(packet));
    }
    for (const packet of ['CONNACK', 'SUBACK', 'PUBLISH', 'PINGRESP']) {
      expect(mosquitto.count(new RegExp(`Sending ${packet} to`)), packet).toBe(played.received(packet));
    }
    // A visitor may be back when there is no more time to say anything.
    expect(played.received('CONNACK')).toBe(played.sent('CONNECT'));
    expect(played.received('CONNACK')).toBeGreaterThanOrEqual(500);
  });
});
