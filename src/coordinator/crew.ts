import type { FromWorker, ToWorker } from '../control/messages.js';
import type { Clock, EndPoint } from '../core/index.js';
import { clientsOf } from '../load/deal.js';
import type { Plan } from '../scenario/plan.js';
import { correctionUs, measureOffset } from './clock-exchange.js';
import { SilenceWatch } from './silence-watch.js';
import { WorkerLink } from './worker-link.js';

/** A worker reports once a second. One that says nothing for so long is stuck, as by a bot that never comes to an end. */
const silenceLimitMs = 15_000;
/** Before the start a worker has its code to load, that of the user included, on a machine that may be busy with those of the others. */
const loadLimitMs = 60_000;

/** What there is to hear of workers. */
export interface CrewEvents {
  onMessage(worker: WorkerLink, message: FromWorker): void;
  /** Its process ended before it had finished. */
  onLost(worker: WorkerLink): void;
  /** Its process is there, and stuck; `sign` tells how that shows. It is killed right after. */
  onStuck(worker: WorkerLink, sign: string): void;
  /** This process itself stood still between two times of the clock, in microseconds. */
  onHeldUp(fromUs: number, toUs: number): void;
}

/** The worker processes of a run: they load, wait for each other, start together, and are watched until each has said its last word. */
export class Crew {
  readonly #clock: Clock;
  readonly #events: CrewEvents;
  readonly #workers: WorkerLink[] = [];
  #started = false;
  #silence: SilenceWatch<WorkerLink> | undefined;

  constructor(clock: Clock, events: CrewEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  /** In the order of their numbers; none before they are forked. */
  get workers(): readonly WorkerLink[] {
    return this.#workers;
  }

  /** They were told when run time 0 is. */
  get started(): boolean {
    return this.#started;
  }

  /** Forks so many, and gives each its share of the plan. */
  fork(count: number, plan: Plan, endPoints: readonly EndPoint[]): void {
    for (let index = 0; index < count; index++) {
      const worker = new WorkerLink(index, clientsOf(index, count, plan.load.maxClients));
      // At once: where the next one cannot be made, those that there are must be known, to be ended.
      this.#workers.push(worker);
      worker.onMessage((message) => {
        this.#silence?.heard(worker);
        this.#events.onMessage(worker, message);
      });
      worker.onLost(() => this.#events.onLost(worker));
      worker.send({ type: 'init', worker: index, workers: count, plan, endPoints });
    }
  }

  /** Resolves once each has its clients, or is lost. */
  async ready(): Promise<void> {
    this.#watchSilence(loadLimitMs);
    await Promise.all(this.#workers.map(({ ready }) => ready));
  }

  /** Asks each what its clock shows. One after the other: workers that answer at once would wait for each other. */
  async compareClocks(when: 'clockAtStart' | 'clockAtEnd'): Promise<void> {
    for (const worker of this.#workers) worker[when] = await measureOffset(worker, this.#clock);
  }

  /** Run time 0 is at `epochUs` of this process's clock. */
  start(epochUs: number): void {
    this.#started = true;
    for (const worker of this.#workers) worker.start(epochUs + correctionUs(worker.clockAtStart));
    this.#watchSilence(silenceLimitMs);
  }

  /** Resolves once each has said its last word, or is lost. */
  async finished(): Promise<void> {
    await Promise.all(this.#workers.map(({ finished }) => finished));
  }

  /** Says the same to all. */
  tell(message: ToWorker): void {
    for (const worker of this.#workers) worker.send(message);
  }

  /** Nothing but a signal reaches a worker whose event loop is stuck; what follows from its loss follows. */
  endStuck(worker: WorkerLink, sign: string): void {
    this.#events.onStuck(worker, sign);
    worker.kill();
  }

  /** Lets their processes end; resolves once these are gone. */
  async end(): Promise<void> {
    this.#silence?.stop();
    for (const worker of this.#workers) worker.end();
    await Promise.all(this.#workers.map(({ exited }) => exited));
  }

  #watchSilence(limitMs: number): void {
    this.#silence?.stop();
    this.#silence = new SilenceWatch(this.#workers, this.#clock, limitMs, {
      onSilent: (worker) => this.endStuck(worker, `has said nothing for ${limitMs / 1000} s`),
      onHeldUp: (fromUs, toUs) => this.#events.onHeldUp(fromUs, toUs),
    });
  }
}
