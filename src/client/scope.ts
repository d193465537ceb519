import type { RandomStream } from '../load/random.js';
import type { Scope } from '../scenario/expressions.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The values that a client's expressions read, as the client itself writes them. */
export interface ClientScope extends Scope {
  readonly random: RandomStream;
  readonly send: Mutable<Scope['send']>;
  readonly saved: Mutable<Scope['saved']>;
  readonly stamp: Mutable<Scope['stamp']>;
  reply: Scope['reply'];
}
