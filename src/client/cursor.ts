import type { Scope } from '../scenario/expressions.js';
import type { Client } from './client.js';
import type { Expectation } from './expectation.js';
import type { Waiter } from './waiter.js';

/**
 * What became of an instruction: `next` goes on, `jump` goes on where the cursor now points, `wait` stands still until the client
 * resumes the cursor, `over` ends the list (the connection is gone).
 */
export type StepResult = 'next' | 'jump' | 'wait' | 'over';

/** One compiled step. Shared by all clients of a kind: what belongs to one client is in the cursor. */
export interface Instruction {
  execute(client: Client, cursor: Cursor): StepResult;
}

/** A list of steps, compiled: `repeat` and the rounds of a loop became counters and jumps, so that a place in it is one number. */
export interface Program {
  readonly role: 'start' | 'loop' | 'on';
  readonly instructions: readonly Instruction[];
  /** How many counters its `repeat`s need. */
  readonly counters: number;
}

/** Where one client stands in one list. */
export class Cursor implements Waiter {
  readonly program: Program;
  readonly counters: number[];
  at = 0;
  /** Rounds of a loop that were begun. */
  rounds = 0;
  /** False while the round under way has not stood still for anything. */
  hasWaited = false;
  /** When a pause is over; infinite while it stands still for a reply, or not at all. */
  wakeAtUs = Number.POSITIVE_INFINITY;
  /** When the pause under way began, and how long it lasts where sends come as often as planned; −1 where there is none. */
  pausedFromUs = 0;
  pausedForUs = -1;
  /** The packet that an `on` list answers. */
  reply: Scope['reply'] = null;

  constructor(program: Program) {
    this.program = program;
    this.counters = new Array<number>(program.counters).fill(0);
  }

  /** Goes on until a step waits or the list ends. */
  run(client: Client): void {
    while (client.mayAct) {
      const instruction = this.program.instructions[this.at];
      if (instruction === undefined) {
        client.onListEnd(this);
        return;
      }
      const result = instruction.execute(client, this);
      if (result === 'over') return;
      if (result === 'wait') {
        this.hasWaited = true;
        return;
      }
      if (result === 'next') this.at++;
    }
  }

  onReply(client: Client): void {
    this.resume(client);
  }

  onTimeout(client: Client, expectation: Expectation): void {
    if (expectation.onTimeout === 'fail') client.fail('timeout', expectation.missed);
    else this.resume(client);
  }

  /** The step that waited is done. */
  resume(client: Client): void {
    this.wakeAtUs = Number.POSITIVE_INFINITY;
    this.pausedForUs = -1;
    this.at++;
    this.run(client);
  }
}
