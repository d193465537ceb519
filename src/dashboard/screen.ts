/** Alternate screen, no cursor, and no wrapping: while a window shrinks, the last frame may be wider than it. */
const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J';
const leave = '\u001b[?7h\u001b[?25h\u001b[?1049l';
/** DEC mode 2026: a terminal that knows it shows all of a frame at once; others ignore it. */
const frameStart = '\u001b[?2026h\u001b[H';
const frameEnd = '\r\n\u001b[J\u001b[?2026l';
/** Erased before it is written: after a line as wide as the terminal, the cursor still stands on its last letter. */
const lineStart = '\u001b[K';

/** What is needed of `process.stdout`. */
export interface TerminalOutput {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** What is needed of `process.stdin`; without a terminal it is left alone. */
export interface TerminalInput {
  readonly isTTY: boolean;
  setRawMode(raw: boolean): unknown;
  setEncoding(encoding: 'utf8'): unknown;
  on(event: 'data', listener: (chunk: string) => void): unknown;
  on(event: 'error', listener: () => void): unknown;
  off(event: 'data', listener: (chunk: string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface ScreenEvents {
  onKeys(chunk: string): void;
  onResize(): void;
}

/**
 * The terminal, taken over from the start: alternate screen, no cursor, keys one by one where stdin is a terminal. It is given back
 * by `close`, when the process exits, and before an uncaught error is printed.
 */
export class Screen {
  readonly #stdout: TerminalOutput;
  readonly #stdin: TerminalInput;
  readonly #events: ScreenEvents;
  #open = true;

  constructor(stdout: TerminalOutput, stdin: TerminalInput, events: ScreenEvents) {
    this.#stdout = stdout;
    this.#stdin = stdin;
    this.#events = events;
    process.on('exit', this.close);
    process.on('uncaughtExceptionMonitor', this.close);
    stdout.on('resize', events.onResize);
    if (this.hasKeys) {
      stdin.setRawMode(true);
      stdin.setEncoding('utf8');
      stdin.on('data', events.onKeys);
      // A terminal that was closed has no keys, and no mode to be given back; the process hears of it by SIGHUP.
      stdin.on('error', () => {});
      stdin.resume();
    }
    stdout.write(enter);
  }

  get hasKeys(): boolean {
    return this.#stdin.isTTY;
  }

  get columns(): number {
    return this.#stdout.columns;
  }

  get rows(): number {
    return this.#stdout.rows;
  }

  /** Replaces what is shown. */
  paint(frame: string): void {
    const lines = frame.split('\n').map((line) => lineStart + line);
    this.#stdout.write(frameStart + lines.join('\r\n') + frameEnd);
  }

  /** Gives the terminal back as it was; a second time does nothing. */
  readonly close = (): void => {
    if (!this.#open) return;
    this.#open = false;
    process.off('exit', this.close);
    process.off('uncaughtExceptionMonitor', this.close);
    this.#stdout.off('resize', this.#events.onResize);
    if (this.hasKeys) {
      this.#stdin.off('data', this.#events.onKeys);
      this.#stdin.setRawMode(false);
      this.#stdin.pause();
    }
    this.#stdout.write(leave);
  };
}
