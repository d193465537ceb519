import type { Client } from '../client.js';
import type { Cursor, Instruction, StepResult } from '../cursor.js';
import type { Expectation } from '../expectation.js';

/** Waits for a packet that nothing here asked for. */
export class Expect implements Instruction {
  readonly #expectation: Expectation;

  constructor(expectation: Expectation) {
    this.#expectation = expectation;
  }

  execute(client: Client, cursor: Cursor): StepResult {
    const nowUs = client.host.nowUs();
    const phase = client.host.timeline.phaseAt(nowUs);
    client.kind.meters.errors.count(phase);
    client.inbox.await(this.#expectation, null, cursor, nowUs, nowUs, phase);
    return 'wait';
  }
}
