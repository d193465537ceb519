import type { DisconnectReason, EndPoint, Session } from '../../../src/core/index.js';
import type { SimTransport } from './connection.js';
import type { Referee } from './referee.js';
import type { Process } from './schedule.js';
import type { Stream } from './stream.js';

export type Side = 'client' | 'server';

/** What a session's own methods are to someone who looks from inside. */
interface Inside {
  send(buffers: Uint8Array | readonly Uint8Array[], packets?: number): boolean;
  sendRange(buffer: Uint8Array, start: number, end: number, packets?: number): boolean;
  onConnected(endPoint: EndPoint): void;
  onDisconnected(endPoint: EndPoint, reason: DisconnectReason): void;
  onRecv(buffer: Uint8Array, start: number, end: number): number;
  onFrame(buffer: Uint8Array, start: number, end: number, id: number): void;
  onRecvBatch(packets: number, bytes: number): void;
  onSend(bytes: number, packets: number): void;
}

/** A session's methods, as they are when it is asked for. */
export function insideOf(session: Session): Inside {
  return session as unknown as Inside;
}

/** Knows what must become of what the sessions of one side get; hears of everything before the session itself does. */
export interface Oracle {
  onConnected?(tape: Tape): void;
  onPacket?(tape: Tape, buffer: Uint8Array, start: number, end: number, id: number): void;
  /** The session has accepted these bytes to send, behind the first `from`. */
  onAccepted?(tape: Tape, bytes: Uint8Array, from: number): void;
  onDisconnected?(tape: Tape): void;
  /** Between any two events. */
  check?(nowUs: number): void;
}

export interface TapeOptions {
  readonly side: Side;
  readonly referee: Referee;
  readonly oracle: Oracle;
  /** Where that what it sends is kept: its transport's own, unless faults stand in between. */
  readonly outgoing: Stream;
  /** The most bytes that may wait in the session. */
  readonly maxQueuedBytes: number;
  /** Hears of each event of the session. */
  readonly trace: (line: string) => void;
}

/**
 * The record of one session: all that is asked of it and all that it tells, in numbers of its own, which the counters of worker and
 * server are held against. What the contract of a session forbids is a violation at once.
 */
export class Tape {
  readonly side: Side;
  readonly session: Session;
  readonly #transport: SimTransport;
  readonly #options: TapeOptions;
  #stage: 'new' | 'connected' | 'over' = 'new';
  reason: DisconnectReason | null = null;
  /** It was asked to end: it accepts nothing any more. */
  ending = false;
  /** Something has happened since it was last checked. */
  touched = true;
  /** What `send` accepted: packets; what it refused: packets too. */
  acceptedPackets = 0;
  refusedPackets = 0;
  /** What `onSend` told: writes, how many of them carried packets, packets and bytes. */
  writes = 0;
  packetWrites = 0;
  writtenPackets = 0;
  writtenBytes = 0;
  /** What `onFrame` handed on, also by id. */
  frames = 0;
  frameBytes = 0;
  readonly framesById = new Map<number, number>();
  /** What `onRecvBatch` told: receives, how many of them completed packets, packets and bytes. */
  receives = 0;
  packetReceives = 0;
  batchedPackets = 0;
  batchedBytes = 0;

  /** Records `session`, which is about to start on `transport`. */
  constructor(session: Session, transport: SimTransport, options: TapeOptions) {
    this.session = session;
    this.side = options.side;
    this.#transport = transport;
    this.#options = options;
    this.#record();
  }

  /** What this session sends. */
  get outgoing(): Stream {
    return this.#options.outgoing;
  }

  /** What of that goes out: the same, unless faults change it. */
  get wire(): Stream {
    return this.#transport.outgoing.stream;
  }

  /** What goes out is not what the session sends. */
  get isFaulty(): boolean {
    return this.outgoing !== this.wire;
  }

  /** What a client is to count as sent: of faults, what they have made of it, which is no number of packets. */
  get sent(): {
    readonly bytes: number;
    readonly writes: number;
    readonly packets: number;
    readonly packetWrites: number;
  } {
    return this.isFaulty
      ? { bytes: this.wire.accepted, writes: this.#transport.writes, packets: 0, packetWrites: 0 }
      : {
          bytes: this.writtenBytes,
          writes: this.writes,
          packets: this.writtenPackets,
          packetWrites: this.packetWrites,
        };
  }

  /** In how many buffers it was written. */
  get writtenBuffers(): number {
    return this.#transport.writtenBuffers;
  }

  get incoming(): Stream {
    return this.#transport.incoming.stream;
  }

  /** Where the session lives. */
  get process(): Process {
    return this.#transport.process;
  }

  get connected(): boolean {
    return this.#stage === 'connected';
  }

  get over(): boolean {
    return this.#stage === 'over';
  }

  /** What must hold between any two events. */
  check(): void {
    this.touched = false;
    const { session, outgoing, incoming } = this;
    const queued = this.over ? 0 : outgoing.accepted - this.writtenBytes;
    if (queued > this.#options.maxQueuedBytes) this.#fail(`${queued} bytes are queued, which are too many`);
    if (session.queuedBytes !== queued) this.#fail(`queuedBytes is ${session.queuedBytes}, and not ${queued}`);
    if (session.connected === this.over)
      this.#fail(`connected is ${session.connected} where the session is ${this.#stage}`);
    if (!this.isFaulty && this.writtenBytes > outgoing.taken)
      this.#fail('onSend tells of bytes that were never written');
    if (this.over) {
      if (!this.#transport.closed) this.#fail('the session is over, and its transport is open');
      return;
    }
    incoming.checkRest();
    // Who would not read throws away what is left when it leaves.
    const mayDiscard = this.isFaulty && this.ending && this.batchedBytes < incoming.read;
    if (this.batchedBytes !== incoming.read && !mayDiscard) {
      this.#fail(`onRecvBatch told of ${this.batchedBytes} bytes where ${incoming.read} were read`);
    }
    if (this.batchedPackets !== this.frames) {
      this.#fail(`onRecvBatch told of ${this.batchedPackets} packets where ${this.frames} were handed on`);
    }
  }

  /** Puts the tape between the session and whoever calls it. */
  #record(): void {
    const { session } = this;
    const inside = insideOf(session);
    const end = session.end.bind(session);
    session.end = () => {
      if (this.connected) this.ending = true;
      end();
    };
    const { send, sendRange, onConnected, onDisconnected, onRecv, onFrame, onRecvBatch, onSend } = inside;
    const recording: Inside = {
      send: (buffers, packets) => {
        // One buffer goes on to sendRange, which is recorded too.
        if (buffers instanceof Uint8Array) return send.call(session, buffers, packets);
        const accepted = send.call(session, buffers, packets);
        this.#onSent(accepted, packets ?? buffers.length, Buffer.concat(buffers));
        return accepted;
      },
      sendRange: (buffer, from, to, packets = 1) => {
        const accepted = sendRange.call(session, buffer, from, to, packets);
        this.#onSent(accepted, packets, buffer.subarray(from, to));
        return accepted;
      },
      onConnected: (endPoint) => {
        if (this.#stage !== 'new') this.#fail('onConnected is called where it is not the first');
        this.#stage = 'connected';
        this.#tell('connected');
        this.#options.oracle.onConnected?.(this);
        onConnected.call(session, endPoint);
      },
      onDisconnected: (endPoint, reason) => {
        this.#mustBeConnected('onDisconnected');
        this.#stage = 'over';
        this.reason = reason;
        this.#tell(`disconnected: ${reason.cause} ${reason.code ?? ''}`);
        this.#checkReason(reason);
        this.#options.oracle.onDisconnected?.(this);
        onDisconnected.call(session, endPoint, reason);
      },
      onRecv: (buffer, from, to) => {
        this.#mustBeConnected('onRecv');
        return onRecv.call(session, buffer, from, to);
      },
      onFrame: (buffer, from, to, id) => {
        this.#mustBeConnected('onFrame');
        this.frames++;
        this.frameBytes += to - from;
        this.framesById.set(id, (this.framesById.get(id) ?? 0) + 1);
        this.#tell(`packet ${id}, ${to - from} bytes`);
        this.incoming.frame(buffer, from, to);
        this.#options.oracle.onPacket?.(this, buffer, from, to, id);
        onFrame.call(session, buffer, from, to, id);
      },
      onRecvBatch: (packets, bytes) => {
        this.#mustBeConnected('onRecvBatch');
        this.receives++;
        if (packets > 0) this.packetReceives++;
        this.batchedPackets += packets;
        this.batchedBytes += bytes;
        onRecvBatch.call(session, packets, bytes);
      },
      onSend: (bytes, packets) => {
        this.#mustBeConnected('onSend');
        this.writes++;
        if (packets > 0) this.packetWrites++;
        this.writtenPackets += packets;
        this.writtenBytes += bytes;
        onSend.call(session, bytes, packets);
      },
    };
    Object.assign(inside, recording);
  }

  #onSent(accepted: boolean, packets: number, bytes: Uint8Array): void {
    this.touched = true;
    if (!accepted) {
      this.refusedPackets += packets;
      const fits = this.session.queuedBytes + bytes.length <= this.#options.maxQueuedBytes;
      if (this.connected && !this.ending && fits) this.#fail('send is refused where there is room');
      return;
    }
    if (this.#stage !== 'connected' || this.ending) this.#fail(`send is accepted where the session is ${this.#stage}`);
    this.acceptedPackets += packets;
    const from = this.outgoing.accepted;
    this.outgoing.accept(bytes);
    this.#options.oracle.onAccepted?.(this, bytes, from);
  }

  /**
   * No code of ours throws, and no packet of ours is malformed unless the peer plays faults. The peer's end comes behind all that it sent:
   * what was not handed on is the beginning of a packet.
   */
  #checkReason({ cause, code, error, unconsumedBytes = 0 }: DisconnectReason): void {
    if (cause === 'handler' || (cause === 'protocol' && !this.#transport.peer.isFaulty))
      this.#fail(`it ends with the cause ${cause}: ${error?.stack}`);
    const isDone = this.#transport.peerEnded && this.writtenBytes === this.outgoing.accepted;
    if (code === 'end-timeout' && isDone) this.#fail('it has waited for a peer that had ended');
    if (cause !== 'remote') return;
    // Before the first frame there may be a preamble, which need not have come.
    const left = Math.max(0, this.incoming.read - this.incoming.framed);
    if (left !== unconsumedBytes) this.#fail(`${unconsumedBytes} bytes are left unconsumed, and not ${left}`);
  }

  #mustBeConnected(what: string): void {
    this.touched = true;
    if (this.#stage !== 'connected') this.#fail(`${what} is called where the session is ${this.#stage}`);
  }

  #tell(words: string): void {
    this.#options.trace(`  ${this.side} of ${this.name}: ${words}`);
  }

  #fail(words: string): void {
    this.#options.referee.fail(`${this.side} of ${this.name}: ${words}`);
  }

  /** That of what it sends. */
  get name(): string {
    return this.outgoing.name;
  }
}
