import type { Referee } from './referee.js';
import { Room } from './room.js';
import type { Scenario } from './scenario.js';
import type { Process } from './schedule.js';
import type { Oracle } from './tape.js';

/** What a server that lives in `process` must make of what it gets, beside what holds for every session. */
export function oracleFor(scenario: Scenario, referee: Referee, process: Process): Oracle {
  switch (scenario.mode) {
    case 'echo':
      return { onAccepted: (tape, bytes, from) => tape.incoming.checkEcho(bytes, from) };
    case 'chat':
    case 'move':
      return new Room(scenario, referee, process);
    case 'answers':
      return {};
  }
}
