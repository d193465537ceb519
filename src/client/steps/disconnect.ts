import type { Client } from '../client.js';
import type { Cursor, Instruction, StepResult } from '../cursor.js';

/** Leaves, once what was sent before is flushed and answered. From a loop the client comes back at once, for the next round. */
export class Disconnect implements Instruction {
  execute(client: Client, cursor: Cursor): StepResult {
    const inLoop = cursor.program.role === 'loop';
    // The round ends here: the client that comes back begins its loop anew.
    if (inLoop) client.kind.meters.iterations.add(1);
    client.leave(inLoop);
    return 'over';
  }
}
