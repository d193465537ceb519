import type { StartAwareTransport } from '../client/client-session.js';
import type { CoreError, EndPoint, TimerHandle, Transport, TransportHandler } from '../core/index.js';
import type { FaultyClient } from './faulty-client.js';
import type { CompiledConnectionFault } from './faulty-kind.js';
import { Gluer } from './gluer.js';
import { PacedWriter } from './paced-writer.js';
import { ReadPace } from './read-pace.js';
import { Timetable, type TimetableHandler } from './timetable.js';

/** How long after a part of a packet the connection is reset. */
const partReadMs = 10;

/**
 * Between a session and its network: what is sent goes through the faults of packets, what comes and the connection itself through those of
 * connections. To the session a write is complete once all that became of it is, or at once where nothing did.
 */
export class FaultyConnection implements StartAwareTransport, TransportHandler, TimetableHandler {
  readonly #client: FaultyClient;
  readonly #inner: Transport;
  readonly #writer: PacedWriter;
  readonly #timetable: Timetable;
  readonly #pace: ReadPace;
  #handler: TransportHandler | undefined;
  #isWriting = false;
  #gluer: Gluer | undefined;
  #end: 'no' | 'whenIdle' | 'ended' = 'no';
  #reset: 'no' | 'whenIdle' | 'soon' = 'no';
  #resetTimer: TimerHandle | undefined;
  /** What comes is thrown away. */
  #isDiscarding = false;
  // Chunks flow unless one of these speaks against it.
  #isPausedBySession = false;
  #isPaused = false;

  constructor(client: FaultyClient, inner: Transport) {
    this.#client = client;
    this.#inner = inner;
    this.#writer = new PacedWriter(
      client.clock,
      (bytes) => this.#writeInner(bytes),
      () => this.#onIdle(),
    );
    this.#timetable = new Timetable(client, this);
    this.#pace = new ReadPace(client.clock, () => this.#updateFlow());
    client.packets.begin();
  }

  get localEndPoint(): EndPoint {
    return this.#inner.localEndPoint;
  }

  get remoteEndPoint(): EndPoint {
    return this.#inner.remoteEndPoint;
  }

  // ── for the session ──

  open(handler: TransportHandler): void {
    this.#handler = handler;
    this.#inner.open(this);
    this.#updateFlow();
    this.#timetable.open();
  }

  onStartDone(): void {
    this.#timetable.onStartDone();
  }

  write(buffers: readonly Uint8Array[]): void {
    this.#isWriting = true;
    if (this.#timetable.isSilent || this.#end === 'ended' || this.#reset !== 'no') {
      this.#onIdle();
      return;
    }
    const { pieces, resets } = this.#client.packets.play(buffers, this.#client.nowMs());
    if (resets) this.#reset = 'whenIdle';
    const gathered = this.#gluer?.gather(pieces.flatMap(({ bytes }) => bytes));
    const rest = resets ? (this.#gluer?.rest() ?? []) : [];
    this.#writer.add(gathered === undefined ? pieces : [...gathered, ...rest]);
  }

  pause(): void {
    this.#isPausedBySession = true;
    this.#updateFlow();
  }

  resume(): void {
    this.#isPausedBySession = false;
    this.#updateFlow();
  }

  /**
   * The client leaves. What it has left unread is read now, so that both sides can close; the one who would not read has not seen it.
   */
  end(): void {
    this.#isDiscarding ||= this.#timetable.isDeaf || this.#timetable.bytesPerSec < Number.POSITIVE_INFINITY;
    this.#timetable.stop();
    this.#updateFlow();
    if (this.#end !== 'no') return;
    this.#end = 'whenIdle';
    this.#writer.add(this.#gluer?.rest() ?? []);
  }

  destroy(reset = false): void {
    this.#handler = undefined;
    this.#timetable.stop();
    this.#resetTimer?.cancel();
    this.#pace.stop();
    this.#gluer?.stop();
    this.#writer.stop();
    this.#inner.destroy(reset || this.#reset !== 'no');
  }

  // ── for the network ──

  onChunk(buffer: Uint8Array, start: number, end: number): void {
    if (this.#isDiscarding) return;
    this.#handler?.onChunk(buffer, start, end);
    if (this.#handler === undefined) return;
    this.#pace.onRead(end - start);
    this.#updateFlow();
  }

  onEnd(): void {
    this.#handler?.onEnd();
  }

  onError(error: CoreError): void {
    this.#handler?.onError(error);
  }

  onDrained(): void {
    this.#writer.onDrained();
  }

  #writeInner(buffers: readonly Uint8Array[]): void {
    let bytes = 0;
    for (const { length } of buffers) bytes += length;
    this.#client.onWritten(bytes);
    this.#inner.write(buffers);
  }

  /** All that was to be sent has been taken over. */
  #onIdle(): void {
    if (this.#handler === undefined) return;
    if (this.#reset !== 'no') {
      this.#resetSoon();
      return;
    }
    if (this.#end === 'whenIdle' && this.#writer.idle) {
      this.#end = 'ended';
      this.#inner.end();
    }
    if (!this.#isWriting) return;
    this.#isWriting = false;
    this.#handler.onDrained();
  }

  /** A reset overtakes what it comes behind: the peer is given the time to read the part of the packet first. */
  #resetSoon(): void {
    if (this.#reset === 'soon') return;
    this.#reset = 'soon';
    this.#resetTimer = this.#client.clock.setTimer(partReadMs, () => this.#client.fail('resetMidPacket'));
  }

  // ── for the timetable ──

  onBegin({ plan, index }: CompiledConnectionFault): void {
    switch (plan.fault) {
      case 'glue':
        this.#gluer = new Gluer(plan, this.#client.randoms[index]!, this.#client.clock, () => this.#writeRest());
        break;
      case 'silence':
      case 'halfOpen':
        this.#dropUnsent();
        break;
      case 'halfClose':
        this.#closeHalf();
        break;
      case 'leaveAtOnce':
        this.#client.fail('leaveAtOnce');
        break;
      case 'readSlowly':
      case 'stopReading':
        break;
    }
    this.#updateFlow();
  }

  /** What was ended stays ended. */
  onCease({ plan }: CompiledConnectionFault): void {
    if (plan.fault === 'glue') {
      this.#writeRest();
      this.#gluer = undefined;
    }
    this.#updateFlow();
  }

  #closeHalf(): void {
    if (this.#end === 'ended') return;
    this.#end = 'ended';
    this.#dropUnsent();
    this.#inner.end();
  }

  /** What waits is not sent any more. */
  #dropUnsent(): void {
    this.#gluer?.rest();
    this.#writer.stop();
    if (this.#writer.idle) this.#onIdle();
  }

  #writeRest(): void {
    this.#writer.add(this.#gluer?.rest() ?? []);
  }

  #updateFlow(): void {
    this.#pace.change(this.#timetable.bytesPerSec);
    const isPaused = this.#isPausedBySession || this.#timetable.isDeaf || this.#pace.isResting;
    if (isPaused === this.#isPaused || this.#handler === undefined) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#inner.pause();
    else this.#inner.resume();
  }
}
