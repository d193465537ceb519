import { type Child, type ExitStatus, forkChild } from '../control/ipc.js';
import type { Fate, FromWorker, ToWorker } from '../control/messages.js';
import { systemClock } from '../core/index.js';
import { type ClockOffset, type ClockOwner, correctionUs } from './clock-exchange.js';
import type { WorkerResult } from './run-result.js';

/** How long a worker may take to tell what its clock shows, and to end. One that is stuck does neither. */
const answerLimitMs = 5_000;
const endLimitMs = 5_000;

/** The coordinator's end of one worker process: where it stands, and what it said. */
export class WorkerLink implements ClockOwner {
  readonly index: number;
  /** Settled once the worker has its clients, or is lost. */
  readonly ready: Promise<void>;
  /** Settled once the worker has said its last word, or is lost. */
  readonly finished: Promise<void>;
  /** Settled once the process is gone. */
  readonly exited: Promise<void>;
  /** How many of the planned clients are its share. */
  readonly clients: number;
  /** It has its clients, and waits for the others: it says nothing by itself until `start`. */
  waiting = false;
  /** All its clients of the first ramp have finished or failed their start lists. */
  started = false;
  /** The process ended before it had finished, and not because it was not wanted any more: what it had not reported is missing. */
  lost = false;
  /** It was ended by us. */
  killed = false;
  /** How the process ended; null until then. */
  exit: ExitStatus | null = null;
  /** What became of its clients; null until it has finished. */
  fate: Fate | null = null;
  /** At its latest report nobody was connected, or still to connect. */
  vacant = false;
  /** Clients that were connected at its end, and whose sends had no effect any more. */
  silent: readonly number[] = [];
  /** How far its clock was ahead of ours before the run and after it; null where it was gone, or too busy to answer. */
  clockAtStart: ClockOffset | null = null;
  clockAtEnd: ClockOffset | null = null;
  readonly #child: Child<ToWorker, FromWorker>;
  #onClock: ((nowUs: number) => void) | undefined;
  #hasFinished = false;
  #dismissed = false;

  constructor(index: number, clients: number) {
    this.index = index;
    this.clients = clients;
    this.#child = forkChild<ToWorker, FromWorker>(new URL('../worker/main.js', import.meta.url));
    const { carrier, exited } = this.#child;
    const heard = (type: FromWorker['type']): Promise<void> =>
      new Promise((resolve) => carrier.onMessage((message) => message.type === type && resolve()));
    carrier.onMessage((message) => this.#note(message));
    this.exited = exited.then((status) => {
      this.exit = status;
      this.lost = !this.#hasFinished && !this.#dismissed;
    });
    this.ready = Promise.race([heard('ready'), this.exited]);
    this.finished = Promise.race([heard('finished'), this.exited]);
  }

  #note(message: FromWorker): void {
    if (message.type === 'clock') {
      this.#onClock?.(message.nowUs);
    } else if (message.type === 'snapshot') {
      const { connected, connecting, expected } = message.snapshot.state;
      this.vacant = connected + connecting + expected === 0;
    } else if (message.type === 'ready') {
      this.waiting = true;
    } else if (message.type === 'started') {
      this.started = true;
    } else if (message.type === 'finished') {
      this.#hasFinished = true;
      this.fate = message.fate;
      this.silent = message.silent;
    }
  }

  /** It has said its last word, or its process is gone. */
  get over(): boolean {
    return this.#hasFinished || this.exit !== null;
  }

  /** What the run's result says of it. */
  get result(): WorkerResult {
    const { index, pid, lost, clients, clockAtStart, clockAtEnd } = this;
    const clock = { atStart: clockAtStart, atEnd: clockAtEnd, correctedUs: correctionUs(clockAtStart) };
    return { index, pid, lost, clients, clock };
  }

  get pid(): number {
    return this.#child.pid;
  }

  send(message: ToWorker): void {
    this.#child.carrier.send(message);
  }

  /** Run time 0 is at `epochUs` of its own clock. */
  start(epochUs: number): void {
    this.waiting = false;
    this.send({ type: 'start', epochUs });
  }

  askClock(): Promise<number | null> {
    return new Promise((resolve) => {
      const limit = systemClock.setTimer(answerLimitMs, () => resolve(null));
      this.#onClock = (nowUs) => {
        limit.cancel();
        resolve(nowUs);
      };
      void this.exited.then(() => {
        limit.cancel();
        resolve(null);
      });
      this.send({ type: 'clock' });
    });
  }

  /** `handler` sees each message after this link has taken note of it. */
  onMessage(handler: (message: FromWorker) => void): void {
    this.#child.carrier.onMessage(handler);
  }

  /** `handler` runs once the process is gone before it had finished. */
  onLost(handler: () => void): void {
    void this.exited.then(() => {
      if (this.lost) handler();
    });
  }

  /** Closes the channel, by which the process ends; it is killed where it does not. */
  end(): void {
    this.#child.carrier.close();
    const limit = systemClock.setTimer(endLimitMs, () => this.kill());
    void this.exited.then(() => limit.cancel());
  }

  /** Ends a process that was not told to start, and will not be: with it nothing is lost. */
  dismiss(): void {
    this.#dismissed = true;
    this.kill();
  }

  kill(): void {
    this.killed = true;
    this.#child.kill();
  }
}
