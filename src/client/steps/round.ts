import type { Client } from '../client.js';
import type { Cursor, Instruction, StepResult } from '../cursor.js';

/** The head of a loop: counts the rounds, and lets others have a turn after a round that waited for nothing. */
export class RoundHead implements Instruction {
  execute(client: Client, cursor: Cursor): StepResult {
    const first = cursor.rounds++ === 0;
    if (!first) client.kind.meters.iterations.add(1);
    if (!first && !cursor.hasWaited) {
      // Later than now by the least there is: the turn is the next slice's.
      client.sleep(cursor, client.host.nowUs() + 1);
      return 'wait';
    }
    cursor.hasWaited = false;
    return 'next';
  }
}
