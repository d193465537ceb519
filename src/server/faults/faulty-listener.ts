import {
  type Clock,
  type Framing,
  Listener,
  type Network,
  type Session,
  type TimerHandle,
  type Transport,
} from '../../core/index.js';
import { RandomStream } from '../../load/random.js';
import type { ServerFault, ServerFaultPlan } from '../../scenario/plan.js';
import type { TrafficCounter } from '../counters.js';
import { AcceptGate } from './accept-gate.js';
import { FaultyTransport } from './faulty-transport.js';
import { compileReplyFaults, type ReplyFaultContext } from './reply-faults.js';

export interface FaultyListenerOptions {
  readonly faults: readonly ServerFaultPlan[];
  /** Every connection draws streams of its own from it, by the order in which they came. */
  readonly seed: number;
  /** Of what the server sends. */
  readonly framing: Framing;
  readonly clock: Clock;
  readonly onStruck: (kind: ServerFault['kind']) => void;
  /** Counts what is sent in spite of the faults. */
  readonly passed: TrafficCounter;
  /** What `die-after` does. */
  readonly die: () => void;
  readonly network?: Network;
}

/** Puts faults between connections and their sessions. */
export class FaultyListener extends Listener {
  readonly #options: FaultyListenerOptions;
  #context: ReplyFaultContext | undefined;
  #death: TimerHandle | undefined;
  readonly #neverReads: boolean;
  readonly #gate: AcceptGate | undefined;
  readonly #waiting = new Set<Transport>();
  #connections = 0;

  constructor(options: FaultyListenerOptions) {
    super(options.network);
    const { faults, clock, onStruck } = options;
    this.#options = options;
    this.#neverReads = faults.some(({ kind }) => kind === 'never-read');
    const rates = faults.flatMap((fault) => (fault.kind === 'accept-slowly' ? fault.perSec : []));
    if (rates.length > 0) this.#gate = new AcceptGate(Math.min(...rates), clock, () => onStruck('accept-slowly'));
  }

  /** Who still waits to be accepted is turned away. */
  override async close(): Promise<void> {
    await super.close();
    this.#death?.cancel();
    this.#gate?.close();
    for (const transport of this.#waiting) transport.destroy();
  }

  protected override start(session: Session, transport: Transport): void {
    if (this.#gate === undefined) {
      this.#begin(session, transport);
      return;
    }
    // The system has accepted it long since: libuv knows no other way. Nothing is read of it, so that to the client it makes no difference.
    transport.pause();
    this.#waiting.add(transport);
    this.#gate.pass(() => {
      this.#waiting.delete(transport);
      transport.resume();
      this.#begin(session, transport);
    });
  }

  /** With the first connection: whoever starts a server for a run does not know when that begins. */
  #beginTime(): ReplyFaultContext {
    const { faults, framing, clock, onStruck, die } = this.#options;
    const deaths = faults.flatMap((fault) => (fault.kind === 'die-after' ? fault.afterMs : []));
    if (deaths.length > 0) this.#death = clock.setTimer(Math.min(...deaths), die);
    return { framing, startUs: clock.nowUs(), onStruck };
  }

  #begin(session: Session, transport: Transport): void {
    const { faults, seed, framing, clock, onStruck, passed } = this.#options;
    this.#context ??= this.#beginTime();
    const connection = this.#connections++;
    const streamOf = (plan: ServerFaultPlan): RandomStream =>
      RandomStream.of(seed, 'fault', faults.indexOf(plan), connection);
    if (this.#neverReads) onStruck('never-read');
    super.start(
      session,
      new FaultyTransport(transport, session, {
        framing,
        clock,
        faults: compileReplyFaults(faults, streamOf, this.#context),
        neverReads: this.#neverReads,
        passed,
      }),
    );
  }
}
