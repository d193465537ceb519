import type { Client } from '../client.js';
import type { Cursor, Instruction, StepResult } from '../cursor.js';

/** Leaves, once what was sent before is flushed and answered. From a loop the client comes back at once, for the next round. */
export class Disconnect implements Instruction {
  execute(client: Client, cursor: Cursor): StepResult {
    client.leave(cursor.program.role === 'loop');
    return 'over';
  }
}
