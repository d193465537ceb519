import type { Client } from '../client.js';
import type { Cursor, Instruction, StepResult } from '../cursor.js';

/** Stands before each send of a loop: nothing goes past it while the user has paused the sends. */
export class Hold implements Instruction {
  execute(client: Client, cursor: Cursor): StepResult {
    const { rateFactor } = client.host;
    if (rateFactor.changes.length === 0 || rateFactor.at(client.host.nowUs()) > 0) return 'next';
    client.pause(cursor, 0);
    return 'wait';
  }
}
