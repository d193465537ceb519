import type { Client } from '../../../src/client/client.js';
import { ClientSession } from '../../../src/client/client-session.js';
import type { FromWorker } from '../../../src/control/messages.js';
import type { ServerTotals } from '../../../src/control/server-messages.js';
import { Connector, type Session } from '../../../src/core/index.js';
import { RandomStream } from '../../../src/load/random.js';
import type { Snapshot } from '../../../src/metrics/snapshot.js';
import { Worker } from '../../../src/worker/worker.js';
import type { SimTransport } from './connection.js';
import { SimNetwork } from './network.js';
import { oracleFor } from './oracles.js';
import { Referee } from './referee.js';
import type { Deed, Scenario } from './scenario.js';
import { Process, Schedule } from './schedule.js';
import { endPoint, type SimServer, startSimServer } from './servers.js';
import { Stream } from './stream.js';
import { type Oracle, Tape } from './tape.js';

/** Breaks something on purpose, to see whether it is found. */
export interface Sabotage {
  /** A session is about to start: below its tape, and then above it. */
  beneath?(session: Session, transport: SimTransport): void;
  above?(session: Session, transport: SimTransport): void;
  /** What of a snapshot arrives; null where it is lost. */
  snapshot?(snapshot: Snapshot): Snapshot | null;
}

export interface WorldOptions {
  readonly trace?: ((line: string) => void) | undefined;
  readonly sabotage?: Sabotage | undefined;
}

/** How long before run time 0 the workers hear of it, and how long before it holds what the coordinator says. */
const aheadUs = 5000;
/** No scenario takes so long: whoever plays on by then hangs. */
const longestUs = 60_000_000;
const mostSteps = 2_000_000;

/**
 * A whole run in one process: workers with their clients, the server, and what a coordinator says to them, over a simulated network and
 * on clocks of its own. The scenario decides all of it.
 */
export class World {
  readonly scenario: Scenario;
  readonly referee = new Referee();
  readonly schedule: Schedule;
  readonly tapes: Tape[] = [];
  readonly clients = new Set<Client>();
  /** Of which kind the client of a session is. */
  readonly kinds = new Map<Session, string>();
  readonly snapshots: Snapshot[] = [];
  readonly serverTotals: ServerTotals[] = [];
  readonly #network: SimNetwork;
  readonly #random: RandomStream;
  readonly #options: WorldOptions;
  readonly #trace: (line: string) => void;
  /** One for each process of a server. */
  readonly #oracles = new Map<Process, Oracle>();
  readonly #workers: { readonly process: Process; readonly worker: Worker }[] = [];
  /** That of the latest server; one that ends has its own still. */
  #serverProcess: Process;
  #server: SimServer | null = null;
  #servers = 0;
  #epochUs = 0;
  #started = 0;
  #finished = 0;
  /** Servers that are starting, or ending. */
  #pending = 0;

  constructor(scenario: Scenario, options: WorldOptions = {}) {
    const { seed, plan, climate } = scenario;
    this.scenario = scenario;
    this.#options = options;
    this.#trace = options.trace ?? (() => {});
    this.#random = RandomStream.of(seed, 'world');
    this.schedule = new Schedule(RandomStream.of(seed, 'schedule'));
    const { schedule, referee } = this;
    const wires = {
      schedule,
      referee,
      protocol: plan.protocol,
      onStart: (session: Session, transport: SimTransport) => this.#record(session, transport),
    };
    this.#network = new SimNetwork(wires, RandomStream.of(seed, 'network'), climate);
    this.#serverProcess = this.#startServer();
  }

  /** Plays the scenario until nothing is to happen any more, a violation is found, or so many steps are over. */
  async play(until = mostSteps): Promise<void> {
    const onWarning = (warning: Error): void => this.referee.fail(`warned of: ${warning.stack}`);
    process.on('warning', onWarning);
    try {
      while (this.#goesOn(until) && this.#server === null) await this.#step();
      this.#startWorkers();
      while (this.#goesOn(until) && !this.#isOver) await this.#step();
      this.#closeServer();
      // The server has closed a few promises after its last session has.
      do await new Promise((resolve) => setImmediate(resolve));
      while (this.#goesOn(until) && (await this.#step()));
    } finally {
      process.off('warning', onWarning);
    }
    const hangs = this.schedule.steps >= mostSteps || this.schedule.nowUs > longestUs;
    const waits = this.schedule.steps < until && !this.over;
    if (this.referee.violations.length === 0 && (hangs || waits)) this.referee.fail('the run does not end');
  }

  /** Nothing waits any more, and nothing went wrong: what it came to can be looked at. */
  get over(): boolean {
    return this.referee.violations.length === 0 && this.#isOver && this.#pending === 0;
  }

  /** All workers have played their part. */
  get #isOver(): boolean {
    return this.#workers.length > 0 && this.#finished === this.#workers.length;
  }

  #goesOn(until: number): boolean {
    const { steps, nowUs } = this.schedule;
    return this.referee.violations.length === 0 && steps < Math.min(until, mostSteps) && nowUs <= longestUs;
  }

  async #step(): Promise<boolean> {
    try {
      if (!this.schedule.step(this.#announce)) return false;
    } catch (error) {
      this.referee.fail(`thrown: ${(error as Error).stack}`);
      return false;
    }
    await callbackOver();
    for (const tape of this.tapes) if (tape.touched) tape.check();
    for (const oracle of this.#oracles.values()) oracle.check?.(this.schedule.nowUs);
    return true;
  }

  readonly #announce = (label: string): void => {
    const { steps, nowUs } = this.schedule;
    this.#options.trace?.(`${steps} ${(nowUs / 1000).toFixed(3)} ms ${label}`);
  };

  #process(name: string): Process {
    return new Process(name, this.schedule, RandomStream.of(this.scenario.seed, name));
  }

  #record(session: Session, transport: SimTransport): void {
    const { sabotage } = this.#options;
    const { referee } = this;
    const { side, process } = transport;
    sabotage?.beneath?.(session, transport);
    const oracle = this.#oracles.get(process) ?? {};
    const maxQueuedBytes = this.scenario.maxQueuedBytes[side];
    const { stream } = transport.outgoing;
    const outgoing = transport.isFaulty ? this.#beforeFaults(stream) : stream;
    const trace = this.#trace;
    this.tapes.push(new Tape(session, transport, { side, referee, oracle, maxQueuedBytes, outgoing, trace }));
    sabotage?.above?.(session, transport);
  }

  /** What a session sends where something stands between it and its transport. */
  #beforeFaults({ name, framing, unframed }: Stream): Stream {
    return new Stream(`${name}, before faults`, framing, this.referee, unframed);
  }

  // ── the server ──

  /** Starts a server in a process of its own. */
  #startServer(): Process {
    this.#pending++;
    const clock = this.#process(`server ${++this.#servers}`);
    this.#oracles.set(clock, oracleFor(this.scenario, this.referee, clock));
    const random = RandomStream.of(this.scenario.seed, 'answers', this.#servers);
    startSimServer(this.scenario, { clock, network: this.#network.seenBy(clock), random }).then((server) => {
      this.#pending--;
      this.#server = server;
      // It began for workers that have gone meanwhile.
      if (this.#isOver) this.#closeServer();
    });
    return clock;
  }

  /** Ends the server, and counts what it counted. */
  #closeServer(): void {
    const server = this.#server;
    const process = this.#serverProcess;
    if (server === null) return;
    this.#pending++;
    this.#server = null;
    server.close().then((totals) => {
      this.#pending--;
      this.referee.same(`timers left of ${process.name}`, process.waiting, 0);
      if (totals !== null) this.serverTotals.push(totals);
    });
  }

  // ── the coordinator ──

  #startWorkers(): void {
    const { workers, plan, deeds } = this.scenario;
    for (let worker = 0; worker < workers; worker++) this.#workers.push(this.#makeWorker(worker, workers));
    this.#epochUs = this.schedule.nowUs + aheadUs;
    for (const { process, worker } of this.#workers) process.post('start', () => worker.start(this.#epochUs));
    for (const deed of deeds) {
      const afterUs = aheadUs + deed.atMs * 1000;
      this.schedule.add(afterUs, `deed: ${deed.what}`, () => this.#do(deed));
    }
    this.#trace(`${plan.name}: ${JSON.stringify(this.scenario.deeds)}`);
  }

  #makeWorker(number: number, workers: number): { process: Process; worker: Worker } {
    const { plan, maxQueuedBytes } = this.scenario;
    const process = this.#process(`worker ${number}`);
    const worker = new Worker(
      { type: 'init', worker: number, workers, plan, endPoints: [endPoint] },
      {
        clock: process,
        carrier: { send: (message) => this.#hear(process, message), onMessage() {}, onClose() {}, close() {} },
        connector: new Connector(this.#network.seenBy(process)),
        sessions: (_kind, shared) => (client) => {
          this.clients.add(client);
          const session = new ClientSession(client, {
            ...shared.sessionOptions,
            maxQueuedBytes: maxQueuedBytes.client,
          });
          this.kinds.set(session, client.kind.name);
          return session;
        },
      },
    );
    return { process, worker };
  }

  #hear(process: Process, message: FromWorker): void {
    switch (message.type) {
      case 'started':
        this.#started++;
        if (this.#started === this.#workers.length) this.#tellWorkers('begin', (worker, atUs) => worker.begin(atUs));
        return;
      case 'snapshot': {
        const { snapshot } = message;
        const connected = this.tapes.filter((tape) => tape.process === process && tape.connected).length;
        this.referee.same(`clients of ${process.name} connected`, snapshot.state.connected, connected);
        const arrived = this.#options.sabotage?.snapshot?.(snapshot);
        if (arrived !== null) this.snapshots.push(arrived ?? snapshot);
        return;
      }
      case 'finished':
        this.#finished++;
        this.referee.same(`timers left of ${process.name}`, process.waiting, 0);
    }
  }

  /** Says something to all workers that holds from a run time on which lies a little ahead. */
  #tellWorkers(label: string, say: (worker: Worker, atUs: number) => void): void {
    const atUs = this.schedule.nowUs - this.#epochUs + aheadUs;
    for (const { process, worker } of this.#workers) {
      process.post(label, () => say(worker, atUs), this.#random.int(0, 1000));
    }
  }

  // ── what befalls the run ──

  #do(deed: Deed): void {
    switch (deed.what) {
      case 'steer':
        this.#tellWorkers('control', (worker, atUs) => worker.control({ type: 'control', atUs, ...deed.state }));
        return;
      case 'stop':
        this.#tellWorkers('stop', (worker) => worker.stop(deed.mode));
        return;
      case 'freeze': {
        const { process = this.#serverProcess } = deed.who === 'server' ? {} : this.#workers[deed.who]!;
        process.freeze(deed.forMs);
        return;
      }
      case 'restart':
        this.#serverProcess.post('close', () => this.#restart(deed.forMs));
        return;
      default:
        this.#serverProcess.post(deed.what, () => this.#treat(deed));
    }
  }

  #restart(forMs: number): void {
    if (this.#server === null || this.#isOver) return;
    this.#closeServer();
    const start = (): void => {
      if (!this.#isOver) this.#serverProcess = this.#startServer();
    };
    this.#serverProcess.post('start', start, forMs * 1000);
  }

  /** Does something to some of the sessions that the server has. */
  #treat({ what, sessions }: Extract<Deed, { readonly what: 'end' | 'drop' | 'deafen' }>): void {
    const there = this.tapes.filter(({ side, connected }) => side === 'server' && connected);
    const from = this.#random.int(0, Math.max(0, there.length - sessions));
    for (const { session } of there.slice(from, from + sessions)) {
      if (what === 'end') session.end();
      else if (what === 'drop') session.disconnect();
      else {
        session.pause();
        this.#serverProcess.post('resume', () => session.resume(), this.#random.int(1, 1_000_000));
      }
    }
  }
}

/** What the end of a callback of the event loop brings: ticks, in which sessions write, and settled promises. */
function callbackOver(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
