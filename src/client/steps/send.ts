import type { Client } from '../client.js';
import type { Cursor, Instruction, StepResult } from '../cursor.js';
import type { Request } from '../request.js';

/** After a send that could not be made, so that a list without pauses does not spin on a full queue. */
const retreatUs = 1000;

/** Sends a packet, and waits for its reply where the step names one. */
export class Send implements Instruction {
  readonly #request: Request;

  constructor(request: Request) {
    this.#request = request;
  }

  execute(client: Client, cursor: Cursor): StepResult {
    const nowUs = client.host.nowUs();
    const outcome = this.#request.send(client, nowUs, cursor);
    if (outcome === 'queue-full') {
      client.sleep(cursor, nowUs + retreatUs);
      return 'wait';
    }
    if (outcome !== 'sent') {
      client.fail('script', this.#request.blamed);
      return 'over';
    }
    return this.#request.expectation === null ? 'next' : 'wait';
  }
}
