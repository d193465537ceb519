import type { Client } from '../client/client.js';
import type { Driver, DriverFactory } from '../client/driver.js';
import type { Arrival } from '../client/meters.js';
import type { Waiter } from '../client/waiter.js';
import { Bot } from './bot.js';
import { BotKind, type BotSurroundings } from './bot-kind.js';
import { NoReply } from './no-reply.js';
import type { BotExpectation, BotRequest } from './packets.js';
import type { BotMetrics, BotRandom, BotStamp, Pace, Seat, Wanted } from './seat.js';
import { Timers } from './timers.js';

/** After a send that could not be made, so that code which tries again does not spin on a full queue. */
const retreatUs = 1000;

type Handler = (fields: object) => unknown;

/** The open-loop call under way: what it sends was due then. */
interface DueCall {
  readonly dueUs: number;
  readonly step: string;
}

/** Hears of errors that the user's code let drop: nobody knows which client's they are. */
export type StrayErrors = (error: unknown) => void;

/** Drives the clients of one kind by instances of a user's class. `onStray` is told, once there is a client, who counts stray errors. */
export function botDriver(
  surroundings: BotSurroundings,
  onStray: (countStray: StrayErrors) => void = () => {},
): DriverFactory {
  return (kind, shared) => {
    const botKind = new BotKind(kind, shared, surroundings);
    return (client, seed) => {
      onStray((error) => botKind.countError(error, client.host));
      return new BotDriver(client, botKind, seed);
    };
  };
}

/** One bot on its seat, for one connection. Promises that it gave out and that nobody will keep are left as they are: the code that waits for them is over. */
class BotDriver implements Driver, Seat {
  readonly #client: Client;
  readonly #kind: BotKind;
  readonly #timers: Timers;
  /** By packet id + 1. */
  readonly #handlers: (Handler[] | undefined)[] = [];
  #bot: Bot | null = null;
  #hearsAll = false;
  #everyCount = 0;
  #dueCall: DueCall | null = null;
  #sayingGoodbye = false;
  #over = false;

  constructor(client: Client, kind: BotKind, seed: number) {
    this.#client = client;
    this.#kind = kind;
    const { timeline, rateFactor } = client.host;
    const beginUs = () => timeline.beginUs;
    this.#timers = new Timers({ seed, index: client.index, beginUs, rateFactor, scaled: kind.scaled });
  }

  // ── for the client ──

  start(): void {
    const begin = () => {
      this.#bot = new this.#kind.surroundings.BotClass(this);
      this.#hearsAll = this.#bot.onPacket !== Bot.prototype.onPacket;
      return this.#bot.onStart();
    };
    this.#run(begin, () => {
      if (this.#mayAct) this.#client.onStartDone();
    });
  }

  play(atUs: number): void {
    this.#timers.play(atUs);
    this.#timers.at(atUs, () => this.#run(() => this.#bot?.onPlay()));
  }

  reschedule(): void {
    this.#timers.reschedule();
  }

  nextWakeUs(untilUs: number): number {
    return this.#client.mayAct ? this.#timers.nextUs(untilUs) : Number.POSITIVE_INFINITY;
  }

  wake(nowUs: number, untilUs: number): void {
    if (this.#client.mayAct) this.#timers.wake(nowUs, untilUs);
  }

  sendOverdue(nowUs: number, untilUs: number): boolean {
    return this.#client.mayAct && this.#timers.callOne(nowUs, untilUs);
  }

  hear(id: number, buffer: Uint8Array, start: number, end: number): void {
    const handlers = this.#handlers[id + 1];
    if (handlers === undefined && !this.#hearsAll) return;
    const { name, decoder } = this.#kind.heard(id);
    const fields = decoder.decode(buffer, start, end);
    for (const handler of handlers ?? []) this.#run(() => handler(fields));
    if (this.#hearsAll) this.#run(() => this.#bot?.onPacket(name, fields));
  }

  leave(): void {
    this.#sayingGoodbye = true;
    this.#run(() => this.#bot?.onLeave());
    this.#sayingGoodbye = false;
  }

  stop(): void {
    this.#over = true;
    this.#timers.stop();
  }

  // ── for the bot ──

  on(name: string, handler: Handler): void {
    const slot = this.#kind.idOf(name) + 1;
    const handlers = this.#handlers[slot];
    if (handlers === undefined) this.#handlers[slot] = [handler];
    else handlers.push(handler);
  }

  send(name: string, fields: object): boolean {
    return this.#mayAct && this.#send(this.#requestOf(name, null), fields, null);
  }

  broadcast(name: string, heardAs: string, make: (stamp: BotStamp) => object): boolean {
    if (!this.#mayAct) return false;
    const request = this.#kind.broadcast(name, heardAs, this.#step, this.#arrival);
    request.make = make;
    return this.#handOver(request, null);
  }

  request(name: string, fields: object, expect: string, wanted: Wanted): Promise<object> {
    return promise((resolve, reject) => {
      if (!this.#mayAct) return;
      const expectation = this.#kind.expectation(expect, wanted, this.#step, name);
      const waiter = waiterFor(expect, resolve, reject);
      if (this.#send(this.#requestOf(name, expectation), fields, waiter)) return;
      this.#wakeAt(this.#nowUs + retreatUs, () => {
        reject(new NoReply('queue-full', `${name} was not sent: too much waits to be sent already`));
      });
    });
  }

  expect(name: string, wanted: Wanted): Promise<object> {
    return promise((resolve, reject) => {
      if (!this.#mayAct) return;
      const { inbox, host, kind } = this.#client;
      const nowUs = host.nowUs();
      const phase = host.timeline.phaseAt(nowUs);
      const expectation = this.#kind.expectation(name, wanted, this.#step, null);
      kind.meters.errors.count(phase);
      inbox.await(expectation, null, waiterFor(name, resolve, reject), nowUs, nowUs, phase);
    });
  }

  every(pace: Pace, act: () => unknown): () => void {
    const step = this.#kind.stepOfEvery(this.#everyCount++);
    const call = (dueUs: number): void => {
      this.#dueCall = { dueUs, step };
      this.#run(act, () => {}, 'is counted');
      this.#dueCall = null;
    };
    const end = this.#timers.every(pace, call, this.#nowUs);
    this.#client.host.wakeAt(this.#client, this.#client.firstWakeUs);
    return end;
  }

  sleep(ms: number): Promise<void> {
    return promise((resolve) => {
      if (!(ms >= 0)) throw new RangeError(`sleep takes milliseconds of at least 0, not ${ms}`);
      if (!this.#mayAct) return;
      // Later than now by the least there is: code that sleeps for nothing lets others have their turn.
      const forUs = Math.max(1, ms * 1000);
      const client = this.#client;
      // As the pauses of a loop; what comes before is as a start list.
      if (client.playing) client.host.wakeAt(client, this.#timers.after(this.#nowUs, forUs, resolve));
      else this.#wakeAt(this.#nowUs + forUs, resolve);
    });
  }

  disconnect(comeBack: boolean): void {
    if (this.#mayAct) this.#client.leave(comeBack);
  }

  check(name: string, ok: boolean): void {
    const { host } = this.#client;
    const phase = host.timeline.phaseAt(host.nowUs());
    const rate = this.#kind.check(name);
    rate.count(phase);
    if (ok) rate.hit(phase);
    else this.#client.sample(`checks ${name}`, `${this.#kind.step}: the check ${name} did not hold`);
  }

  log(text: string): void {
    this.#client.host.sample(`log ${text}`, text);
  }

  get metric(): BotMetrics {
    return this.#kind.own;
  }

  get random(): BotRandom {
    return this.#client.scope.random;
  }

  get data(): Readonly<Record<string, string>> {
    return this.#client.scope.data;
  }

  get options(): Readonly<Record<string, unknown>> {
    return this.#kind.surroundings.options;
  }

  get env(): Readonly<Record<string, string | undefined>> {
    return this.#kind.surroundings.env;
  }

  get index(): number {
    return this.#client.index;
  }

  // ── sending and waiting ──

  get #nowUs(): number {
    return this.#client.host.nowUs();
  }

  get #mayAct(): boolean {
    return !this.#over && (this.#client.mayAct || this.#sayingGoodbye);
  }

  get #step(): string {
    return this.#dueCall?.step ?? this.#kind.step;
  }

  get #arrival(): Arrival {
    return this.#dueCall === null ? 'closed' : 'open';
  }

  #requestOf(name: string, expectation: BotExpectation | null): BotRequest {
    return this.#kind.request(name, expectation, this.#step, this.#arrival);
  }

  #send(request: BotRequest, fields: object, waiter: Waiter | null): boolean {
    request.given = this.#kind.valuesOf(request.definition, fields as Record<string, unknown>);
    return this.#handOver(request, waiter);
  }

  #handOver(request: BotRequest, waiter: Waiter | null): boolean {
    return request.send(this.#client, this.#dueCall?.dueUs ?? this.#nowUs, null, waiter) === 'sent';
  }

  #wakeAt(atUs: number, ring: () => void): void {
    this.#timers.at(atUs, ring);
    this.#client.host.wakeAt(this.#client, atUs);
  }

  // ── the user's code ──

  /** Runs the user's code, and ends the client where it throws, now or later. `onDone`: it did not. */
  #run(act: () => unknown, onDone = () => {}, noReply: 'fails' | 'is counted' = 'fails'): void {
    const onThrown = (error: unknown): void => {
      // Either way it was counted where it came about.
      if (!(error instanceof NoReply)) this.#onError(error);
      else if (noReply === 'fails' && !this.#over)
        this.#client.fail(error.reason, `${this.#kind.step}: ${error.message}`);
    };
    try {
      const result = act();
      if (result instanceof Promise) result.then(onDone, onThrown);
      else onDone();
    } catch (error) {
      onThrown(error);
    }
  }

  #onError(error: unknown): void {
    const words = this.#kind.countError(error, this.#client.host);
    if (!this.#over) this.#client.fail('bot', words);
  }
}

/** A promise that may be dropped: where nobody waits for it, its rejection is nobody's error. */
function promise<T>(executor: (resolve: (value: T) => void, reject: (error: unknown) => void) => void): Promise<T> {
  const made = new Promise<T>(executor);
  made.catch(() => {});
  return made;
}

function waiterFor(packet: string, resolve: (fields: object) => void, reject: (error: unknown) => void): Waiter {
  return {
    onReply: (_client, reply) => resolve(reply ?? {}),
    onTimeout(_client, { timeoutUs }) {
      reject(new NoReply('timeout', `${packet} did not come within ${timeoutUs / 1000} ms`));
    },
  };
}
