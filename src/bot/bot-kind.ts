import type { ClientHost } from '../client/host.js';
import type { Kind, KindSurroundings } from '../client/kind.js';
import { type Arrival, RequestMeters } from '../client/meters.js';
import type { Counter, Rate } from '../metrics/recorder.js';
import { nearest } from '../nearest.js';
import { compilePattern, type PacketDecoder, type PacketDefinition, textPacket } from '../packets/index.js';
import { replyShape } from '../scenario/expressions.js';
import type { Match } from '../scenario/plan.js';
import type { Bot } from './bot.js';
import { OwnMetrics } from './metrics.js';
import { BotExpectation, BotRequest } from './packets.js';
import type { Seat, Wanted } from './seat.js';

/** As a step's `timeout` is where nothing is said. */
const defaultTimeoutMs = 5000;

/** A class that a user wrote. */
export type BotClass = new (seat: Seat) => Bot;

/** A bot, loaded. */
export interface LoadedBot {
  readonly BotClass: BotClass;
  /** Where the user's code threw, `file:line:column`; null where that cannot be told. */
  locate(error: unknown): string | null;
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
  readonly #expectations = new Map<string, BotExpectation>();
  readonly #checks = new Map<string, Rate>();
  /** By packet id + 1, as lines of text have the id −1. */
  readonly #heard: (Heard | undefined)[] = [];
  /** The words of an error, by its message: finding its place takes time. */
  readonly #described = new Map<string, string>();

  constructor(kind: Kind, shared: KindSurroundings, surroundings: BotSurroundings) {
    this.#kind = kind;
    this.#shared = shared;
    this.surroundings = surroundings;
    this.own = new OwnMetrics(shared.recorder, kind.name);
    this.#errors = shared.recorder.counter('bot_errors', { client: kind.name });
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
    const { protocol, recorder, allowanceUs } = this.#shared;
    this.#define(name, 'server');
    const request = new BotRequest({
      encoder: protocol.encoder(name, 'client'),
      slot: 0,
      meters: new RequestMeters(recorder, this.#kind.name, name, step, arrival, allowanceUs),
      expectation,
    });
    this.#requests.set(key, request);
    return request;
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

  /** The id of the packet `name` of the server's. */
  idOf(name: string): number {
    return this.#define(name, 'client').id;
  }

  /** Counts an error of the user's code, and keeps its words for the report. */
  countError(error: unknown, host: ClientHost): void {
    const phase = host.timeline.phaseAt(host.nowUs());
    this.#errors.add(1, phase);
    this.#kind.meters.countFailure(phase);
    const words = this.#describe(error);
    host.sample(`bot ${words}`, words);
  }

  #describe(error: unknown): string {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`;
    const known = this.#described.get(message);
    if (known !== undefined) return known;
    const place = this.surroundings.locate(error);
    const words = place === null ? message : `${place}: ${message}`;
    if (this.#described.size < mostDescribed) this.#described.set(message, words);
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
    const isText = definition === textPacket;
    if (isText && fields.length > 0) throw new Error('lines of text have no fields that `where` could tell apart');
    for (const field of fields) this.#checkField(definition, field);
    const match: Match = isText ? { kind: 'pattern', pattern: '' } : { kind: 'packet', packet: name };
    const decoder = protocol.decoder(name, 'all', 'client');
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
      awaited: isText
        ? { kind: 'lines', lines: [compilePattern('')] }
        : { kind: 'packets', decoders: new Map([[definition.id, decoder]]) },
      reply: replyShape(packets, [match]),
      path: key,
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
    const field = fields.find((candidate) => candidate.name === wanted);
    if (field === undefined) throw new Error(`${name} has no field ${wanted}${didYouMean(wanted, fields)}`);
    if (field.type === 'list') throw new Error(`${name}.${wanted} is a list: \`where\` compares single values`);
  }
}

/** Messages with changing values in them are described anew each time: more are not worth their memory. */
const mostDescribed = 100;

function didYouMean(wanted: string, known: readonly { readonly name: string }[]): string {
  const close = nearest(
    wanted,
    known.map(({ name }) => name),
  );
  return close === undefined ? '' : `, did you mean ${close}?`;
}
