import { frameMatcher } from '../client/compile.js';
import type { ClientHost } from '../client/host.js';
import type { Kind, KindSurroundings } from '../client/kind.js';
import { type Arrival, RequestMeters } from '../client/meters.js';
import type { Counter, Rate } from '../metrics/recorder.js';
import { nearest } from '../nearest.js';
import type { FieldValues, PacketDecoder, PacketDefinition } from '../packets/index.js';
import { anyFrame, replyShape } from '../scenario/expressions.js';
import type { Match } from '../scenario/plan.js';
import { ErrorWords } from '../user-code/error-words.js';
import type { LoadedCode } from '../user-code/load.js';
import type { Bot } from './bot.js';
import { OwnMetrics } from './metrics.js';
import { BotBroadcast, BotExpectation, BotRequest } from './packets.js';
import type { Seat, Wanted } from './seat.js';

/** As a step's `timeout` is where nothing is said. */
const defaultTimeoutMs = 5000;

/** A class that a user wrote. */
export type BotClass = new (seat: Seat) => Bot;

/** A bot, loaded. */
export interface LoadedBot extends Pick<LoadedCode, 'placeOf'> {
  readonly BotClass: BotClass;
}

export interface BotSurroundings extends LoadedBot {
  readonly options: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A packet that a bot may hear. */
interface Heard {
  readonly name: string;
  readonly decoder: PacketDecoder;
}

/** What the bots of one kind share: every packet is compiled when the first of them uses it. */
export class BotKind {
  readonly own: OwnMetrics;
  readonly surroundings: BotSurroundings;
  readonly #kind: Kind;
  readonly #shared: KindSurroundings;
  readonly #errors: Counter;
  readonly #requests = new Map<string, BotRequest>();
  readonly #broadcasts = new Map<string, BotBroadcast>();
  readonly #expectations = new Map<string, BotExpectation>();
  readonly #checks = new Map<string, Rate>();
  /** By packet id + 1, as frames that have no names have the id −1. */
  readonly #heard: (Heard | undefined)[] = [];
  readonly #words: ErrorWords;

  constructor(kind: Kind, shared: KindSurroundings, surroundings: BotSurroundings) {
    this.#kind = kind;
    this.#shared = shared;
    this.surroundings = surroundings;
    this.own = new OwnMetrics(shared.recorder, kind.name);
    this.#errors = shared.recorder.counter('bot_errors', { client: kind.name });
    this.#words = new ErrorWords(surroundings.placeOf);
  }

  /** A rate as it is followed by each client from the begin of play on. */
  get scaled(): KindSurroundings['scaled'] {
    return this.#shared.scaled;
  }

  /** The tag `step` of what bots do outside `every`. */
  get step(): string {
    return `${this.#kind.name}.bot`;
  }

  /** The tag `step` of the `n`th `every` of a bot. */
  stepOfEvery(n: number): string {
    return `${this.#kind.name}.bot.every[${n}]`;
  }

  /** The packet `name` to the server, on its own or with what answers it. */
  request(name: string, expectation: BotExpectation | null, step: string, arrival: Arrival): BotRequest {
    const key = expectation === null ? `${name} ${step}` : `${name} ${step} ${expectation.path}`;
    const known = this.#requests.get(key);
    if (known !== undefined) return known;
    const request = new BotRequest({ ...this.#sending(name, step, arrival), expectation, broadcast: null });
    this.#requests.set(key, request);
    return request;
  }

  /** The packet `name` to the server, which it hands to everyone as `heardAs`. */
  broadcast(name: string, heardAs: string, step: string, arrival: Arrival): BotBroadcast {
    const key = `${name} ${heardAs} ${step}`;
    const known = this.#broadcasts.get(key);
    if (known !== undefined) return known;
    const sending = this.#sending(name, step, arrival);
    this.#define(heardAs, 'client');
    const plan = this.#kind.plan.bot?.broadcasts.find(({ packet }) => packet === heardAs);
    if (plan === undefined) {
      throw new Error(
        `the scenario does not say that ${heardAs} is a broadcast: write broadcasts: [${heardAs}] beside bot`,
      );
    }
    const book = this.#shared.broadcasts.findIndex(({ packet }) => packet === heardAs);
    const broadcast = new BotBroadcast({
      ...sending,
      broadcast: { book, echo: plan.echo },
      valuesOf: (fields) => this.valuesOf(sending.encoder.definition, fields),
    });
    this.#broadcasts.set(key, broadcast);
    return broadcast;
  }

  #sending(name: string, step: string, arrival: Arrival) {
    const { protocol, recorder, allowanceUs } = this.#shared;
    this.#define(name, 'server');
    return {
      step,
      encoder: protocol.encoder(name, 'client'),
      slot: 0,
      meters: new RequestMeters(recorder, this.#kind.name, name, step, arrival, allowanceUs),
    };
  }

  /**
   * What waits for the packet `name` of the server's; `asked`: the packet that asks for it, null where none does. It holds the values
   * of `where` until it is used, which is at once.
   */
  expectation(name: string, { timeoutMs = defaultTimeoutMs, where }: Wanted, step: string, asked: string | null) {
    const fields = where === undefined ? [] : Object.keys(where).sort();
    const key = `${asked ?? ''} ${name} ${timeoutMs} ${fields.join()} ${step}`;
    const expectation = this.#expectations.get(key) ?? this.#expect(key, name, timeoutMs, fields, step, asked);
    expectation.given = fields.map((field) => (where as Record<string, unknown>)[field]);
    return expectation;
  }

  check(name: string): Rate {
    let rate = this.#checks.get(name);
    if (rate === undefined) {
      rate = this.#shared.recorder.rate('checks', { check: name, client: this.#kind.name, step: this.step });
      this.#checks.set(name, rate);
    }
    return rate;
  }

  /** What packet `id` is, ready to be read. */
  heard(id: number): Heard {
    const known = this.#heard[id + 1];
    if (known !== undefined) return known;
    const { protocol } = this.#shared;
    const name = protocol.nameOf(id, 'client')!;
    const heard = { name, decoder: protocol.decoder(name, 'all', 'client') };
    this.#heard[id + 1] = heard;
    return heard;
  }

  /** The values that a packet is sent with, from what a bot gives. */
  valuesOf(definition: PacketDefinition, fields: Readonly<Record<string, unknown>>): FieldValues {
    return this.#shared.protocol.toValues(definition, fields);
  }

  /** The id of the packet `name` of the server's. */
  idOf(name: string): number {
    return this.#define(name, 'client').id;
  }

  /** Counts an error of the user's code, and keeps its words for the report, which it returns. */
  countError(error: unknown, host: ClientHost): string {
    const phase = host.timeline.phaseAt(host.nowUs());
    this.#errors.add(1, phase);
    this.#kind.meters.countFailure(phase);
    const words = this.#words.of(error);
    host.sample(`bot ${words}`, words);
    return words;
  }

  #expect(
    key: string,
    name: string,
    timeoutMs: number,
    fields: readonly string[],
    step: string,
    asked: string | null,
  ): BotExpectation {
    const { protocol, packets, recorder } = this.#shared;
    const definition = this.#define(name, 'client');
    if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs is above 0, not ${timeoutMs}`);
    for (const field of fields) this.#checkField(definition, field);
    const match: Match = protocol.sole !== null ? anyFrame(packets) : { kind: 'packet', packet: name };
    const tags = { client: this.#kind.name, step, ...(asked !== null && { packet: asked }) };
    const expectation = new BotExpectation({
      plan: {
        matches: [match],
        timeoutMs,
        onTimeout: 'continue',
        where: fields.map((field) => ({ field, value: { kind: 'constant', value: 0 } })),
        save: [],
        check: [],
        fields: definition.fields.map((field) => field.name),
      },
      awaited:
        match.kind === 'packet'
          ? { kind: 'packets', decoders: new Map([[definition.id, protocol.decoder(name, 'all', 'client')]]) }
          : { kind: 'frames', frames: [frameMatcher(match)], description: '' },
      reply: replyShape(packets, [match]),
      path: step,
      numbered: asked !== null && protocol.matchReader('client') !== null,
      timeouts: recorder.counter('timeouts', tags),
      lostReplies: recorder.counter('lost_replies', tags),
    });
    const route = this.#kind.routeOf(definition.id)!;
    expectation.places = expectation.numbered ? [] : [this.#kind.placeOf(route, fields)];
    this.#expectations.set(key, expectation);
    return expectation;
  }

  /** @throws Error where no such packet travels to `side`. */
  #define(name: string, side: 'client' | 'server'): PacketDefinition {
    const known = this.#shared.protocol.packetsTo(side);
    const definition = known.find((packet) => packet.name === name);
    if (definition !== undefined) return definition;
    throw new Error(`no packet ${name} travels to the ${side}${didYouMean(name, known)}`);
  }

  #checkField({ name, fields }: PacketDefinition, wanted: string): void {
    const { protocol } = this.#shared;
    if (protocol.whereReader(name, wanted, 'client') !== null) return;
    if (protocol.sole !== null) throw new Error(`packets of ${name} cannot be told apart by ${wanted} in \`where\``);
    const field = fields.find((candidate) => candidate.name === wanted);
    if (field === undefined) throw new Error(`${name} has no field ${wanted}${didYouMean(wanted, fields)}`);
    throw new Error(`${name}.${wanted} is of type ${field.type}: \`where\` compares single values`);
  }
}

function didYouMean(wanted: string, known: readonly { readonly name: string }[]): string {
  const close = nearest(
    wanted,
    known.map(({ name }) => name),
  );
  return close === undefined ? '' : `, did you mean \`${close}\`?`;
}
