import type { TimerHandle } from '../core/index.js';
import { uniform } from '../load/distribution.js';
import type { FaultName } from '../scenario/plan.js';
import type { FaultyClient } from './faulty-client.js';
import { type CompiledConnectionFault, isOn } from './faulty-kind.js';

/** Hears when a fault begins and when its time is over; what the timetable says then is already so. */
export interface TimetableHandler {
  onBegin(fault: CompiledConnectionFault): void;
  onCease(fault: CompiledConnectionFault): void;
}

/**
 * The faults of one connection: when each begins, when it is over, and what those that are on come to. Several of one effect may overlap, so
 * that the end of one says nothing about the others.
 */
export class Timetable {
  readonly #client: FaultyClient;
  readonly #handler: TimetableHandler;
  /** Those that this connection plays at all. */
  readonly #faults: readonly CompiledConnectionFault[];
  readonly #on = new Set<CompiledConnectionFault>();
  readonly #timers = new Set<TimerHandle>();
  #state: 'waiting' | 'open' | 'over' = 'waiting';
  #isStartDone = false;

  constructor(client: FaultyClient, handler: TimetableHandler) {
    const { kind, randoms } = client;
    this.#client = client;
    this.#handler = handler;
    this.#faults = kind.ofConnections.filter(({ plan, index }) => randoms[index]!.next() < plan.share);
  }

  /** The connection stands: times after the connect count from now. */
  open(): void {
    this.#state = 'open';
    for (const fault of this.#faults) this.#schedule(fault, this.#delayMs(fault));
  }

  onStartDone(): void {
    this.#isStartDone = true;
    // What begins with the start list's end waits for the session to be open.
    if (this.#state !== 'open') return;
    for (const fault of this.#faults) if (beginsWithStart(fault)) this.#schedule(fault, 0);
  }

  /** Nothing is on any more, and nothing begins; nobody hears of it. */
  stop(): void {
    this.#state = 'over';
    this.#on.clear();
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  get isDeaf(): boolean {
    return this.#isOneOn('stopReading', 'halfOpen');
  }

  get isSilent(): boolean {
    return this.#isOneOn('silence', 'halfOpen');
  }

  /** How fast it reads; infinite where nothing slows it down. */
  get bytesPerSec(): number {
    const rates = [...this.#on].flatMap(({ plan }) => (plan.fault === 'readSlowly' ? [plan.bytesPerSec] : []));
    return Math.min(Number.POSITIVE_INFINITY, ...rates);
  }

  #isOneOn(...names: readonly FaultName[]): boolean {
    for (const { plan } of this.#on) if (names.includes(plan.fault)) return true;
    return false;
  }

  /** How long until it begins; undefined where that is not to be known yet. */
  #delayMs({ plan, index }: CompiledConnectionFault): number | undefined {
    if (!('afterMs' in plan)) return 0;
    const { afterMs } = plan;
    if (afterMs === 'start') return this.#isStartDone ? 0 : undefined;
    if (typeof afterMs === 'number') return afterMs;
    return uniform(afterMs, this.#client.randoms[index]!);
  }

  #schedule(fault: CompiledConnectionFault, delayMs: number | undefined): void {
    if (delayMs === undefined) return;
    const { plan } = fault;
    const nowMs = this.#client.nowMs();
    const beginMs = Math.max(nowMs + delayMs, plan.fromMs);
    if (!isOn(plan, beginMs)) return;
    this.#in(beginMs - nowMs, () => this.#begin(fault));
    if (plan.untilMs !== null) this.#in(plan.untilMs - nowMs, () => this.#cease(fault));
  }

  #begin(fault: CompiledConnectionFault): void {
    fault.played.add(1);
    this.#on.add(fault);
    this.#handler.onBegin(fault);
  }

  #cease(fault: CompiledConnectionFault): void {
    this.#on.delete(fault);
    this.#handler.onCease(fault);
  }

  #in(delayMs: number, task: () => void): void {
    // The one before it may have ended the connection.
    if (this.#state === 'over') return;
    if (delayMs <= 0) {
      task();
      return;
    }
    const timer = this.#client.clock.setTimer(delayMs, () => {
      this.#timers.delete(timer);
      task();
    });
    this.#timers.add(timer);
  }
}

function beginsWithStart({ plan }: CompiledConnectionFault): boolean {
  return 'afterMs' in plan && plan.afterMs === 'start';
}
