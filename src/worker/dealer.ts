import type { Client } from '../client/client.js';
import type { ClientHost } from '../client/host.js';
import type { Every, Kind } from '../client/kind.js';
import { constantPacer, type Pacer, poissonPacer } from '../load/pacing.js';
import { RandomStream } from '../load/random.js';
import { rateCurve } from '../load/rate.js';
import { slotOf, slotsBefore } from '../load/slots.js';
import type { DropCause } from '../metrics/catalog.js';
import type { Sleeper } from './scheduler.js';

export interface DealerOptions {
  readonly host: ClientHost;
  readonly kind: Kind;
  readonly every: Every;
  /** The entry's number among those of its kind. */
  readonly entry: number;
  readonly share: SlotShare;
  readonly seed: number;
  /** When the first ramp has ended, in run time: everyone has been asked to connect. */
  readonly fromUs: number;
}

/** Which clients the slots are meant for, from `fromMs` of plan time on. */
export interface SlotShare {
  readonly fromMs: number;
  /** Those of this worker, by their numbers within the kind, in order. */
  readonly mine: readonly number[];
  /** How many there are over all workers. */
  readonly clients: number;
}

const never = Number.POSITIVE_INFINITY;

/**
 * Deals this worker's slots of one `totalRate` in turn to the clients of the kind that are playing. The slots are due from the end of
 * the first ramp until the last descent begins, while the plan has everyone there; one that finds nobody is a dropped send.
 */
export class Dealer implements Sleeper {
  ticket = -1;
  readonly #options: DealerOptions;
  readonly #pacer: Pacer;
  /** Those who began to play, the next in turn first; who has left since is found out when the turn comes. */
  readonly #turns = new Set<Client>();
  /** The slots dealt so far, and when the next is due, counted from the first moment at which any can be. */
  #dealt = 0;
  #nextUs: number;
  #share: SlotShare;
  #sharesToCome: readonly SlotShare[] = [];

  constructor(options: DealerOptions) {
    this.#options = options;
    const { host, kind, every, entry, share, seed } = options;
    const { arrivals } = every.plan;
    const rate = host.rateFactor.scaled(rateCurve(every.plan.rate), () => this.#originUs);
    this.#share = share;
    this.#pacer =
      arrivals === 'poisson'
        ? poissonPacer(rate, () => RandomStream.of(seed, 'slot arrivals', kind.name, entry))
        : constantPacer(rate, RandomStream.of(seed, 'slot phase', kind.name, entry).next());
    this.#nextUs = this.#slotUs();
  }

  /** When to wake it next, in run time: for the next slot of this worker, or because they are shared anew; infinite where neither is known. */
  get dueUs(): number {
    return Math.min(this.#slotDueUs, this.#nextShareUs);
  }

  /** The rates have changed, or their beginning is known: the next slot is due at another time. */
  reschedule(): void {
    this.#nextUs = this.#slotUs();
  }

  /** From a time to come on the slots are shared like this; what was to come after that is off. */
  shareAnew(share: SlotShare): void {
    this.#sharesToCome = [...this.#sharesToCome.filter(({ fromMs }) => fromMs < share.fromMs), share];
  }

  get kind(): Kind {
    return this.#options.kind;
  }

  /** `client` has begun to play. */
  onPlaying(client: Client): void {
    if (client.kind === this.#options.kind) this.#turns.add(client);
  }

  /** Deals one slot at a time, so that a backlog cannot hold up what comes in. */
  wake(nowUs: number): number {
    if (!this.#options.host.sending) return never;
    if (this.#sharesToCome.length > 0) this.#shareIfDue(nowUs);
    const dueUs = this.#slotDueUs;
    if (dueUs > nowUs) return this.dueUs;
    this.#toNextSlot();
    const client = this.#next();
    if (client === undefined) this.#drop(dueUs, 'no-client');
    else this.#options.every.request.send(client, dueUs, null);
    return this.dueUs;
  }

  /** Deals one slot that was due by `nowUs`: whether there was any. */
  sendOverdue(nowUs: number): boolean {
    const isDue = this.dueUs <= nowUs;
    if (isDue) this.wake(nowUs);
    return isDue;
  }

  /** The run's sends end at `nowUs`: slots that were due before and are not dealt are dropped. */
  endSends(nowUs: number): void {
    for (;;) {
      if (this.#sharesToCome.length > 0) this.#shareIfDue(nowUs);
      const dueUs = this.#slotDueUs;
      if (dueUs > nowUs) return;
      this.#toNextSlot();
      this.#drop(dueUs, 'overdue');
    }
  }

  #toNextSlot(): void {
    this.#dealt++;
    this.#nextUs = this.#slotUs();
  }

  #drop(dueUs: number, cause: DropCause): void {
    const { host, kind, every } = this.#options;
    every.request.drop(host, kind, dueUs, cause);
  }

  /** What its times count from: infinite while the barrier is closed. */
  get #originUs(): number {
    const { host, fromUs } = this.#options;
    return Math.max(host.timeline.beginUs, fromUs);
  }

  get #slotDueUs(): number {
    const dueUs = this.#originUs + this.#nextUs;
    return dueUs < this.#options.host.timeline.rampDownUs ? dueUs : never;
  }

  get #nextShareUs(): number {
    const next = this.#sharesToCome[0];
    return next === undefined ? never : this.#options.host.timeline.toRunUs(next.fromMs);
  }

  /** Once the slots due before are dealt, so that each goes to exactly one worker. */
  #shareIfDue(nowUs: number): void {
    for (let fromUs = this.#nextShareUs; fromUs <= nowUs && fromUs <= this.#slotDueUs; fromUs = this.#nextShareUs) {
      const [share, ...later] = this.#sharesToCome as readonly [SlotShare, ...SlotShare[]];
      this.#share = share;
      this.#sharesToCome = later;
      this.#dealt = slotsBefore(this.#pacer.firstFrom(fromUs - this.#originUs), share.mine, share.clients);
      this.#nextUs = this.#slotUs();
    }
  }

  #slotUs(): number {
    const { mine, clients } = this.#share;
    return mine.length === 0 ? never : this.#pacer.dueUs(slotOf(this.#dealt, mine, clients));
  }

  #next(): Client | undefined {
    for (const client of this.#turns) {
      this.#turns.delete(client);
      if (!client.playing) continue;
      this.#turns.add(client);
      return client;
    }
    return undefined;
  }
}
