import type { Client } from '../client.js';
import type { Cursor, Instruction, StepResult } from '../cursor.js';

/** The head of a `repeat`: counts the rounds, and jumps behind its tail after the last. */
export class RepeatHead implements Instruction {
  /** Set once the body is compiled. */
  behind = 0;
  readonly #counter: number;
  readonly #times: number;

  constructor(counter: number, times: number) {
    this.#counter = counter;
    this.#times = times;
  }

  execute(_client: Client, cursor: Cursor): StepResult {
    const round = cursor.counters[this.#counter] ?? 0;
    if (round < this.#times) {
      cursor.counters[this.#counter] = round + 1;
      return 'next';
    }
    cursor.counters[this.#counter] = 0;
    cursor.at = this.behind;
    return 'jump';
  }
}

/** The tail of a `repeat`: back to its head. */
export class RepeatTail implements Instruction {
  readonly #head: number;

  constructor(head: number) {
    this.#head = head;
  }

  execute(_client: Client, cursor: Cursor): StepResult {
    cursor.at = this.#head;
    return 'jump';
  }
}
