import type { ServerTotals } from '../../../src/control/server-messages.js';
import {
  type Clock,
  type FrameParser,
  JobTimer,
  Listener,
  type Network,
  PacketSession,
  ProtocolError,
} from '../../../src/core/index.js';
import type { RandomStream } from '../../../src/load/random.js';
import { type PacketDecoder, type PacketEncoder, Protocol } from '../../../src/packets/index.js';
import { startServer } from '../../../src/server/server.js';
import type { Scenario } from './scenario.js';
import { oneOf } from './weather.js';

/** A server that runs in the world. */
export interface SimServer {
  /** Ends it; resolves with what it counted, where it counts anything, once all its sessions have ended. */
  close(): Promise<ServerTotals | null>;
}

export const endPoint = { host: '10.0.0.2', port: 7777 };

interface Surroundings {
  readonly clock: Clock;
  readonly network: Network;
  readonly random: RandomStream;
}

/** Starts the server that the scenario plays against. */
export function startSimServer(scenario: Scenario, surroundings: Surroundings): Promise<SimServer> {
  const { mode, flushMs, maxQueuedBytes, serverFaults: faults, plan } = scenario;
  const { clock, network } = surroundings;
  if (mode === 'answers') return AnsweringServer.start(scenario, surroundings);
  const limits = { maxQueuedBytes: maxQueuedBytes.server };
  return startServer({ mode, endPoint, clock, network, flushMs, limits, faults, seed: plan.seed });
}

/**
 * Answers C_Ask with S_Answer: at once, later, twice or never, as the seed has it; hands what C_Tell says to everyone as S_News.
 * Speaks any framing, which the reference server does not.
 */
class AnsweringServer implements SimServer {
  readonly sessions = new Set<AnsweringSession>();
  readonly random: RandomStream;
  readonly clock: Clock;
  readonly scenario: Scenario;
  readonly news: PacketEncoder;
  readonly answer: PacketEncoder;
  readonly #decoders: ReadonlyMap<number, { readonly packet: string; readonly decoder: PacketDecoder }>;
  readonly #readNumber: FrameParser['readMatch'];
  readonly #timer: JobTimer;
  readonly #listener: Listener;
  #onEmpty: (() => void) | null = null;

  static async start(scenario: Scenario, surroundings: Surroundings): Promise<AnsweringServer> {
    const server = new AnsweringServer(scenario, surroundings);
    await server.#listener.listen(endPoint, () => new AnsweringSession(server));
    return server;
  }

  private constructor(scenario: Scenario, { clock, network, random }: Surroundings) {
    this.scenario = scenario;
    this.clock = clock;
    this.random = random;
    this.#listener = new Listener(network);
    this.#timer = new JobTimer({ clock });
    const protocol = new Protocol(scenario.plan.protocol);
    this.news = protocol.encoder('S_News', 'server');
    this.answer = protocol.encoder('S_Answer', 'server');
    this.#readNumber = protocol.matchReader('server');
    this.#decoders = new Map(
      ['C_Ask', 'C_Tell'].map((packet) => [
        protocol.encoder(packet, 'client').id,
        { packet, decoder: protocol.decoder(packet, 'all', 'server') },
      ]),
    );
  }

  hear(session: AnsweringSession, id: number, buffer: Uint8Array, start: number, end: number): void {
    const { packet, n } = this.#read(id, buffer, start, end);
    if (packet === 'C_Tell') for (const other of this.sessions) other.say(this.news, n);
    else this.#answer(session, n, this.#readNumber?.(buffer, start));
  }

  /** @throws ProtocolError for what no client sends that plays no faults. */
  #read(id: number, buffer: Uint8Array, start: number, end: number): { packet: string; n: number } {
    const known = this.#decoders.get(id);
    if (known === undefined) throw new ProtocolError('unknown-packet', `no packet has the id ${id}`);
    try {
      return { packet: known.packet, n: known.decoder.decode(buffer, start, end).n as number };
    } catch (error) {
      throw new ProtocolError('bad-packet', String(error));
    }
  }

  async close(): Promise<null> {
    await this.#listener.close();
    await this.#endSessions();
    this.#timer.clear();
    return null;
  }

  leave(session: AnsweringSession): void {
    this.sessions.delete(session);
    if (this.sessions.size === 0) this.#onEmpty?.();
  }

  #endSessions(): Promise<void> {
    if (this.sessions.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      for (const session of this.sessions) session.end();
    });
  }

  #answer(session: AnsweringSession, n: number, number: number | undefined): void {
    const afterMs = oneOf(this.random, [0, 0, 0, 5, 40, 400]);
    const times = oneOf(this.random, [1, 1, 1, 1, 1, 2, 0]);
    const say = (): void => {
      for (let i = 0; i < times; i++) session.say(this.answer, n, number);
    };
    if (afterMs === 0) say();
    else this.#timer.push(afterMs, say);
  }
}

class AnsweringSession extends PacketSession {
  readonly #server: AnsweringServer;
  /** Bytes of the preamble that have not come yet. */
  #preambleLeft: number;

  constructor(server: AnsweringServer) {
    const { maxQueuedBytes, plan } = server.scenario;
    const { send, receive, preamble } = plan.protocol;
    super({
      framing: { send: receive, receive: send },
      maxQueuedBytes: maxQueuedBytes.server,
      endTimeoutMs: 1000,
      clock: server.clock,
    });
    this.#server = server;
    this.#preambleLeft = preamble.length;
  }

  /** `number`: that of the request that it answers, where requests have one. */
  say(encoder: PacketEncoder, n: number, number = 0): void {
    const frame = new Uint8Array(encoder.frameSize([n]));
    encoder.write([n], frame, 0);
    encoder.writeSequence?.(frame, 0, number);
    this.send(frame);
  }

  protected override onConnected(): void {
    this.#server.sessions.add(this);
  }

  protected override onRecv(buffer: Uint8Array, start: number, end: number): number {
    const skipped = Math.min(this.#preambleLeft, end - start);
    this.#preambleLeft -= skipped;
    return skipped + super.onRecv(buffer, start + skipped, end);
  }

  protected override onFrame(buffer: Uint8Array, start: number, end: number, id: number): void {
    this.#server.hear(this, id, buffer, start, end);
  }

  protected override onDisconnected(): void {
    this.#server.leave(this);
  }
}
