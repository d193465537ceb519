import type { FaultyTransport } from '../client/client-session.js';
import type { Clock, CoreError, EndPoint, TimerHandle, Transport, TransportHandler } from '../core/index.js';
import type { RandomStream } from '../load/random.js';
import type { FaultName } from '../scenario/plan.js';
import { type CompiledConnectionFault, type FaultyKind, isOn } from './faulty-kind.js';
import { Gluer } from './gluer.js';
import { PacedWriter } from './paced-writer.js';
import type { PacketPlayer } from './packet-player.js';

/** How long after a part of a packet the connection is reset. */
const partReadMs = 10;

/** What a connection needs of the client whose it is. */
export interface FaultyClient {
  readonly kind: FaultyKind;
  /** One stream for each fault of the kind. */
  readonly randoms: readonly RandomStream[];
  readonly packets: PacketPlayer;
  readonly clock: Clock;
  /** On the clock of the run. */
  nowMs(): number;
  /** Ends the connection for the sake of a fault. */
  fail(fault: FaultName): void;
}

/**
 * Between a session and its network: what is sent goes through the faults of packets, what comes and the connection itself through those of
 * connections. To the session a write is complete once all that became of it is, or at once where nothing did.
 */
export class FaultyConnection implements FaultyTransport, TransportHandler {
  readonly #client: FaultyClient;
  readonly #inner: Transport;
  readonly #writer: PacedWriter;
  readonly #timers = new Set<TimerHandle>();
  /** Those that this connection plays. */
  readonly #faults: readonly CompiledConnectionFault[];
  #handler: TransportHandler | undefined;
  #isStartDone = false;
  #isWriting = false;
  #isSilent = false;
  #gluer: Gluer | undefined;
  #end: 'no' | 'whenIdle' | 'ended' = 'no';
  #reset: 'no' | 'whenIdle' | 'soon' = 'no';
  // Chunks flow unless one of these speaks against it.
  #isPausedBySession = false;
  #isDeaf = false;
  #bytesPerSec = Number.POSITIVE_INFINITY;
  #digesting: TimerHandle | undefined;
  #isPaused = false;

  constructor(client: FaultyClient, inner: Transport) {
    const { kind, randoms, packets, clock } = client;
    this.#client = client;
    this.#inner = inner;
    this.#writer = new PacedWriter(
      clock,
      (bytes) => inner.write(bytes),
      () => this.#onIdle(),
    );
    this.#faults = kind.ofConnections.filter(({ plan, index }) => randoms[index]!.next() < plan.share);
    packets.begin();
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
    for (const fault of this.#faults) this.#schedule(fault, this.#delayMs(fault));
  }

  onStartDone(): void {
    this.#isStartDone = true;
    // What begins with the start list's end waits for the session to be open.
    if (this.#handler === undefined) return;
    for (const fault of this.#faults) if (beginsWithStart(fault)) this.#schedule(fault, 0);
  }

  write(buffers: readonly Uint8Array[]): void {
    this.#isWriting = true;
    if (this.#isSilent || this.#end === 'ended' || this.#reset !== 'no') {
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

  /** The client leaves: it reads what is left to be read, so that both sides can close. */
  end(): void {
    this.#stopTimers();
    this.#isDeaf = false;
    this.#readFreely();
    this.#updateFlow();
    if (this.#end !== 'no') return;
    this.#end = 'whenIdle';
    this.#writer.add(this.#gluer?.rest() ?? []);
  }

  destroy(reset = false): void {
    this.#handler = undefined;
    this.#stopTimers();
    this.#readFreely();
    this.#gluer?.stop();
    this.#writer.stop();
    this.#inner.destroy(reset || this.#reset !== 'no');
  }

  // ── for the network ──

  onChunk(buffer: Uint8Array, start: number, end: number): void {
    this.#handler?.onChunk(buffer, start, end);
    if (this.#handler === undefined || this.#bytesPerSec === Number.POSITIVE_INFINITY) return;
    // Until so many bytes would have been read at its pace, it reads no more.
    this.#digesting?.cancel();
    this.#digesting = this.#client.clock.setTimer(((end - start) * 1000) / this.#bytesPerSec, () => {
      this.#digesting = undefined;
      this.#updateFlow();
    });
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
    this.#in(partReadMs, () => this.#client.fail('resetMidPacket'));
  }

  // ── faults of connections ──

  /** How long until it begins; undefined where that is not to be known yet. */
  #delayMs({ plan, index }: CompiledConnectionFault): number | undefined {
    if (!('afterMs' in plan)) return 0;
    const { afterMs } = plan;
    if (afterMs === 'start') return this.#isStartDone ? 0 : undefined;
    if (typeof afterMs === 'number') return afterMs;
    return afterMs.min + this.#client.randoms[index]!.next() * (afterMs.max - afterMs.min);
  }

  #schedule(fault: CompiledConnectionFault, delayMs: number | undefined): void {
    if (delayMs === undefined) return;
    const { plan, played } = fault;
    const nowMs = this.#client.nowMs();
    const beginMs = Math.max(nowMs + delayMs, plan.fromMs);
    if (!isOn(plan, beginMs)) return;
    this.#in(beginMs - nowMs, () => {
      played.add(1);
      this.#begin(fault);
    });
    if (plan.untilMs !== null) this.#in(plan.untilMs - nowMs, () => this.#cease(fault));
  }

  #in(delayMs: number, task: () => void): void {
    // The one before it may have ended the connection.
    if (this.#handler === undefined) return;
    if (delayMs <= 0) {
      task();
      return;
    }
    const timer = this.#client.clock.setTimer(delayMs, () => {
      this.#timers.delete(timer);
      task();
    });
    this.#timers.add(timer);
  }

  #begin({ plan, index }: CompiledConnectionFault): void {
    switch (plan.fault) {
      case 'glue':
        this.#gluer = new Gluer(plan, this.#client.randoms[index]!, this.#client.clock, () => this.#writeRest());
        break;
      case 'readSlowly':
        this.#bytesPerSec = plan.bytesPerSec;
        break;
      case 'stopReading':
        this.#isDeaf = true;
        break;
      case 'silence':
        this.#isSilent = true;
        this.#dropUnsent();
        break;
      case 'halfOpen':
        this.#isDeaf = true;
        this.#isSilent = true;
        this.#dropUnsent();
        break;
      case 'halfClose':
        this.#end = 'ended';
        this.#dropUnsent();
        this.#inner.end();
        break;
      case 'leaveAtOnce':
        this.#client.fail('leaveAtOnce');
        break;
    }
    this.#updateFlow();
  }

  /** Its time is over. What was ended stays ended. */
  #cease({ plan }: CompiledConnectionFault): void {
    if (plan.fault === 'glue') {
      this.#writeRest();
      this.#gluer = undefined;
    }
    if (plan.fault === 'readSlowly') this.#readFreely();
    if (plan.fault === 'stopReading' || plan.fault === 'halfOpen') this.#isDeaf = false;
    if (plan.fault === 'silence' || plan.fault === 'halfOpen') this.#isSilent = false;
    this.#updateFlow();
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

  #readFreely(): void {
    this.#bytesPerSec = Number.POSITIVE_INFINITY;
    this.#digesting?.cancel();
    this.#digesting = undefined;
  }

  #updateFlow(): void {
    const isPaused = this.#isPausedBySession || this.#isDeaf || this.#digesting !== undefined;
    if (isPaused === this.#isPaused || this.#handler === undefined) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#inner.pause();
    else this.#inner.resume();
  }

  #stopTimers(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}

function beginsWithStart({ plan }: CompiledConnectionFault): boolean {
  return 'afterMs' in plan && plan.afterMs === 'start';
}
