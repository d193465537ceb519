import type { FieldRecord } from '../packets/index.js';
import type { BotMetrics, BotRandom, BotStamp, Pace, Seat } from './seat.js';
import { checkSeat } from './trial.js';

/** The packets of a server of which nothing is said: any name, with any fields. */
export type AnyPackets = Readonly<Record<string, FieldRecord>>;

/** The fields of a packet as a call's last argument, which may be left out where a packet has none. */
type Fields<Packet> = Record<never, never> extends Packet ? [fields?: Packet] : [fields: Packet];

/** Which packet is meant, and how long it is waited for. */
export interface ExpectOptions<Packet> {
  /** Milliseconds; 5,000 where nothing is said. */
  readonly timeoutMs?: number;
  /** The fields, or JSON pointers, that tell this packet from others of its name; without it they are taken in order. */
  readonly where?: Partial<Packet> | { readonly [pointer: `/${string}`]: unknown };
}

/**
 * A client whose whole life is in the hands of code. Extend it, override what you need, and export the class as the default of the
 * file that a client kind names with `bot:`. Each connection has an instance of its own.
 *
 * `Packets` has a key for each packet, with its fields: `Bot<{ C_Chat: { chat: string }; S_Chat: { playerId: number; chat: string } }>`.
 *
 * What is thrown, also later by a promise that a method or a callback returned, ends the client with the cause `bot`, and the run's exit
 * code is 107; but a `NoReply` ends it as a step's timeout would. When the connection ends, the code stops where it stands: what it
 * waits for never comes.
 */
export abstract class Bot<Packets extends object = AnyPackets> {
  readonly #seat: Seat;

  /** A bot needs no constructor: fields and `onStart` do. One that has its own hands `seat` on. */
  constructor(seat: Seat) {
    checkSeat(seat);
    this.#seat = seat;
  }

  // ── what happens: override what you need ──

  /** The connection is there. The client counts as started when this resolves. */
  onStart(): void | Promise<void> {}

  /** The start is done, and with `begin: together` everybody else's too: what a `loop` does goes here. */
  onPlay(): void | Promise<void> {}

  /** Any packet came, by name; after the handlers of `on`, and before whoever waits for it. Where it is not overridden, packets without a handler cost no decoding. */
  onPacket(_name: keyof Packets & string, _fields: Packets[keyof Packets & string]): void | Promise<void> {}

  /** The client leaves as planned. What this sends before it first waits is still sent. */
  onLeave(): void | Promise<void> {}

  // ── what it can do ──

  /** Calls `handler` with every packet of that name, also with one that something waits for. */
  on<Name extends keyof Packets & string>(name: Name, handler: (fields: Packets[Name]) => unknown): void {
    this.#seat.on(name, handler as (fields: object) => unknown);
  }

  /**
   * Sends a packet. False where it could not be sent, because the queue to the server is full, the client leaves or the run's sends have
   * ended.
   * @throws Error for a packet or field that is not defined, or a value that its field cannot hold.
   */
  send<Name extends keyof Packets & string>(
    name: Name,
    ...[fields = {} as Packets[Name]]: Fields<Packets[Name]>
  ): boolean {
    return this.#seat.send(name, fields as object);
  }

  /**
   * Sends a packet that the server hands to everyone in the packet `heardAs`: every copy is timed, from when this was due, and missing
   * ones are counted, by the stamp that `make` puts into the packet's fields. The scenario names `heardAs` under `broadcasts`.
   * False where it could not be sent, as by `send`.
   * @throws Error for a broadcast that the scenario does not name, and as `send` does.
   */
  broadcast<Name extends keyof Packets & string>(
    name: Name,
    heardAs: keyof Packets & string,
    make: (stamp: BotStamp) => Packets[Name],
  ): boolean {
    return this.#seat.broadcast(name, heardAs, make as (stamp: BotStamp) => object);
  }

  /**
   * Sends a packet and waits for its reply, which is measured: `service_time`, closed; within a callback of `every` before it first
   * waits, `response_time` from the time that was due. Resolves with the reply's fields.
   * @throws NoReply where none came in time, or the packet could not be sent.
   */
  request<Name extends keyof Packets & string, Reply extends keyof Packets & string>(
    name: Name,
    fields: Packets[Name],
    expect: Reply,
    options: ExpectOptions<Packets[Reply]> = {},
  ): Promise<Packets[Reply]> {
    return this.#seat.request(name, fields as object, expect, options) as Promise<Packets[Reply]>;
  }

  /**
   * Waits for a packet that nothing here asked for, and resolves with its fields.
   * @throws NoReply where it did not come in time.
   */
  expect<Name extends keyof Packets & string>(
    name: Name,
    options: ExpectOptions<Packets[Name]> = {},
  ): Promise<Packets[Name]> {
    return this.#seat.expect(name, options) as Promise<Packets[Name]>;
  }

  /**
   * Open loop: calls `act` whenever it is due, whether or not answers came, from `onPlay` on. `pace` is an interval in milliseconds or
   * a rate a second. A timeout of what it asks is counted, and ends nothing. Returns what ends it.
   */
  every(pace: Pace, act: () => unknown): () => void {
    return this.#seat.every(pace, act);
  }

  /** Resolves after so many milliseconds of the run. */
  sleep(ms: number): Promise<void> {
    return this.#seat.sleep(ms);
  }

  /** Leaves as planned, once what was sent is flushed and answered; with `comeBack` the client connects again at once. */
  disconnect({ comeBack = false }: { readonly comeBack?: boolean } = {}): void {
    this.#seat.disconnect(comeBack);
  }

  /** Counts whether something held, in the metric `checks`. Returns it. */
  check(name: string, ok: boolean): boolean {
    this.#seat.check(name, ok);
    return ok;
  }

  /** Keeps a text for the report: each once, with how often it came. Not for every packet. */
  log(text: string): void {
    this.#seat.log(text);
  }

  /** Metrics of its own, which stand in the summary and the report under the names given here. */
  get metric(): BotMetrics {
    return this.#seat.metric;
  }

  /** Random numbers that follow from the run's seed. */
  get random(): BotRandom {
    return this.#seat.random;
  }

  /** The client's row of the kind's CSV file, by column. */
  get data(): Readonly<Record<string, string>> {
    return this.#seat.data;
  }

  /** What the client kind says under `options`. */
  get options(): Readonly<Record<string, unknown>> {
    return this.#seat.options;
  }

  /** The environment of the run. */
  get env(): Readonly<Record<string, string | undefined>> {
    return this.#seat.env;
  }

  /** The client's number among all clients, from 0. */
  get index(): number {
    return this.#seat.index;
  }
}
