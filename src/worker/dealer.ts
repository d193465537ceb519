import type { Client } from '../client/client.js';
import type { ClientHost } from '../client/host.js';
import type { Every, Kind } from '../client/kind.js';
import { constantPacer, type Pacer, poissonPacer } from '../load/pacing.js';
import { RandomStream } from '../load/random.js';
import { slotOf } from '../load/slots.js';
import type { Sleeper } from './scheduler.js';

export interface DealerOptions {
  readonly host: ClientHost;
  readonly kind: Kind;
  readonly every: Every;
  /** The entry's number among those of its kind. */
  readonly entry: number;
  /** The clients of the kind that this worker has, by their numbers within the kind, in order; at least one. */
  readonly mine: readonly number[];
  /** How many clients the kind has over all workers. */
  readonly kindClients: number;
  readonly seed: number;
  /** When the first ramp has ended, in run time: everyone has been asked to connect. */
  readonly fromUs: number;
}

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

  constructor(options: DealerOptions) {
    this.#options = options;
    const { kind, every, entry, seed } = options;
    const { rate, arrivals } = every.plan;
    this.#pacer =
      arrivals === 'poisson'
        ? poissonPacer(rate, () => RandomStream.of(seed, 'slot arrivals', kind.name, entry))
        : constantPacer(rate, RandomStream.of(seed, 'slot phase', kind.name, entry).next());
    this.#nextUs = this.#slotUs();
  }

  /** When the next slot of this worker is due, in run time; infinite where none is, or while the barrier is closed. */
  get dueUs(): number {
    const { host, fromUs } = this.#options;
    const dueUs = Math.max(host.timeline.beginUs, fromUs) + this.#nextUs;
    return dueUs < host.timeline.rampDownUs ? dueUs : Number.POSITIVE_INFINITY;
  }

  /** `client` has begun to play. */
  onPlaying(client: Client): void {
    if (client.kind === this.#options.kind) this.#turns.add(client);
  }

  /** Deals one slot at a time, so that a backlog cannot hold up what comes in. */
  wake(nowUs: number): number {
    const { dueUs } = this;
    if (!this.#options.host.sending) return Number.POSITIVE_INFINITY;
    if (dueUs > nowUs) return dueUs;
    this.#dealt++;
    this.#nextUs = this.#slotUs();
    const { host, kind, every } = this.#options;
    const client = this.#next();
    if (client === undefined) every.request.drop(host, kind, dueUs, 'no-client');
    else every.request.send(client, dueUs, null);
    return this.dueUs;
  }

  /** Deals all that was due by `nowUs`, before the sends stop. */
  finish(nowUs: number): void {
    for (let dueUs = this.dueUs; dueUs <= nowUs; dueUs = this.wake(nowUs));
  }

  #slotUs(): number {
    const { mine, kindClients } = this.#options;
    return this.#pacer.dueUs(slotOf(this.#dealt, mine, kindClients));
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
