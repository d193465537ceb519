import { Protocol } from '../../../src/packets/index.js';
import type { Referee } from './referee.js';
import type { Scenario } from './scenario.js';
import type { Side, TapeOptions } from './tape.js';

type Oracle = Pick<TapeOptions, 'onPacket' | 'onAccepted'>;

/** What the server must have made of what it got, beside what holds for every session. */
export function oracleFor(scenario: Scenario, side: Side, referee: Referee): Oracle {
  switch (scenario.mode) {
    case 'echo':
      return side === 'server' ? { onAccepted: (tape, from) => tape.outgoing.checkEchoes(tape.incoming, from) } : {};
    case 'chat':
      return side === 'client' ? inOrder(scenario, referee, 'S_Chat', ({ chat }) => String(chat).split(' ')[0]!) : {};
    case 'move':
      return side === 'client'
        ? inOrder(scenario, referee, 'S_BroadcastMove', ({ posX, posZ }) => `${posZ}:${posX}`)
        : {};
    case 'answers':
      return {};
  }
}

/** Each player counts what it sends, `place:count`: a room hands it on in that order, and nothing twice. */
function inOrder(
  { plan }: Scenario,
  referee: Referee,
  packet: string,
  markOf: (fields: Readonly<Record<string, unknown>>) => string,
): Oracle {
  const protocol = new Protocol(plan.protocol);
  const { id: expectedId } = protocol.encoder(packet, 'server');
  const decoder = protocol.decoder(packet, 'all', 'client');
  const counts = new Map<string, number>();
  return {
    onPacket(buffer, start, end, id) {
      if (id !== expectedId) return;
      const fields = decoder.decode(buffer, start, end);
      const [place, count] = markOf(fields).split(':') as [string, string];
      const key = `player ${fields.playerId}, place ${place}`;
      const before = counts.get(key) ?? -1;
      if (Number(count) <= before) referee.fail(`${packet} of ${key} has the count ${count} behind ${before}`);
      counts.set(key, Number(count));
    },
  };
}
