import type { PauseStep } from '../../scenario/plan.js';
import type { Client } from '../client.js';
import type { Cursor, Instruction, StepResult } from '../cursor.js';

/** Stands still for a time drawn from the client's own random stream; in a loop for longer or shorter where its pace is steered. */
export class Pause implements Instruction {
  readonly #step: PauseStep;

  constructor(step: PauseStep) {
    this.#step = step;
  }

  execute(client: Client, cursor: Cursor): StepResult {
    client.pause(cursor, client.draw(this.#step.durationMs) * 1000);
    return 'wait';
  }
}
