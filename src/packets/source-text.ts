import type { Problem } from '../errors.js';

/** A stretch of a text: indices into the string, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text of one file, for problems that point into it. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  /** Each line without its end. */
  readonly #lines: readonly Span[];

  constructor(text: string, file: string) {
    this.file = file;
    this.text = text;
    const breaks = [...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: { length } }) => ({
      end: index,
      next: index + length,
    }));
    const starts = [0, ...breaks.map(({ next }) => next)];
    this.#lines = starts.map((start, i) => ({ start, end: breaks[i]?.end ?? text.length }));
  }

  problem(span: Span, message: string, hint?: string): Problem {
    const lineNumber = this.lineOf(span);
    const line = this.#lines[lineNumber - 1]!;
    return {
      message,
      ...(hint !== undefined && { hint }),
      place: { file: this.file, line: lineNumber, column: span.start - line.start + 1, length: span.end - span.start },
      sourceLine: this.text.slice(line.start, line.end),
    };
  }

  /** The number, from 1, of the line in which the span begins. */
  lineOf({ start }: Span): number {
    let low = 0;
    let high = this.#lines.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#lines[middle]!.start <= start) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}
