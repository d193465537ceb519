import type { Scope } from '../scenario/expressions.js';
import type { Client } from './client.js';
import type { Expectation } from './expectation.js';

/** Who stands still until a packet comes. Where the connection ends before that, it hears nothing any more. */
export interface Waiter {
  /** The packet came; `reply` has its fields where the expectation reads them. */
  onReply(client: Client, reply: Scope['reply']): void;
  /** It did not come in time. */
  onTimeout(client: Client, expectation: Expectation): void;
}
