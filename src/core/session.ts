import { type Clock, systemClock, type TimerHandle } from './clock.js';
import { brokenReason, type DisconnectReason, thrownReason } from './disconnect-reason.js';
import { CoreError, ProtocolError, toError } from './errors.js';
import { RecvBuffer } from './recv-buffer.js';
import { SendQueue } from './send-queue.js';
import { type EndPoint, type Transport, type TransportHandler, unknownEndPoint } from './transport.js';
import { warn } from './warn.js';

export interface SessionOptions {
  /** The most bytes that may wait to be sent, those of the write under way included. 16 MiB by default. */
  readonly maxQueuedBytes?: number;
  /** What a send beyond `maxQueuedBytes` does: end the session (the default), or be refused and counted. */
  readonly onQueueFull?: 'disconnect' | 'drop';
  /** How long `end()` waits for the queue to empty and the peer to close, in milliseconds. 5,000 by default. */
  readonly endTimeoutMs?: number;
  /** The most bytes that `onRecv` may leave unconsumed. 65,535 by default; a PacketSession takes it from its framing. */
  readonly recvBufferSize?: number;
  /** Hands its transport each range that is sent as a buffer of its own, for one that deals with packets. By default ranges that adjoin become one. */
  readonly keepsPacketsApart?: boolean;
  readonly clock?: Clock;
}

/** Shared by all sessions without options, so that 15,000 of them do not keep 15,000 copies of the defaults. */
const noOptions: SessionOptions = {};
const noBytes = new Uint8Array(0);

const defaultMaxQueuedBytes = 16 * 1024 * 1024;
const defaultEndTimeoutMs = 5_000;
const defaultRecvBufferSize = 65_535;

/** How many bytes are first added to an incomplete rest, in the hope that they complete it; doubled until they do. */
const firstStep = 64;

/** Sessions with something to write at the end of the current callback of the event loop: the first `dirtyCount`. */
const dirty: (Session | undefined)[] = [];
let dirtyCount = 0;
let isFlushingDirty = false;

/** Whether that callback is a receive, which flushes before it returns; after any other a tick does, which costs more. */
let isReceiving = false;

/**
 * One connection. `onConnected` comes first, then any number of `onRecv` and `onSend`, then `onDisconnected` exactly once.
 * An exception in any of them ends this session and nothing else.
 */
export abstract class Session {
  // What every packet needs stands first, in as few lines of the cache as it can: among a thousand sessions each line comes from afar.
  #transport: Transport | undefined;
  readonly #recvBuffer: RecvBuffer;
  readonly #sendQueue: SendQueue;
  readonly #options: SessionOptions;
  #queuedPackets = 0;
  // The write under way; 0 bytes where there is none.
  #pendingBytes = 0;
  #pendingPackets = 0;
  #isDirty = false;
  #isFlushing = false;
  #ending: 'no' | 'flushing' | 'finished' = 'no';

  #started = false;
  #local = unknownEndPoint;
  #remote = unknownEndPoint;
  #refusedSends = 0;
  #peerEnded = false;
  /** While `onRecv` is at the bytes of `#recvBuffer`, whole packets stand in it. */
  #isConsumingRest = false;
  #endTimer: TimerHandle | undefined;

  constructor(options: SessionOptions = noOptions, recvBufferSize = options.recvBufferSize ?? defaultRecvBufferSize) {
    this.#options = options;
    this.#sendQueue = new SendQueue(options.keepsPacketsApart);
    this.#recvBuffer = new RecvBuffer(recvBufferSize);
  }

  /** The connection stands. May send and disconnect. */
  protected abstract onConnected(endPoint: EndPoint): void;

  /**
   * Bytes `start` to `end` (exclusive) of `buffer` are what is received and not yet consumed; returns how many are consumed now.
   * What is left comes again, with more behind it. A negative number, or more than there are, is a protocol error.
   * The bytes are valid until the call returns: the buffer is used again.
   */
  protected abstract onRecv(buffer: Uint8Array, start: number, end: number): number;

  /** The session is over. Nothing is called after this. */
  protected abstract onDisconnected(endPoint: EndPoint, reason: DisconnectReason): void;

  /** One gathered write of `numOfPackets` packets was taken over by the system completely; the next may follow. */
  protected onSend(_numOfBytes: number, _numOfPackets: number): void {}

  /** One receive of `numOfBytes` has been dealt with by one or more calls of `onRecv`. Not called once disconnected. */
  protected onRecvCompleted(_numOfBytes: number): void {}

  /** Takes over a connected transport: calls `onConnected`, then starts to receive. Throws a CoreError where called twice. */
  start(transport: Transport): void {
    if (this.#started) throw new CoreError('already-started', 'a session serves one connection only');
    this.#started = true;
    this.#transport = transport;
    this.#local = transport.localEndPoint;
    this.#remote = transport.remoteEndPoint;
    try {
      this.onConnected(this.#remote);
    } catch (error) {
      this.disconnect(thrownReason(error));
    }
    this.#transport?.open(new Session.#Handler(this));
  }

  /** True from `onConnected` to `onDisconnected`. */
  get connected(): boolean {
    return this.#transport !== undefined;
  }

  /** Known from the start on, and after the disconnect too. */
  get remoteEndPoint(): EndPoint {
    return this.#remote;
  }

  get localEndPoint(): EndPoint {
    return this.#local;
  }

  /** Bytes accepted by `send` that the system has not taken over yet. */
  get queuedBytes(): number {
    return this.#sendQueue.bytes + this.#pendingBytes;
  }

  /** Bytes that have come and that `onRecv` has left for later: the beginning of a packet. None while `onRecv` is at them again. */
  get unconsumedBytes(): number {
    return this.#isConsumingRest ? 0 : this.#recvBuffer.dataSize;
  }

  /** These bytes, as a view that is valid until more come. */
  get unconsumed(): Uint8Array {
    return this.#isConsumingRest ? noBytes : this.#recvBuffer.readSegment;
  }

  /** How many calls of `send` and `sendRange` returned false. */
  get refusedSends(): number {
    return this.#refusedSends;
  }

  /**
   * Queues one buffer or a list; it goes out at the end of the current callback, gathered with all else that is queued by then.
   * The bytes must not change until then and until the write is complete. `packets`: how many packets the bytes hold, by
   * default the number of buffers. False: refused as a whole (not connected, ending, or the queue is at its limit).
   */
  send(buffers: Uint8Array | readonly Uint8Array[], packets?: number): boolean {
    if (buffers instanceof Uint8Array) return this.sendRange(buffers, 0, buffers.length, packets);
    let size = 0;
    for (const buffer of buffers) size += buffer.length;
    if (!this.#accepts(size)) return false;
    for (const buffer of buffers) this.#sendQueue.add(buffer, 0, buffer.length);
    this.#queuedPackets += packets ?? buffers.length;
    return true;
  }

  /** As `send`, for bytes `start` to `end` (exclusive) of `buffer`. Ranges that adjoin become one; no view is made for each. */
  sendRange(buffer: Uint8Array, start: number, end: number, packets = 1): boolean {
    if (!this.#accepts(end - start)) return false;
    this.#sendQueue.add(buffer, start, end);
    this.#queuedPackets += packets;
    return true;
  }

  /** Drops what is queued and closes at once. Does nothing where not connected. */
  disconnect(reason: DisconnectReason = { cause: 'local' }): void {
    const transport = this.#transport;
    if (transport === undefined) return;
    this.#transport = undefined;
    this.#endTimer?.cancel();
    this.#endTimer = undefined;
    this.#sendQueue.clear();
    this.#queuedPackets = 0;
    this.#pendingBytes = 0;
    this.#pendingPackets = 0;
    this.#recvBuffer.clear();
    transport.destroy();
    try {
      this.onDisconnected(this.#remote, reason);
    } catch (error) {
      warn(error);
    }
  }

  /**
   * Sends what is queued, then closes, with the cause `local`. Until the peer has closed too, what it still sends is received;
   * after `endTimeoutMs` the session closes at once, with the code `end-timeout`.
   */
  end(): void {
    if (this.#transport === undefined || this.#ending !== 'no') return;
    this.#ending = 'flushing';
    const { clock = systemClock, endTimeoutMs = defaultEndTimeoutMs } = this.#options;
    this.#endTimer = clock.setTimer(endTimeoutMs, () => this.disconnect({ cause: 'local', code: 'end-timeout' }));
    this.#markDirty();
  }

  /** Stops receiving, so that the peer's sending comes to a halt. Packets of a chunk that has arrived are still handed on. */
  pause(): void {
    this.#transport?.pause();
  }

  resume(): void {
    this.#transport?.resume();
  }

  /** The session as its transport knows it: one small object, where closures would be nine for each connection. */
  static readonly #Handler = class implements TransportHandler {
    readonly #session: Session;

    constructor(session: Session) {
      this.#session = session;
    }

    onChunk(buffer: Uint8Array, start: number, end: number): void {
      this.#session.#handleChunk(buffer, start, end);
    }

    onEnd(): void {
      this.#session.#handleEnd();
    }

    onError(error: CoreError): void {
      this.#session.#handleError(error);
    }

    onDrained(): void {
      this.#session.#handleDrained();
    }
  };

  // ── receiving ──

  #handleChunk(chunk: Uint8Array, start: number, end: number): void {
    let failure: DisconnectReason | undefined;
    isReceiving = true;
    try {
      this.#receive(chunk, start, end);
    } catch (error) {
      failure = thrownReason(error);
    }
    // Before the disconnect, so that the packets in front of a broken one are counted.
    try {
      if (this.#transport !== undefined) this.onRecvCompleted(end - start);
    } catch (error) {
      failure ??= thrownReason(error);
    }
    if (failure !== undefined) this.disconnect(failure);
    isReceiving = false;
    Session.#flushDirty();
  }

  /** Hands `chunk` on in place; copies only an incomplete rest, and later only as much as completes it. */
  #receive(chunk: Uint8Array, start: number, end: number): void {
    const rest = this.#recvBuffer;
    let at = start;
    while (rest.dataSize > 0 && at < end) {
      rest.clean();
      const step = Math.min(end - at, Math.max(firstStep, rest.dataSize), rest.freeSize);
      if (step === 0) {
        throw new ProtocolError('recv-buffer-full', `${rest.dataSize} bytes are left unconsumed, and no more fit`);
      }
      rest.append(chunk, at, at + step);
      at += step;
      this.#isConsumingRest = true;
      const consumed = this.#consume(rest.buffer, rest.readPos, rest.writePos);
      this.#isConsumingRest = false;
      if (this.#transport === undefined) return;
      rest.onRead(consumed);
      // What is left now stands in the chunk as well: go on there, in place.
      if (rest.dataSize <= at - start) {
        at -= rest.dataSize;
        rest.clear();
      }
    }
    if (at === end) return;
    at += this.#consume(chunk, at, end);
    if (at === end || this.#transport === undefined) return;
    if (!rest.append(chunk, at, end)) {
      throw new ProtocolError(
        'recv-buffer-full',
        `${end - at} bytes are left unconsumed, and ${rest.bufferSize} would fit`,
      );
    }
  }

  #consume(buffer: Uint8Array, start: number, end: number): number {
    const consumed = this.onRecv(buffer, start, end);
    if (consumed >= 0 && consumed <= end - start) return consumed;
    throw new ProtocolError('bad-consumed-count', `onRecv consumed ${consumed} of ${end - start} bytes`);
  }

  #handleEnd(): void {
    this.#peerEnded = true;
    if (this.#ending === 'no') this.disconnect(this.#withUnconsumed({ cause: 'remote' }));
    else if (this.#ending === 'finished') this.disconnect();
  }

  #handleError(error: CoreError): void {
    // A peer may answer our end with a reset; all that was to be sent has been, so that is no failure.
    if (this.#ending === 'finished') this.disconnect();
    else this.disconnect(this.#withUnconsumed(brokenReason(error)));
  }

  /** What is left after we began to leave is nobody's fault. */
  #withUnconsumed(reason: DisconnectReason): DisconnectReason {
    const { unconsumedBytes } = this;
    return unconsumedBytes === 0 || this.#ending !== 'no' ? reason : { ...reason, unconsumedBytes };
  }

  // ── sending ──

  /** Whether `size` bytes may be queued; if so they will be flushed. */
  #accepts(size: number): boolean {
    if (this.#transport === undefined || this.#ending !== 'no') {
      this.#refusedSends++;
      return false;
    }
    const { maxQueuedBytes = defaultMaxQueuedBytes, onQueueFull } = this.#options;
    if (this.queuedBytes + size > maxQueuedBytes) {
      this.#refusedSends++;
      if (onQueueFull !== 'drop') this.disconnect({ cause: 'queue', code: 'send-queue-full' });
      return false;
    }
    if (this.#pendingBytes === 0) this.#markDirty();
    return true;
  }

  #markDirty(): void {
    if (this.#isDirty) return;
    this.#isDirty = true;
    dirty[dirtyCount++] = this;
    if (dirtyCount === 1 && !isReceiving) process.nextTick(Session.#flushDirty);
  }

  static #flushDirty(this: void): void {
    // A transport that delivers at once brings its receiver here in the middle of the flush, which then goes on to it.
    if (isFlushingDirty) return;
    isFlushingDirty = true;
    for (let next = 0; next < dirtyCount; next++) {
      const session = dirty[next]!;
      dirty[next] = undefined;
      session.#isDirty = false;
      session.#flush();
    }
    dirtyCount = 0;
    isFlushingDirty = false;
  }

  /** Writes what is queued. A loop, because a transport that completes each write at once would recurse until the stack ends. */
  #flush(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    while (this.#transport !== undefined && this.#pendingBytes === 0 && this.#sendQueue.bytes > 0) {
      this.#write(this.#transport);
    }
    this.#isFlushing = false;
    if (this.#ending === 'flushing' && this.queuedBytes === 0) this.#finish();
  }

  #write(transport: Transport): void {
    this.#pendingBytes = this.#sendQueue.bytes;
    this.#pendingPackets = this.#queuedPackets;
    this.#queuedPackets = 0;
    try {
      transport.write(this.#sendQueue.take());
    } catch (error) {
      const code = error instanceof CoreError ? error.code : 'write-failed';
      this.disconnect({ cause: 'send', code, error: toError(error) });
    }
  }

  #handleDrained(): void {
    const bytes = this.#pendingBytes;
    const packets = this.#pendingPackets;
    this.#pendingBytes = 0;
    this.#pendingPackets = 0;
    try {
      this.onSend(bytes, packets);
    } catch (error) {
      this.disconnect(thrownReason(error));
    }
    this.#flush();
  }

  #finish(): void {
    if (this.#transport === undefined) return;
    this.#ending = 'finished';
    if (this.#peerEnded) this.disconnect();
    else this.#transport.end();
  }
}
