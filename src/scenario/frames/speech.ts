import type { ReadFile } from '../bytes.js';
import type { Collected } from '../collect.js';
import type { Path } from '../document.js';
import type { Match, ValueTemplate } from '../plan.js';
import type { Report } from '../problem-list.js';
import type { Misfit, ReplyShape } from '../reply-shape.js';
import type { FrameInput, SentInput } from '../step-schema.js';
import type { ExpressionPlace } from '../typed-expressions.js';
import type { ValueCompiler } from '../values.js';

/** The key of an expectation under which it says what it waits for; `short` where there is none. */
export type MatchKey = 'short' | 'packet' | 'line' | 'pattern' | 'match';

/** Something that is waited for, as the scenario writes it. */
export interface Wanted {
  readonly key: MatchKey;
  readonly input: Collected<FrameInput>;
  readonly path: Path;
}

/** How a scenario speaks of frames that have no names: one for each format that has such frames. */
export interface FrameSpeech {
  /** What messages call it, as in `a text protocol`. */
  readonly protocol: string;
  /** The keys under which an expectation says what it waits for. */
  readonly keys: readonly MatchKey[];
  /** Whatever comes. */
  readonly anything: Match;
  /** Why frames cannot be told apart by `name`; undefined where they can. */
  whereMisfit(name: string): Misfit | undefined;
  /** The tag `packet` of what a step measures. */
  tag(sent: Collected<SentInput>): string;
  /** What a step sends. Reports what is wrong with it, and is undefined then. */
  value(
    sent: Collected<SentInput>,
    path: Path,
    place: ExpressionPlace,
    values: ValueCompiler,
  ): ValueTemplate | undefined;
  /** What a step waits for. Reports what is wrong with it, and is undefined then. */
  match(wanted: Wanted, readFile: ReadFile, report: Report): Match | undefined;
  /** What expressions read of a frame that is one of `matches`. */
  reply(matches: readonly Match[]): ReplyShape;
}
