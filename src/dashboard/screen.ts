import type { Clock, TimerHandle } from '../core/clock.js';
import { isInForeground } from './foreground.js';

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

/** How often a suspended screen looks whether it stands in front again: a shell need not say so. */
const lookEveryMs = 250;

/**
 * The terminal, taken over from the start: alternate screen, no cursor, keys one by one where stdin is a terminal. It is given back
 * by `close`, when the process exits, before an uncaught error is printed, and while the process is suspended.
 */
export class Screen {
  readonly #stdout: TerminalOutput;
  readonly #stdin: TerminalInput;
  readonly #clock: Clock;
  readonly #events: ScreenEvents;
  #state: 'shown' | 'suspended' | 'closed' = 'shown';
  #nextLook: TimerHandle | undefined;

  constructor(stdout: TerminalOutput, stdin: TerminalInput, clock: Clock, events: ScreenEvents) {
    this.#stdout = stdout;
    this.#stdin = stdin;
    this.#clock = clock;
    this.#events = events;
    process.on('exit', this.close);
    process.on('uncaughtExceptionMonitor', this.close);
    process.on('SIGCONT', this.#onContinued);
    stdout.on('resize', events.onResize);
    // A terminal that was closed has no keys, and no mode to be given back; the process hears of it by SIGHUP.
    if (this.hasKeys) stdin.on('error', () => {});
    this.#take();
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

  /** False while another program has the terminal. */
  get isShown(): boolean {
    return this.#state === 'shown';
  }

  /** Replaces what is shown. */
  paint(frame: string): void {
    const lines = frame.split('\n').map((line) => lineStart + line);
    this.#stdout.write(frameStart + lines.join('\r\n') + frameEnd);
  }

  /** Gives the terminal back as it was; a second time does nothing. */
  readonly close = (): void => {
    if (this.#state === 'closed') return;
    if (this.#state === 'shown') this.#give();
    this.#state = 'closed';
    this.#nextLook?.cancel();
    process.off('exit', this.close);
    process.off('uncaughtExceptionMonitor', this.close);
    process.off('SIGCONT', this.#onContinued);
    this.#stdout.off('resize', this.#events.onResize);
  };

  /**
   * Gives the terminal to whoever started this process, and stops until it is continued in front. The whole job stops, as where a terminal
   * sends the signal itself: the shell waits for its first process, which may be another (npx). Workers do not heed it.
   */
  readonly suspend = (): void => {
    if (this.#state !== 'shown' || process.platform === 'win32') return;
    this.#give();
    this.#state = 'suspended';
    // It is listened to no longer, and so has its usual effect.
    process.kill(0, 'SIGTSTP');
    // Nothing stops where there is no shell that could continue it.
    this.#lookLater();
  };

  readonly #onContinued = (): void => {
    // Stopped by what nobody hears of: whoever had the terminal meanwhile left it in a mode of its own.
    if (this.#state === 'shown' && isInForeground()) {
      this.#give();
      this.#state = 'suspended';
    }
    this.#look();
  };

  #lookLater(): void {
    this.#nextLook = this.#clock.setTimer(lookEveryMs, () => this.#look());
  }

  /** In the background, taking the terminal would stop the process again. */
  #look(): void {
    this.#nextLook?.cancel();
    if (this.#state !== 'suspended') return;
    if (!isInForeground()) {
      this.#lookLater();
      return;
    }
    this.#state = 'shown';
    this.#take();
    // By this signal Node hears of a window's size; while it was stopped, another program got it.
    process.kill(process.pid, 'SIGWINCH');
    this.#events.onResize();
  }

  #take(): void {
    process.on('SIGTSTP', this.suspend);
    if (this.hasKeys) {
      this.#stdin.setRawMode(true);
      this.#stdin.setEncoding('utf8');
      this.#stdin.on('data', this.#events.onKeys);
      this.#stdin.resume();
    }
    this.#stdout.write(enter);
  }

  #give(): void {
    process.off('SIGTSTP', this.suspend);
    if (this.hasKeys) {
      this.#stdin.off('data', this.#events.onKeys);
      this.#stdin.setRawMode(false);
      this.#stdin.pause();
    }
    this.#stdout.write(leave);
  }
}
