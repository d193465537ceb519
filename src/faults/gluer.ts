import type { Clock, TimerHandle } from '../core/index.js';
import type { RandomStream } from '../load/random.js';
import type { ConnectionFaultKind } from '../scenario/plan.js';
import type { Piece } from './pieces.js';

type GlueFault = Extract<ConnectionFaultKind, { readonly fault: 'glue' }>;

/** Gathers bytes and gives them out in pieces of the sizes that it draws, wherever packets begin and end. */
export class Gluer {
  readonly #fault: GlueFault;
  readonly #random: RandomStream;
  readonly #clock: Clock;
  readonly #onWaited: () => void;
  #gathered = Buffer.alloc(0);
  #size: number;
  #wait: TimerHandle | undefined;

  /** `onWaited`: the rest has waited for its piece to fill for as long as the fault lets it. */
  constructor(fault: GlueFault, random: RandomStream, clock: Clock, onWaited: () => void) {
    this.#fault = fault;
    this.#random = random;
    this.#clock = clock;
    this.#onWaited = onWaited;
    this.#size = this.#drawSize();
  }

  /** Copies `bytes`; gives the pieces that are full now. */
  gather(bytes: readonly Uint8Array[]): readonly Piece[] {
    let rest = Buffer.concat([this.#gathered, ...bytes]);
    const pieces: Piece[] = [];
    while (rest.length >= this.#size) {
      pieces.push({ bytes: [rest.subarray(0, this.#size)], pauseMs: 0 });
      rest = rest.subarray(this.#size);
      this.#size = this.#drawSize();
    }
    this.#gathered = rest;
    if (pieces.length > 0) this.stop();
    if (rest.length > 0) this.#wait ??= this.#clock.setTimer(this.#fault.waitMs, this.#onWaited);
    return pieces;
  }

  #drawSize(): number {
    const { min, max } = this.#fault.bytes;
    return this.#random.int(min, max);
  }

  /** What is left, as a piece that is not full; none where nothing is. */
  rest(): readonly Piece[] {
    this.stop();
    const bytes = this.#gathered;
    this.#gathered = Buffer.alloc(0);
    return bytes.length === 0 ? [] : [{ bytes: [bytes], pauseMs: 0 }];
  }

  /** Waits no longer. */
  stop(): void {
    this.#wait?.cancel();
    this.#wait = undefined;
  }
}
