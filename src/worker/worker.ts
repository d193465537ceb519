import { broadcastsOf } from '../client/broadcasts.js';
import type { Client } from '../client/client.js';
import type { SessionFactory } from '../client/client-session.js';
import type { DriverFactory } from '../client/driver.js';
import type { ClientHost } from '../client/host.js';
import { bucketUs, ReachBook } from '../client/reach.js';
import type { Carrier } from '../control/carrier.js';
import type { Fate, FromWorker, ToWorker } from '../control/messages.js';
import { type Clock, type Connector, CoreError, type PacketSession, SendBufferHelper } from '../core/index.js';
import { faultsFactory } from '../faults/factory.js';
import { allowanceUs } from '../load/pacing.js';
import { RateFactor } from '../load/rate-factor.js';
import { ClientSchedule } from '../load/stages.js';
import { type Timeline, timelineOf } from '../load/timeline.js';
import { Recorder } from '../metrics/recorder.js';
import type { ReachRow, WorkerState } from '../metrics/snapshot.js';
import type { Plan } from '../scenario/plan.js';
import { Cast } from './cast.js';
import { LoopWatch } from './loop-watch.js';
import { ReadBudget } from './read-budget.js';
import { type Route, routesOf } from './routes.js';
import { SampleBox } from './samples.js';
import { Scheduler, type Sleeper } from './scheduler.js';
import { VitalSigns } from './vitals.js';

const intervalUs = 1_000_000;
/** While clients leave, how often to look whether all have left. */
const leavingPollUs = 20_000;
/** For so long at a time sends that are overdue at the end are made. */
const overdueSliceUs = 20_000;

type Census = Pick<WorkerState, 'connected' | 'connecting' | 'lost' | 'expected' | 'silent'>;
type Init = Extract<ToWorker, { type: 'init' }>;
type Control = Extract<ToWorker, { type: 'control' }>;

/** What a worker has around it: the machine's clock and network, or a test's. */
export interface WorkerSurroundings {
  readonly clock: Clock;
  readonly carrier: Carrier<FromWorker, ToWorker>;
  readonly connector: Pick<Connector, 'connect'>;
  /** What drives the clients of kinds that have a bot, by the kind's name. */
  readonly drivers?: ReadonlyMap<string, DriverFactory>;
  /** How the sessions of the clients are made; plain ones where nothing is said. */
  readonly sessions?: SessionFactory | undefined;
}

/**
 * A worker's whole life: makes its share of the clients, waits for the start, plays the plan, stops the sends at its end, hears
 * what is still under way, lets everyone leave, and says so. Reports a snapshot at every whole second and at every border of a phase.
 */
export class Worker implements ClientHost {
  readonly timeline: Timeline;
  readonly rateFactor = new RateFactor();
  readonly sendBuffer = new SendBufferHelper();
  readonly books: readonly ReachBook[];
  readonly allowanceUs: number;
  sending = true;
  readonly #routeOf: (clientIndex: number) => Route;
  readonly #plan: Plan;
  readonly #clock: Clock;
  readonly #carrier: Carrier<FromWorker, ToWorker>;
  readonly #recorder: Recorder;
  /** Wakes the clients and the dealers. */
  readonly #scheduler: Scheduler;
  /** Wakes the worker itself: a backlog of overdue clients must not keep the reports, and the end, waiting. */
  readonly #chores: Scheduler;
  readonly #watch: LoopWatch;
  readonly #readBudget: ReadBudget;
  readonly #connector: Pick<Connector, 'connect'>;
  readonly #connects = new AbortController();
  readonly #cast: Cast;
  readonly #samples = new SampleBox();
  readonly #vitals = new VitalSigns();
  #connected = 0;
  /** The most of them at once since the last report. */
  #mostConnected = 0;
  /** Clients of the first ramp that are still in their start list. */
  #starting: number;
  /** How long clients stay after the last send: as the plan says, and until the last broadcast is settled. */
  readonly #hearMs: number;
  /** Rows of books that closed since the last report. */
  #closed: ReachRow[] = [];
  readonly #firstRamp: ReadonlySet<Client>;
  #epochUs = 0;
  #reportedUs = 0;
  #stage: 'playing' | 'hearing' | 'leaving' = 'playing';
  #hearUntilUs = Number.POSITIVE_INFINITY;
  #fate: Fate = 'stayed';
  /** Clients that were connected at the end and had no effect any more. */
  #silent: readonly number[] = [];

  constructor(init: Init, { clock, carrier, connector, drivers = new Map(), sessions }: WorkerSurroundings) {
    const { plan, worker } = init;
    this.#routeOf = routesOf(init.endPoints, plan.load.localAddresses);
    this.#plan = plan;
    this.#clock = clock;
    this.#carrier = carrier;
    this.#connector = connector;
    this.#recorder = new Recorder({ worker });
    this.allowanceUs = allowanceUs(plan.load.pacing);
    const epochUs = () => this.#epochUs;
    const onSlice = (nowUs: number) => this.#watch.onWork(nowUs);
    this.#scheduler = new Scheduler(clock, epochUs, plan.load.pacing, onSlice);
    this.#chores = new Scheduler(clock, epochUs, 'normal', onSlice);
    this.#watch = new LoopWatch({
      clock,
      nowUs: () => this.nowUs(),
      nextWakeUs: () => Math.min(this.#scheduler.nextWakeUs, this.#chores.nextWakeUs),
    });
    this.#readBudget = new ReadBudget({
      clock,
      nowUs: () => this.nowUs(),
      receivedUs: () => this.#watch.receivedUs,
    });
    const schedule = new ClientSchedule(plan.load.stages);
    this.timeline = timelineOf(schedule, plan.load);
    const broadcasts = broadcastsOf(plan);
    this.books = broadcasts.map(
      ({ packet, guardMs, timeoutMs }) =>
        new ReachBook({
          packet,
          guardUs: guardMs * 1000,
          timeoutUs: timeoutMs * 1000,
          phaseAt: (runUs) => this.timeline.phaseAt(runUs),
        }),
    );
    this.#hearMs = Math.max(
      plan.load.gracefulStopMs,
      ...broadcasts.map(({ guardMs, timeoutMs }) => guardMs + timeoutMs),
    );
    this.#cast = new Cast({
      host: this,
      clock,
      init,
      broadcasts,
      recorder: this.#recorder,
      schedule,
      drivers,
      sessions,
      faults: faultsFactory(plan, clock),
    });
    this.#firstRamp = new Set(
      this.#cast.clients.filter(
        ({ index }) => (schedule.stays(index)[0]?.joinMs ?? Number.POSITIVE_INFINITY) <= schedule.firstPeakMs,
      ),
    );
    this.#starting = this.#firstRamp.size;
    this.#recorder.phase = this.timeline.phaseAt(0);
  }

  /** Run time 0 is at `epochUs` of the machine's clock, which lies a little ahead. */
  start(epochUs: number): void {
    this.#epochUs = epochUs;
    // What the process used until now, to come up and to wait for the others, is no part of the run.
    this.#vitals.take();
    this.#watch.start();
    for (const client of this.#cast.clients) this.#scheduler.wakeAt(client, client.firstWakeUs);
    for (const dealer of this.#cast.dealers) this.#scheduler.wakeAt(dealer, dealer.dueUs);
    this.#chores.wakeAt(this.#rounds, 0);
    if (this.books.length > 0) this.#chores.wakeAt(this.#bookkeeping, bucketUs);
    if (this.#starting === 0) this.#carrier.send({ type: 'started' });
  }

  /** The barrier of `begin: together` opens at this run time. */
  begin(atUs: number): void {
    this.timeline.open(atUs);
    for (const client of this.#cast.clients) client.onBarrierOpened(atUs);
    this.#rescheduleSlots();
    this.#chores.wakeAt(this.#rounds, this.nowUs());
  }

  /** The user steers the run: what is not as it was is so from a run time on that lies a little ahead. */
  control({ atUs, paused, rateFactor, clientsBy }: Control): void {
    if (this.#stage !== 'playing') return;
    const factor = paused ? 0 : rateFactor;
    if (factor !== this.rateFactor.latest) {
      this.rateFactor.change({ atUs, factor });
      for (const client of this.#cast.clients) client.onRatesChanged();
    }
    if (clientsBy !== this.#cast.clientsBy) this.#cast.changeClients(clientsBy, atUs);
    this.#rescheduleSlots();
  }

  #rescheduleSlots(): void {
    for (const dealer of this.#cast.dealers) {
      dealer.reschedule();
      this.#scheduler.wakeAt(dealer, dealer.dueUs);
    }
  }

  stop(mode: 'graceful' | 'now'): void {
    this.timeline.stop(this.nowUs());
    if (mode === 'now') {
      this.#stopSends(this.nowUs());
      this.#leave();
      for (const client of this.#cast.clients) client.abort();
    }
    this.#chores.wakeAt(this.#rounds, this.nowUs());
  }

  // ── for the clients ──

  nowUs(): number {
    return this.#clock.sinceUs(this.#epochUs);
  }

  onReceive(): void {
    if (!this.#watch.received) this.#watch.onReceive(this.nowUs());
  }

  onReceived(session: PacketSession, bytes: number): void {
    this.#readBudget.onRead(session, bytes);
  }

  get waitingSinceUs(): number {
    return Math.min(this.#watch.waitingSinceUs, this.#readBudget.heldSinceUs);
  }

  wakeAt(client: Client, atUs: number): void {
    this.#scheduler.wakeAt(client, atUs);
  }

  connect(client: Client, session: PacketSession, onFailed: (code: string, message: string) => void): void {
    const { target, load } = this.#plan;
    const { endPoint, localAddress } = this.#routeOf(client.index);
    const options = {
      timeoutMs: load.connectTimeoutMs,
      noDelay: load.tcp.noDelay,
      ...(load.tcp.keepAliveMs !== null && { keepAliveMs: load.tcp.keepAliveMs }),
      ...(target.kind === 'tls' && { tls: target.tls, onSecure: (us: number) => client.onSecure(us) }),
      signal: this.#connects.signal,
      clock: this.#clock,
      ...(localAddress !== undefined && { localAddress }),
    };
    this.#connector
      .connect(
        endPoint,
        () => {
          this.#watch.onWork(this.nowUs());
          return session;
        },
        options,
      )
      .catch((error: unknown) => {
        if (error instanceof CoreError) onFailed(error.code, error.message);
        else throw error;
      });
  }

  countConnected(change: 1 | -1): void {
    this.#connected += change;
    if (this.#connected > this.#mostConnected) this.#mostConnected = this.#connected;
  }

  onStarted(client: Client): void {
    if (!this.#firstRamp.has(client)) return;
    this.#starting--;
    if (this.#starting === 0) this.#carrier.send({ type: 'started' });
  }

  onPlaying(client: Client): void {
    for (const dealer of this.#cast.dealers) dealer.onPlaying(client);
  }

  sample(kind: string, message: string | (() => string)): void {
    this.#samples.add(kind, message);
  }

  // ── rounds: snapshots, the end of the sends, the end ──

  /** The worker's own place in the scheduler. */
  readonly #rounds: Sleeper = { ticket: -1, wake: (nowUs) => this.#round(nowUs) };

  #round(nowUs: number): number {
    const census = this.#census();
    const empty = census.connected + census.connecting + census.expected === 0;
    if (this.#stage === 'playing') this.#endIfOver(nowUs);
    if (this.#stage === 'hearing' && (empty || nowUs >= this.#hearUntilUs)) this.#leave();
    if (this.#stage === 'leaving' && empty) return this.#finish(nowUs);
    const borderUs = this.#nextBorderUs();
    if (nowUs >= borderUs) this.#report(nowUs, census);
    return this.#nextRoundUs(nowUs);
  }

  /** Stops at the end of the plan, or once nobody is there or will come. */
  #endIfOver(nowUs: number): void {
    const { empty, lost } = this.#outlook();
    this.#fate = this.#fateAt(nowUs, empty, lost);
    // Those whom the user removed may be added again.
    const over = empty && (lost || this.#cast.clientsBy >= 0);
    if (over) this.timeline.stop(nowUs);
    const { endUs } = this.timeline;
    if (nowUs < endUs) return;
    if (this.#sendOverdue(nowUs) || nowUs >= endUs + this.#plan.load.gracefulStopMs * 1000) this.#stopSends(nowUs);
  }

  /**
   * A worker that has fallen behind has sends left at the end: makes them, for a slice of time, and says whether that was all. A backlog
   * that took seconds in one turn would look like a worker that hangs.
   */
  #sendOverdue(nowUs: number): boolean {
    const sliceEndUs = nowUs + overdueSliceUs;
    for (const sender of [...this.#cast.dealers, ...this.#cast.clients]) {
      while (sender.sendOverdue(nowUs)) if (this.nowUs() >= sliceEndUs) return false;
    }
    return true;
  }

  #fateAt(nowUs: number, empty: boolean, lost: boolean): Fate {
    if (empty && lost && nowUs < this.timeline.endUs) return 'lost';
    // From the ramp-down on the plan itself takes clients away.
    if (nowUs >= this.timeline.rampDownUs) return this.#fate;
    return empty && this.#cast.clientsBy < 0 ? 'removed' : 'stayed';
  }

  /** Whether nobody is there or will come, and whether any are lost. Beside others clients with faults do not count: they come back for ever. */
  #outlook(): { readonly empty: boolean; readonly lost: boolean } {
    const behaved = this.#cast.clients.filter(({ kind }) => kind.playFaults === null);
    const clients = behaved.length === 0 ? this.#cast.clients : behaved;
    return {
      empty: clients.every((c) => c.session === null && !c.connecting && !(c.expected && this.sending)),
      lost: clients.some(({ lost }) => lost),
    };
  }

  /** Keeps the books of broadcasts, bucket by bucket. */
  readonly #bookkeeping: Sleeper = { ticket: -1, wake: (nowUs) => this.#keepBooks(nowUs) };

  #keepBooks(nowUs: number): number {
    for (const book of this.books) book.advance(nowUs, (row) => this.#closed.push(row));
    return nowUs + bucketUs;
  }

  #nextRoundUs(nowUs: number): number {
    const borderUs = this.#nextBorderUs();
    switch (this.#stage) {
      case 'playing':
        // Past the end, what is overdue goes on in the next turn.
        return Math.min(borderUs, Math.max(this.timeline.endUs, nowUs + 1));
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
    for (const sender of [...this.#cast.dealers, ...this.#cast.clients]) sender.endSends(nowUs);
    this.sending = false;
    this.#stage = 'hearing';
    this.#hearUntilUs = nowUs + this.#hearMs * 1000 + bucketUs;
  }

  /** Lets everyone go as soon as nothing is under way for them any more: timeouts bound how long that can be. */
  #leave(): void {
    this.#stage = 'leaving';
    this.#connects.abort();
    this.#keepBooks(this.nowUs());
    this.#silent = this.#cast.clients.filter((client) => client.isSilent(this.nowUs())).map(({ index }) => index);
    for (const client of this.#cast.clients) client.leave();
  }

  #finish(nowUs: number): number {
    for (const book of this.books) book.finish(nowUs, (row) => this.#closed.push(row));
    this.#report(nowUs, this.#census(), true);
    this.#scheduler.stop();
    this.#chores.stop();
    this.#watch.stop();
    this.#vitals.stop();
    this.#carrier.send({ type: 'finished', fate: this.#fate, silent: this.#silent });
    return Number.POSITIVE_INFINITY;
  }

  #report(nowUs: number, census: Census, final = false): void {
    const loopDelayMaxMs = this.#watch.takeDelayMaxUs() / 1000;
    const state = {
      ...census,
      mostConnected: this.#mostConnected,
      starting: this.#starting,
      loopDelayMaxMs,
      ...this.#vitals.take(),
    };
    this.#mostConnected = this.#connected;
    const reachClosedBefore = final
      ? Number.POSITIVE_INFINITY
      : Math.min(...this.books.map((book) => book.closedBefore));
    const reach = { reach: this.#closed, reachClosedBefore };
    this.#closed = [];
    const snapshot = this.#recorder.snapshot(this.#reportedUs, nowUs, state, reach);
    this.#carrier.send({ type: 'snapshot', snapshot, samples: this.#samples.take() });
    this.#reportedUs = nowUs;
    this.#recorder.phase = this.timeline.phaseAt(nowUs);
  }

  #census(): Census {
    const census = { connected: this.#connected, connecting: 0, lost: 0, expected: 0, silent: 0 };
    const nowUs = this.nowUs();
    for (const client of this.#cast.clients) {
      if (client.isSilent(nowUs)) census.silent++;
      if (client.session !== null) continue;
      if (client.connecting) census.connecting++;
      else if (client.lost) census.lost++;
      else if (client.expected && this.sending) census.expected++;
    }
    return census;
  }
}
