/** How a fault ends a connection: after what was sent before, or at once and with a reset where there is such a thing. */
export type Ending = 'close' | 'reset';

/** A packet of the server's on its way out. */
export interface Reply {
  bytes: Uint8Array;
  isDropped: boolean;
  /** When it goes out, on the server's clock, in microseconds. */
  dueUs: number;
  /** How the connection ends behind it, or in its place where it is dropped; null where it goes on. */
  ending: Ending | null;
}
