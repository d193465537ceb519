import { Client } from '../client/client.js';
import { clientSessionOptions, type SessionFactory } from '../client/client-session.js';
import type { DriverFactory } from '../client/driver.js';
import type { ClientHost } from '../client/host.js';
import { Kind } from '../client/kind.js';
import type { ToWorker } from '../control/messages.js';
import { dealKinds } from '../load/deal.js';
import type { ClientSchedule } from '../load/stages.js';
import type { Recorder } from '../metrics/recorder.js';
import { Protocol } from '../packets/index.js';
import type { BroadcastPlan } from '../scenario/plan.js';
import { Dealer } from './dealer.js';

export interface CastOptions {
  readonly host: ClientHost;
  readonly init: Extract<ToWorker, { type: 'init' }>;
  readonly broadcasts: readonly BroadcastPlan[];
  readonly recorder: Recorder;
  readonly schedule: ClientSchedule;
  readonly drivers: ReadonlyMap<string, DriverFactory>;
  readonly sessions: SessionFactory | undefined;
}

/** A worker's share of a plan. */
export interface Cast {
  readonly clients: readonly Client[];
  readonly dealers: readonly Dealer[];
}

/** Makes a worker's share of the plan's clients: every `workers`-th of them, with kinds dealt by weight over all. */
export function makeCast({ host, init, broadcasts, recorder, schedule, drivers, sessions }: CastOptions): Cast {
  const { plan, worker, workers } = init;
  const protocol = new Protocol(plan.protocol);
  const { allowanceUs } = host;
  const { packets } = plan.protocol;
  const sessionOptions = clientSessionOptions(plan.protocol);
  const preamble = Buffer.from(plan.protocol.preamble);
  const shared = { protocol, packets, sessionOptions, preamble, broadcasts, recorder, allowanceUs, drivers, sessions };
  const kinds = plan.kinds.map((kind) => new Kind(kind, shared));
  const dealt = dealKinds(
    plan.kinds.map(({ weight }) => weight),
    plan.load.maxClients,
  );
  const counts = kinds.map(() => 0);
  const places = [...dealt].map((kindIndex, index) => {
    const indexInKind = counts[kindIndex] as number;
    counts[kindIndex] = indexInKind + 1;
    return { index, kindIndex, indexInKind };
  });
  const mine = places.filter(({ index }) => index % workers === worker);
  const { seed, env } = plan;
  const clients = mine.map(({ index, kindIndex, indexInKind }) => {
    const kind = kinds[kindIndex] as Kind;
    const kindClients = counts[kindIndex] as number;
    const stays = schedule.stays(index);
    return new Client({ index, indexInKind, kindClients, kind, host, stays, seed, env });
  });
  const fromUs = schedule.firstPeakMs * 1000;
  const dealers = kinds.flatMap((kind, kindIndex) => {
    const ofKind = mine.filter((place) => place.kindIndex === kindIndex).map(({ indexInKind }) => indexInKind);
    if (ofKind.length === 0) return [];
    const kindClients = counts[kindIndex] as number;
    return kind.together.map((every, entry) => {
      return new Dealer({ host, kind, every, entry, mine: ofKind, kindClients, seed, fromUs });
    });
  });
  return { clients, dealers };
}
