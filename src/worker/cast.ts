import { Client } from '../client/client.js';
import { clientSessionOptions, type FaultsFactory, type SessionFactory } from '../client/client-session.js';
import type { DriverFactory } from '../client/driver.js';
import type { ClientHost } from '../client/host.js';
import { Kind } from '../client/kind.js';
import type { ToWorker } from '../control/messages.js';
import type { Clock } from '../core/index.js';
import { dealKinds, workerOf } from '../load/deal.js';
import { type Rate, rateCurve } from '../load/rate.js';
import type { ClientSchedule } from '../load/stages.js';
import { SteeredSchedule } from '../load/steered-schedule.js';
import type { Recorder } from '../metrics/recorder.js';
import { Protocol } from '../packets/index.js';
import type { BroadcastPlan } from '../scenario/plan.js';
import { Dealer, type SlotShare } from './dealer.js';

export interface CastOptions {
  readonly host: ClientHost;
  readonly clock: Clock;
  readonly init: Extract<ToWorker, { type: 'init' }>;
  readonly broadcasts: readonly BroadcastPlan[];
  readonly recorder: Recorder;
  readonly schedule: ClientSchedule;
  readonly drivers: ReadonlyMap<string, DriverFactory>;
  readonly sessions: SessionFactory | undefined;
  readonly faults: FaultsFactory;
}

/** One client of the whole run. */
interface Place {
  /** Counts over all clients. */
  readonly index: number;
  readonly kindIndex: number;
  readonly indexInKind: number;
}

/** Clients that were added have so long to connect and to play their start list before slots of a total rate are meant for them. */
const settleMs = 1000;

/** A worker's share of the plan's clients: every `workers`-th of them, with kinds dealt by weight over all; and of those who are added. */
export class Cast {
  readonly dealers: readonly Dealer[];
  readonly #options: CastOptions;
  readonly #kinds: readonly Kind[];
  readonly #clients: Client[] = [];
  readonly #schedule: SteeredSchedule;
  /** How many clients each kind has in the plan, by its number. */
  readonly #planned: readonly number[];
  /** How many clients the slots of total rates are meant for, from a plan time on. */
  #shares: readonly { readonly fromMs: number; readonly clients: number }[];

  constructor(options: CastOptions) {
    this.#options = options;
    const { host, init, schedule } = options;
    const { plan } = init;
    const { maxClients } = plan.load;
    this.#schedule = new SteeredSchedule(schedule);
    this.#shares = [{ fromMs: 0, clients: maxClients }];
    this.#kinds = kindsOf(options);
    const places = this.#places(maxClients);
    this.#planned = this.#kinds.map((_, kindIndex) => places.filter((place) => place.kindIndex === kindIndex).length);
    const mine = places.filter((place) => this.#isMine(place));
    for (const place of mine) this.#clients.push(this.#client(place, schedule.stays(place.index)));
    const { seed } = plan;
    const fromUs = schedule.firstPeakMs * 1000;
    this.dealers = this.#kinds.flatMap((kind, kindIndex) => {
      const share = this.#shareOf(kindIndex, places, 0);
      return kind.together.map((every, entry) => new Dealer({ host, kind, every, entry, share, seed, fromUs }));
    });
  }

  /** In the order of their numbers. */
  get clients(): readonly Client[] {
    return this.#clients;
  }

  /** How many clients more than planned there are to be, or fewer. */
  get clientsBy(): number {
    return this.#schedule.by;
  }

  /** From `atUs` on, in run time, there are to be `by` clients more than planned, or fewer, over all workers. */
  changeClients(by: number, atUs: number): void {
    const { host, init } = this.#options;
    const atMs = host.timeline.toPlanMs(atUs);
    const wanted = init.plan.load.maxClients + by;
    const places = this.#places(Math.max(wanted, init.plan.load.maxClients));
    const known = this.#clients.at(-1)?.index ?? -1;
    for (const place of places) {
      if (place.index > known && this.#isMine(place)) this.#clients.push(this.#client(place, []));
    }
    this.#schedule.change(atMs, by);
    for (const client of this.#clients) client.replan(this.#schedule.stays(client.index), atMs, atUs);
    this.#shareAnew(places.slice(0, wanted), atMs);
  }

  /** Who is removed has no more slots at once; who is added gets some once it may be there, or others who were to be there then as well. */
  #shareAnew(places: readonly Place[], atMs: number): void {
    const clients = places.length;
    const present = this.#shares.findLast(({ fromMs }) => fromMs <= atMs)?.clients ?? 0;
    const overtaken = this.#shares.find((share) => share.fromMs > atMs && share.clients >= clients);
    const addedMs = overtaken?.fromMs ?? this.#schedule.completeMs + settleMs;
    const fromMs = clients <= present ? atMs : addedMs;
    this.#shares = [...this.#shares.filter((share) => share.fromMs < fromMs), { fromMs, clients }];
    for (const dealer of this.dealers) {
      dealer.shareAnew(this.#shareOf(this.#kinds.indexOf(dealer.kind), places, fromMs));
    }
  }

  #shareOf(kindIndex: number, places: readonly Place[], fromMs: number): SlotShare {
    const ofKind = places.filter((place) => place.kindIndex === kindIndex);
    const mine = ofKind.filter((place) => this.#isMine(place)).map(({ indexInKind }) => indexInKind);
    return { fromMs, mine, clients: ofKind.length };
  }

  /** The first `total` clients of the run: the first are the same for every total. */
  #places(total: number): readonly Place[] {
    const weights = this.#options.init.plan.kinds.map(({ weight }) => weight);
    const counts = weights.map(() => 0);
    return [...dealKinds(weights, total)].map((kindIndex, index) => {
      const indexInKind = counts[kindIndex] as number;
      counts[kindIndex] = indexInKind + 1;
      return { index, kindIndex, indexInKind };
    });
  }

  /** A worker that has no client of the plan's ends early: it gets none that is added either. */
  #isMine({ index }: Place): boolean {
    const { plan, worker, workers } = this.#options.init;
    return workerOf(index, workers, plan.load.maxClients) === worker;
  }

  #client({ index, kindIndex, indexInKind }: Place, stays: ReturnType<ClientSchedule['stays']>): Client {
    const { host, init } = this.#options;
    const { seed, env } = init.plan;
    const kind = this.#kinds[kindIndex] as Kind;
    const kindClients = Math.max(1, this.#planned[kindIndex] as number);
    return new Client({ index, indexInKind, kindClients, kind, host, stays, seed, env });
  }
}

/** The kinds of the plan, compiled. */
function kindsOf({ host, clock, init, broadcasts, recorder, drivers, sessions, faults }: CastOptions): readonly Kind[] {
  const { plan } = init;
  const shared = {
    protocol: new Protocol(plan.protocol),
    packets: plan.protocol.packets,
    sessionOptions: clientSessionOptions(plan.protocol, clock),
    preamble: Buffer.from(plan.protocol.preamble),
    broadcasts,
    recorder,
    allowanceUs: host.allowanceUs,
    scaled: (rate: Rate) => host.rateFactor.scaled(rateCurve(rate), () => host.timeline.beginUs),
    drivers,
    sessions,
    faults,
  };
  return plan.kinds.map((kind) => new Kind(kind, shared));
}
