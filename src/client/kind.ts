import type { PacketSessionOptions } from '../core/index.js';
import type { Rate, RateCurve } from '../load/rate.js';
import type { Recorder } from '../metrics/recorder.js';
import type { PacketSet, Protocol } from '../packets/index.js';
import type { BroadcastPlan, ClientKindPlan, EveryPlan } from '../scenario/plan.js';
import {
  ClientSession,
  type FaultsFactory,
  type MakeSession,
  type PlayFaults,
  type SessionFactory,
} from './client-session.js';
import { frameMatcher, StepCompiler } from './compile.js';
import type { Program } from './cursor.js';
import type { DriverFactory, MakeDriver } from './driver.js';
import { type KindMeters, kindMeters } from './meters.js';
import type { Request } from './request.js';
import { buildRoutes, type FrameAnswer, type PacketAnswer, type Route, type Routes } from './route.js';

/** What the kinds of a plan share. */
export interface KindSurroundings {
  readonly protocol: Protocol;
  readonly packets: PacketSet;
  readonly sessionOptions: PacketSessionOptions;
  /** What each connection begins with. */
  readonly preamble: Uint8Array;
  /** The broadcasts of the whole plan: every kind may hear them. */
  readonly broadcasts: readonly BroadcastPlan[];
  readonly recorder: Recorder;
  /** What response time forgives the timer. */
  readonly allowanceUs: number;
  /** A rate as it is followed by each client from the begin of play on: scaled by whoever steers the run. */
  readonly scaled: (rate: Rate) => RateCurve;
  /** Of the kinds that have a bot, what drives them, by the kind's name. */
  readonly drivers?: ReadonlyMap<string, DriverFactory>;
  /** How sessions are made; plain ones where nothing is said. */
  readonly sessions?: SessionFactory | undefined;
  /** What plays the faults of kinds that have some; without it none are played. */
  readonly faults?: FaultsFactory | undefined;
}

/** An open-loop send, compiled. */
export interface Every {
  readonly plan: EveryPlan;
  readonly request: Request;
}

/** One that each client makes on its own clock. */
export interface EveryOfClient extends Every {
  /** How often: one curve for all clients of the kind. */
  readonly curve: RateCurve;
}

/** One kind of client, compiled once in each worker; the clients of the kind share it. */
export class Kind {
  readonly name: string;
  readonly plan: ClientKindPlan;
  readonly meters: KindMeters;
  readonly makeSession: MakeSession;
  /** Null where its clients behave. */
  readonly playFaults: PlayFaults | null;
  readonly preamble: Uint8Array;
  readonly start: Program;
  /** Null where the kind has no loop. */
  readonly loop: Program | null;
  /** What each client sends on its own clock. */
  readonly every: readonly EveryOfClient[];
  /** What all clients of the kind send together, on one clock. */
  readonly together: readonly Every[];
  /** True where a client has nothing left to do once its start list is done: the server may then hang up on it. */
  readonly endsWithStart: boolean;
  /** Null where lists drive the clients. */
  readonly makeDriver: MakeDriver | null;
  /** How many requests the lists have: each client counts them. */
  readonly requests: number;
  readonly #routes: Routes;

  constructor(plan: ClientKindPlan, surroundings: KindSurroundings) {
    const shared = plan.faults.length === 0 ? surroundings : apart(surroundings);
    const { protocol, broadcasts, recorder } = shared;
    this.name = plan.name;
    this.plan = plan;
    this.preamble = shared.preamble;
    this.meters = kindMeters(recorder, plan.name);
    this.makeSession =
      shared.sessions?.(this, shared) ?? ((client) => new ClientSession(client, shared.sessionOptions));
    this.playFaults = plan.faults.length === 0 ? null : (shared.faults?.(this, shared) ?? null);
    const compiler = new StepCompiler(plan.name, shared);
    this.start = compiler.program('start', plan.start);
    this.loop = plan.loop.length === 0 ? null : compiler.program('loop', plan.loop);
    const every = plan.every.map((entry) => ({ plan: entry, request: compiler.request(entry.send, 'open') }));
    this.every = every
      .filter(({ plan: { per } }) => per === 'client')
      .map((entry) => ({ ...entry, curve: shared.scaled(entry.plan.rate) }));
    this.together = every.filter(({ plan: { per } }) => per === 'swarm');
    const driver = shared.drivers?.get(plan.name);
    const hasNothingLeft = driver === undefined && this.loop === null && every.length === 0 && plan.on.length === 0;
    // Who plays faults goes on with them.
    this.endsWithStart = hasNothingLeft && this.playFaults === null;
    const packetAnswers: PacketAnswer[] = [];
    const frameAnswers: FrameAnswer[] = [];
    for (const { match, fields, steps } of plan.on) {
      const program = compiler.program('on', steps, compiler.replyTo(match));
      if (match.kind === 'packet') packetAnswers.push({ packet: match.packet, fields, program });
      else frameAnswers.push({ frame: frameMatcher(match), program });
    }
    // Drivers number their sends themselves, if at all.
    this.requests = driver === undefined ? compiler.requests : 1;
    this.#routes = buildRoutes({
      protocol,
      expectations: compiler.expectations,
      answers: packetAnswers,
      frameAnswers,
      broadcasts,
      heard: driver !== undefined,
      broadcastTime: (packet) => recorder.trend('broadcast_time', { packet, client: plan.name }),
      received: (packet) => ({
        received: recorder.counter('packets_received', { packet, client: plan.name }),
        receivedBytes: recorder.counter('packet_data_received', { packet, client: plan.name }),
      }),
    });
    this.makeDriver = driver?.(this, shared) ?? null;
  }

  /** Where packets of `route` are waited for; for drivers, see `Routes`. */
  placeOf(route: Route, whereFields: readonly string[]): number {
    return this.#routes.placeOf(route, whereFields);
  }

  /** Where a frame goes: by its id, or, where frames have none, the one way. Undefined for a packet that is not defined. */
  routeOf(id: number): Route | undefined {
    return id < 0 ? this.#routes.frames : this.#routes.packets[id];
  }

  /** How many maps a client needs to find what it waits for by the fields of `where`. */
  get keyMaps(): number {
    return this.#routes.keyMaps;
  }

  /** A kind of failure as its samples are named: those of clients with faults stand apart. */
  sampleName(failure: string): string {
    return this.playFaults === null ? failure : `${this.name}: ${failure}`;
  }

  /** The row of the kind's data that its client `indexInKind` uses, by column; empty where there is no data. */
  dataRow(indexInKind: number): Readonly<Record<string, string>> {
    const { data } = this.plan;
    const row = data?.rows[indexInKind % data.rows.length];
    if (data === null || row === undefined) return {};
    return Object.fromEntries(data.columns.map((column, i) => [column, row[i] ?? '']));
  }
}

/** For sessions with faults, which are played on one packet after the other. */
function apart(surroundings: KindSurroundings): KindSurroundings {
  return { ...surroundings, sessionOptions: { ...surroundings.sessionOptions, keepsPacketsApart: true } };
}
