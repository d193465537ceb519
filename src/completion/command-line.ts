/** The command line as completion sees it. */
export interface CommandLine {
  /** The word that starts it. */
  readonly name: string;
  readonly options: readonly OptionWords[];
  readonly commands: readonly CommandWords[];
}

export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** What stands behind the command; null where nothing does. */
  readonly operand: Value | null;
}

export interface OptionWords {
  /** As in `-h` and `--help`. */
  readonly short: string | null;
  readonly long: string;
  readonly description: string;
  /** May be given more than once. */
  readonly repeatable: boolean;
  /** What follows it; null for a switch. */
  readonly value: Value | null;
}

/** What can stand in a place: these words, and paths. Where there is neither, it is anything, and nothing is offered. */
export interface Value {
  /** As the help calls it. */
  readonly name: string;
  readonly words: readonly string[];
  /** Several of the words may stand there, with commas between them. */
  readonly list: boolean;
  readonly paths: 'files' | 'folders' | null;
  /** What the files end in, `.yaml`; empty where they may end in anything. Folders on the way to them are offered too. */
  readonly endings: readonly string[];
}

/** Text within single quotes in bash and zsh. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
