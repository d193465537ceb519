import { Client } from '../client/client.js';
import type { ClientHost } from '../client/host.js';
import { Kind } from '../client/kind.js';
import type { Carrier } from '../control/carrier.js';
import type { FromWorker, ToWorker } from '../control/messages.js';
import {
  type Clock,
  type Connector,
  CoreError,
  type EndPoint,
  type PacketSession,
  SendBufferHelper,
} from '../core/index.js';
import { dealKinds } from '../load/deal.js';
import { ClientSchedule } from '../load/stages.js';
import { Timeline } from '../load/timeline.js';
import { Recorder } from '../metrics/recorder.js';
import type { WorkerState } from '../metrics/snapshot.js';
import { Protocol } from '../packets/index.js';
import type { Plan } from '../scenario/plan.js';
import { SampleBox } from './samples.js';
import { Scheduler, type Sleeper } from './scheduler.js';
import { VitalSigns } from './vitals.js';

const intervalUs = 1_000_000;
/** While clients leave, how often to look whether all have left. */
const leavingPollUs = 20_000;

type Census = Pick<WorkerState, 'connected' | 'connecting' | 'lost' | 'expected'>;
type Init = Extract<ToWorker, { type: 'init' }>;

/** What a worker has around it: the machine's clock and network, or a test's. */
export interface WorkerSurroundings {
  readonly clock: Clock;
  readonly carrier: Carrier<FromWorker, ToWorker>;
  readonly connector: Pick<Connector, 'connect'>;
}

/**
 * A worker's whole life: makes its share of the clients, waits for the start, plays the plan, stops the sends at its end, hears
 * what is still under way, lets everyone leave, and says so. Reports a snapshot at every whole second and at every border of a phase.
 */
export class Worker implements ClientHost {
  readonly target: EndPoint;
  readonly timeline: Timeline;
  readonly sendBuffer = new SendBufferHelper();
  sending = true;
  readonly #plan: Plan;
  readonly #clock: Clock;
  readonly #carrier: Carrier<FromWorker, ToWorker>;
  readonly #recorder: Recorder;
  readonly #scheduler: Scheduler;
  readonly #connector: Pick<Connector, 'connect'>;
  readonly #connects = new AbortController();
  readonly #clients: readonly Client[];
  readonly #samples = new SampleBox();
  readonly #vitals = new VitalSigns();
  /** Clients of the first ramp that are still in their start list. */
  #starting: number;
  readonly #firstRamp: ReadonlySet<Client>;
  #epochUs = 0;
  #reportedUs = 0;
  #stage: 'playing' | 'hearing' | 'leaving' = 'playing';
  #hearUntilUs = Number.POSITIVE_INFINITY;
  #lost = false;

  constructor(init: Init, { clock, carrier, connector }: WorkerSurroundings) {
    const { plan, worker } = init;
    this.target = init.target;
    this.#plan = plan;
    this.#clock = clock;
    this.#carrier = carrier;
    this.#connector = connector;
    this.#recorder = new Recorder({ worker });
    this.#scheduler = new Scheduler(clock, () => this.#epochUs);
    const schedule = new ClientSchedule(plan.load.stages);
    this.timeline = new Timeline({
      totalMs: schedule.totalMs,
      warmupMs: plan.load.warmupMs,
      rampDownMs: schedule.rampDownMs,
      barrierMs: plan.load.begin === 'together' ? schedule.firstPeakMs : null,
    });
    this.#clients = makeClients(this, init, this.#recorder, schedule);
    this.#firstRamp = new Set(
      this.#clients.filter(
        ({ index }) => (schedule.stays(index)[0]?.joinMs ?? Number.POSITIVE_INFINITY) <= schedule.firstPeakMs,
      ),
    );
    this.#starting = this.#firstRamp.size;
    this.#recorder.phase = this.timeline.phaseAt(0);
  }

  get clients(): number {
    return this.#clients.length;
  }

  /** Run time 0 is at `epochUs` of the machine's clock, which lies a little ahead. */
  start(epochUs: number): void {
    this.#epochUs = epochUs;
    for (const client of this.#clients) this.#scheduler.wakeAt(client, client.firstWakeUs);
    this.#scheduler.wakeAt(this.#rounds, 0);
    if (this.#starting === 0) this.#carrier.send({ type: 'started' });
  }

  /** The barrier of `begin: together` opens at this run time. */
  begin(atUs: number): void {
    this.timeline.open(atUs);
    for (const client of this.#clients) client.onBarrierOpened(atUs);
    this.#scheduler.wakeAt(this.#rounds, this.nowUs());
  }

  stop(mode: 'graceful' | 'now'): void {
    this.#stopSends(this.nowUs());
    if (mode === 'now') {
      this.#leave();
      for (const client of this.#clients) client.abort();
    }
    this.#scheduler.wakeAt(this.#rounds, this.nowUs());
  }

  // ── for the clients ──

  nowUs(): number {
    return this.#scheduler.nowUs();
  }

  wakeAt(client: Client, atUs: number): void {
    this.#scheduler.wakeAt(client, atUs);
  }

  connect(session: PacketSession, onFailed: (code: string, message: string) => void): void {
    const timeoutMs = this.#plan.load.connectTimeoutMs;
    const options = { timeoutMs, signal: this.#connects.signal, clock: this.#clock };
    this.#connector
      .connect(this.target, () => session, options)
      .catch((error: unknown) => {
        if (error instanceof CoreError) onFailed(error.code, error.message);
        else throw error;
      });
  }

  onStarted(client: Client): void {
    if (!this.#firstRamp.has(client)) return;
    this.#starting--;
    if (this.#starting === 0) this.#carrier.send({ type: 'started' });
  }

  sample(kind: string, message: string): void {
    this.#samples.add(kind, message);
  }

  // ── rounds: snapshots, the end of the sends, the end ──

  /** The worker's own place in the scheduler. */
  readonly #rounds: Sleeper = { wakeAtUs: 0, heapIndex: -1, wake: (nowUs) => this.#round(nowUs) };

  #round(nowUs: number): number {
    const census = this.#census();
    const over = census.connected + census.connecting + census.expected === 0;
    if (this.#stage === 'playing' && (over || nowUs >= this.timeline.endUs)) {
      this.#lost = over && census.lost > 0 && nowUs < this.timeline.endUs;
      this.#stopSends(nowUs);
    }
    if (this.#stage === 'hearing' && (over || nowUs >= this.#hearUntilUs)) this.#leave();
    if (this.#stage === 'leaving' && over) return this.#finish(nowUs);
    const borderUs = this.#nextBorderUs();
    if (nowUs >= borderUs) this.#report(nowUs, census);
    return this.#nextRoundUs(nowUs);
  }

  #nextRoundUs(nowUs: number): number {
    const borderUs = this.#nextBorderUs();
    switch (this.#stage) {
      case 'playing':
        return Math.min(borderUs, this.timeline.endUs);
      case 'hearing':
        return Math.min(borderUs, this.#hearUntilUs);
      case 'leaving':
        return Math.min(borderUs, nowUs + leavingPollUs);
    }
  }

  /** The end of the interval under way: the next whole second, or the border of a phase where that comes first. */
  #nextBorderUs(): number {
    const secondUs = (Math.floor(this.#reportedUs / intervalUs) + 1) * intervalUs;
    const { warmupEndUs, rampDownUs } = this.timeline;
    if (warmupEndUs > this.#reportedUs && warmupEndUs < secondUs) return warmupEndUs;
    return rampDownUs > this.#reportedUs && rampDownUs < secondUs ? rampDownUs : secondUs;
  }

  #stopSends(nowUs: number): void {
    if (this.#stage !== 'playing') return;
    for (const client of this.#clients) client.finishSends(nowUs);
    this.sending = false;
    this.#stage = 'hearing';
    this.#hearUntilUs = nowUs + this.#plan.load.gracefulStopMs * 1000;
  }

  /** Lets everyone go as soon as nothing is under way for them any more: timeouts bound how long that can be. */
  #leave(): void {
    this.#stage = 'leaving';
    this.#connects.abort();
    for (const client of this.#clients) client.leave();
  }

  #finish(nowUs: number): number {
    this.#report(nowUs, this.#census());
    this.#scheduler.stop();
    this.#vitals.stop();
    this.#carrier.send({ type: 'finished', lost: this.#lost });
    return Number.POSITIVE_INFINITY;
  }

  #report(nowUs: number, census: Census): void {
    const state = { ...census, starting: this.#starting, ...this.#vitals.take() };
    const snapshot = this.#recorder.snapshot(this.#reportedUs, nowUs, state);
    this.#carrier.send({ type: 'snapshot', snapshot, samples: this.#samples.take() });
    this.#reportedUs = nowUs;
    this.#recorder.phase = this.timeline.phaseAt(nowUs);
  }

  #census(): Census {
    const census = { connected: 0, connecting: 0, lost: 0, expected: 0 };
    for (const client of this.#clients) {
      if (client.session !== null) census.connected++;
      else if (client.connecting) census.connecting++;
      else if (client.lost) census.lost++;
      else if (client.expected && this.sending) census.expected++;
    }
    return census;
  }
}

/** Makes worker `worker`'s share of the plan's clients: every `workers`-th of them, with kinds dealt by weight over all. */
function makeClients(host: ClientHost, init: Init, recorder: Recorder, schedule: ClientSchedule): Client[] {
  const { plan, worker, workers } = init;
  const protocol = new Protocol(plan.protocol);
  const kinds = plan.kinds.map((kind) => new Kind(kind, protocol, plan.protocol.packets, recorder));
  const dealt = dealKinds(
    plan.kinds.map(({ weight }) => weight),
    plan.load.maxClients,
  );
  const counts = new Array<number>(kinds.length).fill(0);
  const clients: Client[] = [];
  dealt.forEach((kindIndex, index) => {
    const indexInKind = counts[kindIndex] as number;
    counts[kindIndex] = indexInKind + 1;
    if (index % workers !== worker) return;
    const kind = kinds[kindIndex] as Kind;
    const { seed, env } = plan;
    clients.push(
      new Client({ index, indexInKind, kind, host, protocol: plan.protocol, stays: schedule.stays(index), seed, env }),
    );
  });
  return clients;
}
