/** A position in a text: line and column count from 1; `length` is how many characters the mistake spans. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length?: number;
}

/** One mistake in something the user wrote: where it is, what is wrong, and the cure. */
export interface Problem {
  /** One sentence without a final full stop: what is wrong. */
  readonly message: string;
  /** What would be right, "did you mean …?", or what to do. */
  readonly hint?: string;
  /** Where, if it has a place in a file. */
  readonly place?: Place;
  /** The option of the command line that is at fault, as it was written, where that has no place in a file. */
  readonly flag?: string;
  /** The line of the file that `place` points into, as it stands there. */
  readonly sourceLine?: string;
}

/**
 * So many mistakes are enough to begin with: one slip, such as a wrong name, can be thousands, and the place and the cure of each
 * take time. What has more is not read to its end.
 */
export const mostProblems = 100;

/** How many mistakes something has, as a part of a sentence. */
export function countMistakes({ length }: readonly Problem[]): string {
  if (length === 1) return 'a mistake';
  return length < mostProblems ? `${length} mistakes` : `at least ${mostProblems} mistakes`;
}

/**
 * A failure that is reported to the user as a sentence, never as a stack trace.
 * `code` is stable (scripts may rely on it), `exitCode` is one of `exit-codes.ts`.
 */
export class SwarmError extends Error {
  override readonly name = 'SwarmError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly problems: readonly Problem[];

  constructor(
    code: string,
    message: string,
    options: { hint?: string; exitCode?: number; problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 104;
    this.problems = options.problems ?? [];
  }
}

/** A sentence as the end of another. */
export function withoutFullStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

/** A message or a hint as problems and events have it, as a sentence of its own. */
export function asSentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}${/[.!?…]$/.test(clause) ? '' : '.'}`;
}
