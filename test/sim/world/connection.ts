import { CoreError, type EndPoint, Session, type Transport, type TransportHandler } from '../../../src/core/index.js';
import type { RandomStream } from '../../../src/load/random.js';
import type { ProtocolPlan } from '../../../src/scenario/plan.js';
import { Pipe } from './pipe.js';
import type { Referee } from './referee.js';
import type { Process, Schedule } from './schedule.js';
import { Stream } from './stream.js';
import type { Side } from './tape.js';
import type { Weather } from './weather.js';

/** What all connections of a world share. */
export interface Wires {
  /** A session is about to start on one side of a connection. */
  readonly onStart: (session: Session, transport: SimTransport) => void;
  readonly schedule: Schedule;
  readonly referee: Referee;
  /** What clients send, and what the server sends. */
  readonly protocol: Pick<ProtocolPlan, 'send' | 'receive' | 'preamble'>;
}

/** One connection: the transports of its client and of its server. */
export class Connection {
  readonly client: SimTransport;
  readonly server: SimTransport;
  readonly weather: Weather;
  #bytes = 0;
  #broken = false;
  #isCut = false;

  constructor(
    { schedule, referee, protocol, onStart }: Wires,
    number: number,
    random: RandomStream,
    weather: Weather,
    ends: { readonly client: Process; readonly server: Process },
  ) {
    this.weather = weather;
    const up = new Stream(`connection ${number}, client to server`, protocol.send, referee, protocol.preamble.length);
    const down = new Stream(`connection ${number}, server to client`, protocol.receive, referee);
    const pipe = (stream: Stream, from: () => SimTransport, to: () => SimTransport): Pipe =>
      new Pipe(schedule, random, weather, stream, {
        onRoom: () => from().onRoom(),
        onArrival: () => to().onArrival(),
        onRefused: () => from().onReset(),
      });
    const toServer = pipe(
      up,
      () => this.client,
      () => this.server,
    );
    const toClient = pipe(
      down,
      () => this.server,
      () => this.client,
    );
    const both = { connection: this, random, referee, onStart };
    const near = { host: '10.0.0.1', port: 1024 + number };
    const far = { host: '10.0.0.2', port: 7777 };
    this.client = new SimTransport(
      { ...both, process: ends.client, outgoing: toServer, incoming: toClient },
      near,
      far,
    );
    this.server = new SimTransport(
      { ...both, process: ends.server, outgoing: toClient, incoming: toServer },
      far,
      near,
    );
  }

  /** `side` resets the connection. */
  resetBy(side: SimTransport): void {
    if (!this.#isCut) side.peer.onReset();
  }

  /** How many bytes may still be read before it breaks. */
  get bytesLeft(): number {
    const { fate } = this.weather;
    return fate === null || this.#broken ? Number.POSITIVE_INFINITY : fate.afterBytes - this.#bytes;
  }

  /** `bytes` more were read: the connection may break now. */
  onRead(bytes: number): void {
    this.#bytes += bytes;
    const { fate } = this.weather;
    if (fate === null || this.#broken || this.#bytes < fate.afterBytes) return;
    this.#broken = true;
    this.#isCut = fate.kind === 'cut';
    for (const side of [this.client, this.server]) {
      if (this.#isCut) side.cut();
      else side.onReset();
    }
  }
}

interface Place {
  readonly connection: Connection;
  readonly process: Process;
  readonly random: RandomStream;
  readonly referee: Referee;
  readonly onStart: Wires['onStart'];
  readonly outgoing: Pipe;
  readonly incoming: Pipe;
}

/** All reads of the world come in this memory, which means something else as soon as its reader returns. */
const readBuffer = new Uint8Array(65_536);
const stale = 0xdd;

/** One side of a connection. It also sees to it that its session keeps to the contract of a transport. */
export class SimTransport implements Transport {
  readonly localEndPoint: EndPoint;
  readonly remoteEndPoint: EndPoint;
  readonly outgoing: Pipe;
  readonly incoming: Pipe;
  /** What is written is not what a session accepted, but what faults made of it. */
  isFaulty = false;
  /** How many buffers were written. */
  writtenBuffers = 0;
  /** How often. */
  writes = 0;
  readonly #place: Place;
  #handler: TransportHandler | undefined;
  #state: 'open' | 'reset' | 'closed' = 'open';
  #isWriting = false;
  #isPaused = false;
  #isReadPosted = false;
  #isEndReported = false;

  constructor(place: Place, localEndPoint: EndPoint, remoteEndPoint: EndPoint) {
    this.#place = place;
    this.outgoing = place.outgoing;
    this.incoming = place.incoming;
    this.localEndPoint = localEndPoint;
    this.remoteEndPoint = remoteEndPoint;
    transports.set(localEndPoint, this);
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** The process that has this side. */
  get process(): Process {
    return this.#place.process;
  }

  /** The other side of the connection. */
  get peer(): SimTransport {
    const { client, server } = this.#place.connection;
    return this === client ? server : client;
  }

  get side(): Side {
    return this === this.#place.connection.client ? 'client' : 'server';
  }

  /** The session knows that its peer has no more to say. */
  get peerEnded(): boolean {
    return this.#isEndReported;
  }

  // ── for the session ──

  /** `session` is about to start here, on this transport or on one that plays faults. */
  onStart(session: Session, transport: Transport): void {
    this.isFaulty = transport !== this;
    this.#place.onStart(session, this);
  }

  open(handler: TransportHandler): void {
    if (this.#handler !== undefined) this.#break('open is called twice');
    this.#handler = handler;
    if (this.#state === 'reset') this.#postError();
    else this.#postRead();
  }

  write(buffers: readonly Uint8Array[]): void {
    if (this.closed) this.#break('write is called after destroy');
    if (this.#isWriting) this.#break('write is called while a write is under way');
    if (this.isFaulty) for (const buffer of buffers) this.outgoing.stream.accept(buffer);
    this.writes++;
    this.writtenBuffers += buffers.length;
    if (this.#state === 'reset') {
      if (this.#place.random.next() < 0.5) throw new CoreError('EPIPE', 'write EPIPE');
      return;
    }
    this.#isWriting = true;
    this.outgoing.write(buffers);
    if (this.outgoing.writing) return;
    if (this.#place.random.next() < 0.7) this.#reportDrained();
    else this.#place.process.post(`${this.#name} drained`, () => this.#reportDrained(), this.#place.random.int(0, 500));
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#postRead();
  }

  end(): void {
    if (this.closed) this.#break('end is called after destroy');
    const { accepted, taken } = this.outgoing.stream;
    // A session waits until all is written; what a fault ends it ends in the middle of a write, too.
    if (taken !== accepted && !this.isFaulty) this.#break(`end is called with ${accepted - taken} bytes unwritten`);
    this.outgoing.finish();
  }

  destroy(reset = false): void {
    if (this.closed) return;
    const wasReset = this.#state === 'reset';
    this.#state = 'closed';
    this.#handler = undefined;
    this.outgoing.abandon();
    // As TCP does: to close with bytes unread is to reset.
    const resets = reset || this.incoming.unread;
    this.incoming.discard();
    if (wasReset) return;
    if (resets) this.#place.connection.resetBy(this);
    else this.outgoing.finish();
  }

  // ── for the network ──

  /** There is room: goes on with the write under way. */
  onRoom(): void {
    if (this.#state !== 'open' || !this.outgoing.writing) return;
    this.#place.process.post(`${this.#name} has room`, () => {
      if (this.#state !== 'open' || !this.outgoing.writing) return;
      this.outgoing.takeOver();
      if (!this.outgoing.writing) this.#reportDrained();
    });
  }

  onArrival(): void {
    this.#postRead();
  }

  /** A reset is on its way here. What has come and is not read yet may be lost with it. */
  onReset(): void {
    const { process, random } = this.#place;
    process.post(
      `${this.#name} reset`,
      () => {
        if (this.#state !== 'open') return;
        this.#state = 'reset';
        this.outgoing.abandon();
        if (random.next() < 0.5) this.incoming.discard();
        this.#postError();
      },
      random.int(0, 5000),
    );
  }

  cut(): void {
    this.outgoing.cut();
    this.incoming.cut();
  }

  #postError(): void {
    this.#place.process.post(`${this.#name} fails`, () =>
      this.#handler?.onError(new CoreError('ECONNRESET', 'read ECONNRESET')),
    );
  }

  #postRead(): void {
    if (this.#isReadPosted || this.#handler === undefined) return;
    this.#isReadPosted = true;
    this.#place.process.post(`${this.incoming.stream.name} is read`, () => {
      this.#isReadPosted = false;
      this.#read();
    });
  }

  /** One read: some bytes, or, where there are none, the end. */
  #read(): void {
    if (this.#handler === undefined || this.#isPaused) return;
    const { connection } = this.#place;
    const bytes = this.incoming.read(Math.min(readBuffer.length, connection.bytesLeft));
    if (bytes !== null) {
      readBuffer.set(bytes);
      this.#handler.onChunk(readBuffer, 0, bytes.length);
      readBuffer.fill(stale, 0, bytes.length);
      connection.onRead(bytes.length);
      this.#postRead();
    } else if (this.incoming.ended && !this.#isEndReported) {
      this.#isEndReported = true;
      this.#handler.onEnd();
    }
  }

  #reportDrained(): void {
    this.#isWriting = false;
    this.#handler?.onDrained();
  }

  #break(words: string): void {
    this.#place.referee.fail(`${this.#name}: ${words}`);
  }

  get #name(): string {
    return this.outgoing.stream.name;
  }
}

/** By their own ends, which those that play faults tell too. */
const transports = new WeakMap<EndPoint, SimTransport>();

/** A transport knows only the handler that it is opened with: who starts on one of ours is announced to its world. */
const { start } = Session.prototype;
Session.prototype.start = function (transport) {
  transports.get(transport.localEndPoint)?.onStart(this, transport);
  start.call(this, transport);
};
