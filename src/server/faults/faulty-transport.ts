import {
  type Clock,
  type CoreError,
  compileFraming,
  type EndPoint,
  type FrameParser,
  type Framing,
  type Session,
  type TimerHandle,
  type Transport,
  type TransportHandler,
} from '../../core/index.js';
import type { TrafficCounter } from '../counters.js';
import type { Ending, Reply } from './reply.js';
import type { ReplyFault } from './reply-faults.js';

export interface FaultyTransportOptions {
  /** How replies are told apart in what the session writes. */
  readonly framing: Framing;
  readonly clock: Clock;
  /** Played one after the other, until a reply is not to be sent. */
  readonly faults: readonly ReplyFault[];
  readonly neverReads: boolean;
  /** Counts what is handed to the network. */
  readonly passed: TrafficCounter;
}

/**
 * Stands between a session and its network, and does to its packets what the faults say. Replies keep their order: a late one makes those behind
 * it late. What waits for its time counts as sent for the session; while the network takes no more, the session waits as it would without faults.
 */
export class FaultyTransport implements Transport, TransportHandler {
  readonly localEndPoint: EndPoint;
  readonly remoteEndPoint: EndPoint;
  readonly #network: Transport;
  readonly #session: Session;
  readonly #parser: FrameParser;
  readonly #clock: Clock;
  readonly #faults: FaultyTransportOptions['faults'];
  readonly #neverReads: boolean;
  readonly #passed: TrafficCounter;
  #handler: TransportHandler | undefined;
  /** What is still to be sent, in order. */
  #held: Reply[] = [];
  #lastDueUs = 0;
  #timer: TimerHandle | undefined;
  #isFlushing = false;
  /** The network has a write under way. */
  #isWriting = false;
  /** The session has one, as far as it knows. */
  #owesDrained = false;
  /** What is held last ends the connection: nothing comes behind it. */
  #isOver = false;
  /** How the connection is to end, once the write under way is complete. */
  #ending: Ending | undefined;
  #resets = false;
  /** The session has asked for the end. */
  #isFinishing = false;

  constructor(network: Transport, session: Session, options: FaultyTransportOptions) {
    const { framing, clock, faults, neverReads, passed } = options;
    this.localEndPoint = network.localEndPoint;
    this.remoteEndPoint = network.remoteEndPoint;
    this.#network = network;
    this.#session = session;
    this.#parser = compileFraming(framing);
    this.#clock = clock;
    this.#faults = faults;
    this.#neverReads = neverReads;
    this.#passed = passed;
  }

  // ── what the session asks for ──

  open(handler: TransportHandler): void {
    this.#handler = handler;
    if (this.#neverReads) this.#network.pause();
    this.#network.open(this);
  }

  write(buffers: readonly Uint8Array[]): void {
    for (const buffer of buffers) this.#takePackets(buffer);
    this.#owesDrained = true;
    this.#flush();
  }

  pause(): void {
    this.#network.pause();
  }

  resume(): void {
    if (!this.#neverReads) this.#network.resume();
  }

  end(): void {
    this.#isFinishing = true;
    this.#flush();
  }

  destroy(reset = false): void {
    this.#handler = undefined;
    this.#timer?.cancel();
    this.#held = [];
    this.#network.destroy(reset || this.#resets);
  }

  // ── what the network reports ──

  onChunk(buffer: Uint8Array, start: number, end: number): void {
    this.#handler?.onChunk(buffer, start, end);
  }

  onEnd(): void {
    this.#handler?.onEnd();
  }

  onError(error: CoreError): void {
    this.#handler?.onError(error);
  }

  onDrained(): void {
    this.#isWriting = false;
    this.#flush();
  }

  // ── in between ──

  /** A write holds whole packets. */
  #takePackets(buffer: Uint8Array): void {
    for (let at = 0; at < buffer.length; ) {
      const end = at + this.#parser.frameSize(buffer, at, buffer.length, 0);
      this.#take(Buffer.from(buffer.subarray(at, end)));
      at = end;
    }
  }

  #take(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const reply: Reply = { bytes, dueUs: this.#clock.nowUs(), fate: 'sent' };
    for (const fault of this.#faults) {
      fault(reply);
      if (reply.fate !== 'sent') break;
    }
    if (reply.fate === 'lost') return;
    this.#isOver = reply.fate !== 'sent';
    reply.dueUs = Math.max(reply.dueUs, this.#lastDueUs);
    this.#lastDueUs = reply.dueUs;
    this.#held.push(reply);
  }

  /** Sends what is due. A loop, because a network that takes each write at once calls back before `write` returns. */
  #flush(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    let hasWritten = true;
    while (hasWritten && !this.#isWriting) hasWritten = this.#writeDue();
    this.#isFlushing = false;
    if (this.#isWriting || this.#handler === undefined) return;
    this.#waitForNext();
    this.#finishWhereAsked();
    this.#reportDrained();
  }

  /** Hands over all that is due. False where there was nothing to send. */
  #writeDue(): boolean {
    const nowUs = this.#clock.nowUs();
    const due: Uint8Array[] = [];
    while (this.#held.length > 0 && this.#held[0]!.dueUs <= nowUs) {
      const { bytes, fate } = this.#held.shift()!;
      if (fate === 'close' || fate === 'reset') this.#ending = fate;
      else due.push(this.#counted(bytes));
    }
    if (due.length === 0) return false;
    this.#isWriting = true;
    this.#network.write(due);
    return true;
  }

  #counted(bytes: Uint8Array): Uint8Array {
    this.#passed.addPackets(this.#parser.readId(bytes, 0), 1);
    this.#passed.addBytes(bytes.length);
    return bytes;
  }

  #waitForNext(): void {
    this.#timer?.cancel();
    const next = this.#held[0];
    if (next === undefined) return;
    const waitMs = Math.max(1, Math.ceil((next.dueUs - this.#clock.nowUs()) / 1000));
    this.#timer = this.#clock.setTimer(waitMs, () => this.#flush());
  }

  #finishWhereAsked(): void {
    if (this.#ending !== undefined) this.#endSession(this.#ending);
    if (this.#isFinishing && this.#held.length === 0) {
      this.#isFinishing = false;
      this.#network.end();
    }
  }

  #endSession(ending: Ending): void {
    this.#ending = undefined;
    this.#resets = ending === 'reset';
    if (ending === 'close') this.#session.end();
    else this.#session.disconnect({ cause: 'local', code: 'fault' });
  }

  #reportDrained(): void {
    if (!this.#owesDrained) return;
    this.#owesDrained = false;
    this.#handler?.onDrained();
  }
}
