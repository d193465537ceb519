/** A packet, as its definition names it. */
export interface TransformedPacket {
  readonly name: string;
  readonly id: number;
}

/** What a transform is made with. */
export interface TransformContext {
  /** The client's number: counts from 0 over the whole run. */
  readonly index: number;
  /** The constants that the scenario hands it. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * What scrambles, compresses or signs the bytes of one connection. Its state (keys, counters, a cipher's stream) lives in the
 * instance: each connection has one of its own. A scenario names the module whose default export makes it, a class or a function.
 *
 * The bytes that either method is handed are its own until it returns: it may change them in place and give them back, or a part of
 * them from their beginning, which saves a copy. What it gives back is taken over before the next call. Both are synchronous. What
 * they throw ends the client.
 */
export interface Transform {
  /** From what the client says to what goes onto the wire. `packet` is the one that is sent; null for a preamble and for text. */
  encode(bytes: Uint8Array, packet: TransformedPacket | null): Uint8Array;
  /** From the wire to what the client reads. `packet` is null where its id is covered, is unknown, or there is none. */
  decode(bytes: Uint8Array, packet: TransformedPacket | null): Uint8Array;
}

/** A transform that did what none may do, as against what its code threw. `message` is a clause without a subject. */
export class TransformError extends Error {
  override readonly name = 'TransformError';
}

/** The code of a transform, ready to be used. */
export interface TransformCode {
  /** Makes the transform of one connection of client `index`. Throws what the user's code throws, or a TransformError. */
  make(index: number): Transform;
  /** What was thrown and where, for the report. */
  describe(error: unknown): string;
}

const unchanged: Transform = { encode: (bytes) => bytes, decode: (bytes) => bytes };

/** Stands in where a user's code is not to run: passes everything on as it is. */
export function unchangedCode(): TransformCode {
  return { make: () => unchanged, describe: String };
}
