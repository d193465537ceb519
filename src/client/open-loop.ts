import { constantPacer, type Pacer, poissonPacer } from '../load/pacing.js';
import { RandomStream } from '../load/random.js';
import type { DropCause } from '../metrics/catalog.js';
import type { Client } from './client.js';
import type { EveryOfClient } from './kind.js';
import type { Request } from './request.js';

const never = Number.POSITIVE_INFINITY;

/** Where a client stands among the others: its random draws and its phase follow from that, whichever worker it lives in. */
export interface ClientPlace {
  readonly seed: number;
  /** Its number over all clients. */
  readonly index: number;
  readonly indexInKind: number;
  /** How many clients its kind has in the plan, at least one. */
  readonly kindClients: number;
}

interface Entry {
  readonly request: Request;
  readonly pacer: Pacer;
  /** The next send to make, and when it is due in run time. */
  n: number;
  dueUs: number;
}

/**
 * The open-loop sends of one client. Their times follow from the plan alone: they count from the run's begin (or its barrier), not from
 * when the client got there, so a client that comes late, or comes back, finds the place where it would be.
 */
export class OpenLoop {
  readonly #client: Client;
  readonly #entries: readonly Entry[];
  #running = false;

  constructor(client: Client, place: ClientPlace) {
    this.#client = client;
    this.#entries = client.kind.every.map((every, i) => ({
      request: every.request,
      pacer: pacerOf(every, i, place),
      n: 0,
      dueUs: never,
    }));
  }

  /** From `atUs` on, what is due is to be sent. Where it runs already, because the client was only lost for a while, it goes on. */
  start(atUs: number): void {
    if (this.#running) return;
    this.#running = true;
    const { beginUs } = this.#client.host.timeline;
    for (const entry of this.#entries) {
      entry.n = entry.pacer.firstFrom(atUs - beginUs);
      entry.dueUs = beginUs + entry.pacer.dueUs(entry.n);
    }
  }

  /** The rates have changed: what is not made yet is due at another time. */
  reschedule(): void {
    if (!this.#running) return;
    const { beginUs } = this.#client.host.timeline;
    for (const entry of this.#entries) entry.dueUs = beginUs + entry.pacer.dueUs(entry.n);
  }

  /** Nothing is due any more, until the next start. */
  stop(): void {
    this.#running = false;
  }

  /** The next time at which anything is due; infinite where that is not before `untilUs`. */
  nextDueUs(untilUs: number): number {
    if (!this.#running) return never;
    let nextUs = never;
    for (const { dueUs } of this.#entries) if (dueUs < nextUs) nextUs = dueUs;
    return nextUs < untilUs ? nextUs : never;
  }

  /**
   * Makes, of each kind of send, one that is due by `nowUs` and before `untilUs`, so that a long backlog cannot hold up what comes in:
   * whether there was any.
   */
  sendOne(nowUs: number, untilUs: number): boolean {
    return this.#takeOne(nowUs, untilUs, this.#client.playing ? null : 'not-connected');
  }

  /** Counts what was due by `nowUs`, and has not been made, as dropped. */
  dropOverdue(nowUs: number, untilUs: number): void {
    while (this.#takeOne(nowUs, untilUs, 'overdue'));
  }

  /** `dropCause`: null where the sends are to be made. */
  #takeOne(nowUs: number, untilUs: number, dropCause: DropCause | null): boolean {
    if (!this.#running) return false;
    const { host, kind } = this.#client;
    let taken = false;
    for (const entry of this.#entries) {
      const { dueUs } = entry;
      if (dueUs > nowUs || dueUs >= untilUs) continue;
      entry.dueUs = host.timeline.beginUs + entry.pacer.dueUs(++entry.n);
      if (dropCause === null) entry.request.send(this.#client, dueUs, null);
      else entry.request.drop(host, kind, dueUs, dropCause);
      taken = true;
    }
    return taken;
  }
}

function pacerOf(
  { plan, curve }: EveryOfClient,
  entry: number,
  { seed, index, indexInKind, kindClients }: ClientPlace,
): Pacer {
  if (plan.arrivals === 'poisson') {
    return poissonPacer(curve, () => RandomStream.of(seed, 'arrivals', index, entry));
  }
  // Clients beyond the plan's stand where the first of the plan's do.
  const evenPhase = (indexInKind % kindClients) / kindClients;
  const phase = plan.phase === 'even' ? evenPhase : RandomStream.of(seed, 'phase', index, entry).next();
  return constantPacer(curve, phase);
}
