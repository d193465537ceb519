/** One parser that eats bytes from elsewhere, and what must hold of it. */
export interface FuzzTarget {
  /** What of foreign bytes it is, for the list of targets. */
  readonly about: string;
  /** Longer inputs only take longer. */
  readonly maxBytes: number;
  /** How many inputs a property tries, where one takes so long that it cannot be as many as of the others. */
  readonly runs?: number;
  /** Words of its grammar, which bytes at random would seldom make. */
  readonly tokens: readonly Uint8Array[];
  /** Inputs that it takes, to begin with. */
  readonly seeds: () => readonly Uint8Array[];
  /**
   * Eats an input. Whatever that is, the parser gives a result that holds what it promises, or one of its own errors.
   * @throws anything, where it does not: that is a find.
   */
  readonly eat: (input: Uint8Array) => void;
}

const encoder = new TextEncoder();
// As files are read: what is no UTF-8 never reaches a parser of text.
const decoder = new TextDecoder('utf-8', { fatal: true });

export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of an input; null where it is none. */
export function textOf(input: Uint8Array): string | null {
  try {
    return decoder.decode(input);
  } catch {
    return null;
  }
}

/** The result of `work`; null where it throws an error that `isOwn`. */
export function resultOf<T>(work: () => T, isOwn: (error: unknown) => boolean): T | null {
  try {
    return work();
  } catch (error) {
    if (isOwn(error)) return null;
    throw error;
  }
}

/** @throws Error where `holds` is false. */
export function ensure(holds: boolean, law: string): asserts holds {
  if (!holds) throw new Error(`broken: ${law}`);
}
