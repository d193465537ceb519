import type { Recorder } from '../metrics/recorder.js';
import type { PacketSet, Protocol } from '../packets/index.js';
import type { ClientKindPlan } from '../scenario/plan.js';
import { lineMatcher, StepCompiler } from './compile.js';
import type { Program } from './cursor.js';
import { type KindMeters, kindMeters } from './meters.js';
import type { Request } from './request.js';
import { buildRoutes, type LineAnswer, type PacketAnswer, type Route, type Routes } from './route.js';

/** One kind of client, compiled once in each worker; the clients of the kind share it. */
export class Kind {
  readonly name: string;
  readonly plan: ClientKindPlan;
  readonly meters: KindMeters;
  readonly start: Program;
  /** Null where the kind has no loop. */
  readonly loop: Program | null;
  readonly every: readonly { readonly intervalUs: number; readonly request: Request }[];
  /** True where a client has nothing left to do once its start list is done: the server may then hang up on it. */
  readonly endsWithStart: boolean;
  readonly lineAnswers: readonly LineAnswer[];
  /** How many requests the lists have: each client counts them. */
  readonly requests: number;
  readonly #routes: Routes;
  readonly #recorder: Recorder;

  constructor(plan: ClientKindPlan, protocol: Protocol, packets: PacketSet, recorder: Recorder) {
    this.name = plan.name;
    this.plan = plan;
    this.#recorder = recorder;
    this.meters = kindMeters(recorder, plan.name);
    const compiler = new StepCompiler(protocol, packets, recorder, plan.name);
    this.start = compiler.program('start', plan.start);
    this.loop = plan.loop.length === 0 ? null : compiler.program('loop', plan.loop);
    this.every = plan.every.map(({ intervalMs, send }) => ({
      intervalUs: intervalMs * 1000,
      request: compiler.request(send, 'open'),
    }));
    this.endsWithStart = this.loop === null && this.every.length === 0 && plan.on.length === 0;
    const packetAnswers: PacketAnswer[] = [];
    const lineAnswers: LineAnswer[] = [];
    for (const { match, fields, steps } of plan.on) {
      const program = compiler.program('on', steps, compiler.replyTo(match));
      if (match.kind === 'packet') packetAnswers.push({ packet: match.packet, fields, program });
      else lineAnswers.push({ line: lineMatcher(match), program });
    }
    this.lineAnswers = lineAnswers;
    this.requests = compiler.requests;
    this.#routes = buildRoutes({
      protocol,
      packets,
      expectations: compiler.expectations,
      answers: packetAnswers,
      received: (packet) => recorder.counter('packets_received', { packet, client: plan.name }),
    });
  }

  /** Where a frame goes: by its id, or, where frames have none, to the lines. Undefined for a packet that is not defined. */
  routeOf(id: number): Route | undefined {
    return id < 0 ? this.#routes.lines : this.#routes.packets[id];
  }

  /** How many maps a client needs to find what it waits for by the fields of `where`. */
  get keyMaps(): number {
    return this.#routes.keyMaps;
  }

  countUnknownPacket(): void {
    this.#recorder.counter('packets_received', { packet: 'unknown', client: this.name }).add(1);
  }

  /** The row of the kind's data that its client `indexInKind` uses, by column; empty where there is no data. */
  dataRow(indexInKind: number): Readonly<Record<string, string>> {
    const { data } = this.plan;
    const row = data?.rows[indexInKind % data.rows.length];
    if (data === null || row === undefined) return {};
    return Object.fromEntries(data.columns.map((column, i) => [column, row[i] ?? '']));
  }
}
