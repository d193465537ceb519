import type { FieldRecord } from './definition.js';
import type { LineMatcher } from './patterns.js';
import type { FieldValues } from './values.js';

/** Tells the frame that is waited for from others, where frames have no names. */
export interface FrameMatcher {
  /** What expressions read of the frame, decoded as a whole; null where it is another. */
  match(frame: FieldRecord): FieldRecord | null;
  /**
   * The values of a frame that it takes, as far as one can be guessed: the answer to `heard`, of which `read` is read; `heard` is null
   * where it answers nothing.
   */
  example(heard: FieldRecord | null, read: readonly string[]): FieldValues;
}

/** Lines of text. `example` is the line that a literal is; what a pattern would match is anybody's guess. */
export function lineFrames(lines: LineMatcher, example: string): FrameMatcher {
  return {
    match(frame) {
      const groups = lines.groups(frame.line as string);
      return groups === null ? null : { line: frame.line as string, groups };
    },
    example: () => [example],
  };
}
