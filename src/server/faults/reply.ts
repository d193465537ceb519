/** How a fault ends a connection: after what was sent before, or at once and with a reset where there is such a thing. */
export type Ending = 'close' | 'reset';

/** A packet of the server's on its way out. */
export interface Reply {
  /** Its own copy. */
  readonly bytes: Uint8Array;
  /** When it goes out, on the server's clock, in microseconds. */
  dueUs: number;
  /** What comes of it: it is sent, it is lost, or the connection ends in its place. */
  fate: 'sent' | 'lost' | Ending;
}
