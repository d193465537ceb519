import type { Client } from './client.js';
import type { Kind, KindSurroundings } from './kind.js';

/**
 * What drives a client in place of lists, for one connection: the client tells it what happens, and it sends and waits through the
 * same requests and inbox as a list's steps. All times are run times in microseconds.
 */
export interface Driver {
  /** The connection is there. */
  start(): void;
  /** The barrier has opened, and the start is done: what is due by the plan is due from `atUs` on. */
  play(atUs: number): void;
  /** The rates have changed: what is not made yet is due at another time. */
  reschedule(): void;
  /** When it wants to be woken first; open-loop sends that are not due before `untilUs` are not due at all. */
  nextWakeUs(untilUs: number): number;
  /** Does what is due by `nowUs`. */
  wake(nowUs: number, untilUs: number): void;
  /** Makes, of each kind of open-loop send, one that was due by `nowUs`: whether there was any. */
  sendOverdue(nowUs: number, untilUs: number): boolean;
  /** A packet came, whether or not somebody waits for it: bytes `start` to `end` of `buffer`. */
  hear(id: number, buffer: Uint8Array, start: number, end: number): void;
  /** The client leaves as planned: the last chance to say goodbye. */
  leave(): void;
  /** The connection is gone. */
  stop(): void;
}

/** Makes the driver of one connection. `seed` is the plan's. */
export type MakeDriver = (client: Client, seed: number) => Driver;

/** Compiles, once for each kind, what its drivers share. */
export type DriverFactory = (kind: Kind, shared: KindSurroundings) => MakeDriver;
