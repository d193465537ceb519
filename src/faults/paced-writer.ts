import type { Clock, TimerHandle } from '../core/index.js';
import type { Piece } from './pieces.js';

/** Hands pieces to a transport, one after the other: each once the one before is taken over and its pause is over. */
export class PacedWriter {
  readonly #clock: Clock;
  readonly #write: (bytes: readonly Uint8Array[]) => void;
  readonly #onIdle: () => void;
  #pieces: Piece[] = [];
  #isWriting = false;
  #isPumping = false;
  #pause: TimerHandle | undefined;

  /** `write`: of the transport, which tells of its end by `onDrained`. `onIdle`: all that was added has been taken over. */
  constructor(clock: Clock, write: (bytes: readonly Uint8Array[]) => void, onIdle: () => void) {
    this.#clock = clock;
    this.#write = write;
    this.#onIdle = onIdle;
  }

  get idle(): boolean {
    return this.#pieces.length === 0 && !this.#isWriting;
  }

  /** Their bytes must not change until `onIdle`. */
  add(pieces: readonly Piece[]): void {
    this.#pieces.push(...pieces);
    this.#pump();
  }

  /** The write under way is complete. */
  onDrained(): void {
    this.#isWriting = false;
    this.#pump();
  }

  /** Drops what is not written yet. */
  stop(): void {
    this.#pieces = [];
    this.#pause?.cancel();
    this.#pause = undefined;
  }

  /** A loop, because a transport that completes each write at once would recurse until the stack ends. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (!this.#isWriting && this.#pause === undefined && this.#pieces.length > 0) {
      const { bytes, pauseMs } = this.#pieces[0]!;
      if (pauseMs > 0) this.#waitFor(pauseMs, bytes);
      else this.#send(bytes);
    }
    this.#isPumping = false;
    if (this.idle) this.#onIdle();
  }

  #send(bytes: readonly Uint8Array[]): void {
    this.#pieces.shift();
    this.#isWriting = true;
    this.#write(bytes);
  }

  #waitFor(pauseMs: number, bytes: readonly Uint8Array[]): void {
    this.#pause = this.#clock.setTimer(pauseMs, () => {
      this.#pause = undefined;
      this.#send(bytes);
      this.#pump();
    });
  }
}
