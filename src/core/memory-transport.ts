import { type Clock, systemClock, type TimerHandle } from './clock.js';
import { CoreError } from './errors.js';
import type { EndPoint, Transport, TransportHandler } from './transport.js';

export interface TransportPairOptions {
  /** Delivers through this clock's `setImmediate`. */
  readonly clock?: Clock;
  /** A write is complete once no more than this many bytes wait for the reader: the kernel's socket buffers. 64 KiB by default. */
  readonly windowBytes?: number;
}

const ends: readonly [EndPoint, EndPoint] = [
  { host: 'memory', port: 1 },
  { host: 'memory', port: 2 },
];

/** Two transports, joined in memory: what one writes arrives at the other, copied, in later turns of the event loop. */
export function createTransportPair(options: TransportPairOptions = {}): [Transport, Transport] {
  const near = new MemoryTransport(ends[0], ends[1], options);
  const far = new MemoryTransport(ends[1], ends[0], options);
  near.join(far);
  far.join(near);
  return [near, far];
}

class MemoryTransport implements Transport {
  readonly localEndPoint: EndPoint;
  readonly remoteEndPoint: EndPoint;
  readonly #clock: Clock;
  readonly #windowBytes: number;
  #peer: MemoryTransport | undefined;
  #handler: TransportHandler | undefined;
  #turn: TimerHandle | undefined;
  #isPaused = false;
  #isClosed = false;
  #isWriting = false;
  /** What the peer wrote and this side has not read yet, in order, and how its sending ended. */
  #inbox: Uint8Array[] = [];
  #inboxBytes = 0;
  #inboxEnd: 'open' | 'ended' | 'reset' | 'reported' = 'open';

  constructor(local: EndPoint, remote: EndPoint, options: TransportPairOptions) {
    this.localEndPoint = local;
    this.remoteEndPoint = remote;
    this.#clock = options.clock ?? systemClock;
    this.#windowBytes = options.windowBytes ?? 64 * 1024;
  }

  join(peer: MemoryTransport): void {
    this.#peer = peer;
  }

  open(handler: TransportHandler): void {
    this.#handler = handler;
    this.#schedule();
  }

  write(buffers: readonly Uint8Array[]): void {
    this.#isWriting = true;
    // Not `slice()`: a Buffer's would be a view.
    for (const buffer of buffers) this.#peer!.#accept(new Uint8Array(buffer));
    this.#schedule();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#schedule();
  }

  end(): void {
    this.#peer!.#finish('ended');
  }

  destroy(reset = false): void {
    if (this.#isClosed) return;
    // As TCP does: to close with bytes unread is to reset.
    this.#peer!.#finish(reset || this.#inboxBytes > 0 ? 'reset' : 'ended');
    this.#isClosed = true;
    this.#handler = undefined;
    this.#inbox = [];
    this.#inboxBytes = 0;
    this.#turn?.cancel();
  }

  #accept(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#inbox.push(bytes);
    this.#inboxBytes += bytes.length;
    this.#schedule();
  }

  #finish(how: 'ended' | 'reset'): void {
    if (this.#inboxEnd !== 'open' && how === 'ended') return;
    this.#inboxEnd = how;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#turn !== undefined || this.#handler === undefined) return;
    this.#turn = this.#clock.setImmediate(() => {
      this.#turn = undefined;
      this.#run();
    });
  }

  /** One turn, with a handler: a reset overtakes all; else what became of our write, then what the peer sent, its end last. */
  #run(): void {
    if (this.#inboxEnd === 'reset') {
      this.#inboxEnd = 'reported';
      this.#handler!.onError(new CoreError('ECONNRESET', 'the peer reset the connection'));
      return;
    }
    if (this.#isWriting && this.#peer!.#inboxBytes <= this.#windowBytes) {
      this.#isWriting = false;
      this.#handler!.onDrained();
    }
    while (this.#handler !== undefined && !this.#isPaused && this.#inbox.length > 0) {
      const chunk = this.#inbox.shift()!;
      this.#inboxBytes -= chunk.length;
      this.#handler.onChunk(chunk, 0, chunk.length);
      this.#peer!.#schedule();
    }
    // Whoever is not paused has read all.
    if (this.#inboxEnd === 'ended' && !this.#isPaused) {
      this.#inboxEnd = 'reported';
      this.#handler?.onEnd();
    }
  }
}
